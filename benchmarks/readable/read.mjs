// Reads pictures from stdin with jsQR: width and height as 32-bit numbers, then a byte of grey for each pixel.
// Answers each with a line of JSON: the text, or null.
import jsqr from "jsqr";

let waiting = Buffer.alloc(0);
for await (const piece of process.stdin) {
  waiting = Buffer.concat([waiting, piece]);
  while (waiting.length >= 8) {
    const [width, height] = [waiting.readUInt32BE(0), waiting.readUInt32BE(4)];
    const end = 8 + width * height;
    if (waiting.length < end) break;
    const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
    for (let place = 0; place < width * height; place++) pixels.fill(waiting[8 + place], place * 4, place * 4 + 3);
    waiting = waiting.subarray(end);
    process.stdout.write(`${JSON.stringify(jsqr.default(pixels, width, height)?.data ?? null)}\n`);
  }
}
