import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Code } from "@/lib/api/types";

type Words = { title: MessageDescriptor; use: MessageDescriptor };

/** What each file is good for. */
const WORDS: Record<string, Words> = {
  png: { title: msg`PNG`, use: msg`Picture for phone, web and chat` },
  pdf: { title: msg`PDF`, use: msg`For the printer and the print shop` },
  svg: { title: msg`SVG`, use: msg`For Word, design programs and sign makers; any size` },
  jpg: { title: msg`JPEG`, use: msg`Where only photos are taken` },
  webp: { title: msg`WebP`, use: msg`Small picture for websites` },
  eps: { title: msg`EPS`, use: msg`For print shops with older programs` },
};
const ORDER = ["png", "pdf", "svg", "jpg", "webp", "eps"];
const RASTER = new Set(["png", "jpg", "webp"]);

export const isRaster = (format: string) => RASTER.has(format);

export function wordsOf(format: string): Words | undefined {
  return WORDS[format];
}

/** The formats the server offers, the usual ones first. */
export function offered(formats: readonly string[]): string[] {
  return ORDER.filter((format) => formats.includes(format));
}

/** The format that suits a use best, of those there are. */
export function bestFor(paper: boolean, formats: string[]): string {
  const wanted = paper ? ["pdf", "svg", "png"] : ["png", "svg"];
  return wanted.find((format) => formats.includes(format)) ?? formats[0] ?? "png";
}

/** The formats a code's pictures are offered in. */
export function formatsOf(code: Code): string[] {
  return offered(Object.keys(code.images));
}
