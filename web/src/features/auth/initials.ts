/** Up to two letters of a name, in any script: whole signs, so that Hindi vowels stay with their letters. */
export function initialsOf(name: string): string {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const first = (word: string) => [...segmenter.segment(word)][0]?.segment ?? "";
  const words = name
    .replace(/@.*/, "")
    .split(/[\s._-]+/)
    .filter(Boolean);
  const latin = /^[\p{Script=Latin}]/u.test(words[0] ?? "");
  return words
    .slice(0, latin ? 2 : 1)
    .map(first)
    .join("")
    .toLocaleUpperCase();
}
