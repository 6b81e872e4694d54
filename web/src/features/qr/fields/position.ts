export type Position = { latitude: string; longitude: string };

const NUMBER = String.raw`(-?\d{1,3}(?:\.\d+)?)`;
const PAIR = new RegExp(`^\\s*\\(?${NUMBER}\\s*[,;\\s]\\s*${NUMBER}\\)?\\s*$`);
/** Where maps' addresses have the place: `!3d…!4d…` is the pin itself, `@…` only the middle of the map. */
const IN_ADDRESS = [
  new RegExp(`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(`[?&](?:q|query|ll|destination|daddr)=(?:loc:)?${NUMBER}(?:,|%2C)\\s*${NUMBER}`, "i"),
  new RegExp(`[?&#]mlat=${NUMBER}&mlon=${NUMBER}`),
  new RegExp(`@${NUMBER},${NUMBER}`),
  new RegExp(`^geo:${NUMBER},${NUMBER}`, "i"),
];

/** The place in what was pasted: two numbers, or the address of a map. */
export function positionIn(text: string): Position | null {
  const looks = /^(https?:|geo:)/i.test(text.trim()) ? IN_ADDRESS : [PAIR];
  for (const look of looks) {
    const [, latitude, longitude] = look.exec(text.trim()) ?? [];
    if (latitude && longitude && Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180)
      return { latitude, longitude };
  }
  return null;
}
