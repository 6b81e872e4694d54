// Draws the same styled code as SVG again and again with qr-code-styling; prints milliseconds of each run.
import { JSDOM } from "jsdom";
import QRCodeStyling from "qr-code-styling";

const [payload, rounds] = [process.argv[2], Number(process.argv[3])];
const times = [];
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const code = new QRCodeStyling({
    jsdom: JSDOM,
    type: "svg",
    width: 1024,
    height: 1024,
    data: payload,
    qrOptions: { errorCorrectionLevel: "Q" },
    dotsOptions: { color: "#12355b", type: "rounded" },
    cornersSquareOptions: { color: "#7a0019", type: "extra-rounded" },
  });
  await code.getRawData("svg");
  times.push(performance.now() - began);
}
console.log(JSON.stringify(times));
