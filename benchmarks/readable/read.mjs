// Reads pictures from stdin with the decoder named on the command line: width and height as 32-bit numbers, then a byte
// of grey for each pixel. Answers each with a line of JSON: the text, or null.
import {
  BinaryBitmap,
  DecodeHintType,
  GlobalHistogramBinarizer,
  HybridBinarizer,
  QRCodeReader,
  RGBLuminanceSource,
} from "@zxing/library";
import jsqr from "jsqr";

const hints = new Map([[DecodeHintType.TRY_HARDER, true]]);

/** As its own apps do: by the surroundings of each point, then by one threshold. */
function zxing(grey, width, height) {
  for (const Binarizer of [HybridBinarizer, GlobalHistogramBinarizer]) {
    const picture = new BinaryBitmap(new Binarizer(new RGBLuminanceSource(grey, width, height)));
    try {
      return new QRCodeReader().decode(picture, hints).getText();
    } catch {
      // not found this way
    }
  }
  return null;
}

function jsQR(grey, width, height) {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let place = 0; place < width * height; place++) pixels.fill(grey[place], place * 4, place * 4 + 3);
  return jsqr.default(pixels, width, height)?.data ?? null;
}

const read = { ZXing: zxing, jsQR }[process.argv[2]];
let waiting = Buffer.alloc(0);
for await (const piece of process.stdin) {
  waiting = Buffer.concat([waiting, piece]);
  while (waiting.length >= 8) {
    const [width, height] = [waiting.readUInt32BE(0), waiting.readUInt32BE(4)];
    const end = 8 + width * height;
    if (waiting.length < end) break;
    const text = read(new Uint8ClampedArray(waiting.subarray(8, end)), width, height);
    waiting = waiting.subarray(end);
    process.stdout.write(`${JSON.stringify(text)}\n`);
  }
}
