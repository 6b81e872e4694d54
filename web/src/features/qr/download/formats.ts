import type { DesignOptions } from "@/lib/api/types";

export type Format = DesignOptions["formats"][number];

/** The order in which people look for them: screens, printers, then programs. */
const ORDER = ["png", "pdf", "svg", "jpg", "webp", "eps"];

/** The formats the server offers, the usual ones first; one that is new to us stands last. */
export function usualFirst(formats: readonly Format[]): Format[] {
  const place = ({ name }: Format) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...formats].sort((one, other) => place(one) - place(other));
}

/** The format that suits a use best: a picture for screens, the exact size for paper. */
export function bestFor(paper: boolean, formats: readonly Format[]): string {
  const wanted = paper ? ["pdf", "svg", "png"] : ["png", "svg"];
  return wanted.find((name) => formats.some((format) => format.name === name)) ?? "svg";
}
