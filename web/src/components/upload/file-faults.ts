import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";

import { ApiProblem, NetworkProblem } from "@/lib/api/problem";

/** Why a file was not taken, and what to do, by the server's stable words. */
const FAULTS: Record<string, MessageDescriptor> = {
  file_empty: msg`This file is empty. Choose it again.`,
  file_unknown: msg`This is neither a picture nor a PDF. Choose a JPEG, PNG, WebP, GIF, AVIF, SVG or PDF.`,
  file_heic: msg`This photo is a HEIC, which many phones cannot open. Share it as JPEG, then choose that.`,
  file_office: msg`Not every phone can open this document. Save it as PDF, then choose that.`,
  file_video: msg`Video and sound cannot be uploaded here. Choose a picture or a PDF.`,
  file_broken: msg`This file is damaged or incomplete. Save or send it again, then choose that.`,
  file_animated: msg`This picture moves. Choose a still picture.`,
  file_locked: msg`This PDF opens only with a password. Save it without one.`,
  file_too_slow: msg`This file takes too long to read. Save it in a simpler form.`,
  file_too_many_pixels: msg`This picture is too large. Make it smaller: 4,000 pixels on its longer side are plenty.`,
  file_too_many_pages: msg`This PDF has too many pages. Choose the part that visitors need.`,
  file_too_large: msg`This file is too large. Make it smaller, or choose another one.`,
  too_large: msg`This file is too large. Make it smaller, or choose another one.`,
  quota_exceeded: msg`There is no room left for files. Delete some that are not used any more.`,
  svg_entities: msg`This drawing is not safe to open. Export it as plain SVG, or as PNG.`,
  svg_too_complex: msg`This drawing is too complicated. Simplify it, or export it as PNG.`,
  svg_empty: msg`Nothing is left to see in this drawing once what is unsafe is taken out. Export it as PNG.`,
  svg_no_size: msg`This drawing does not say how large it is. Export it with a width and a height.`,
  other_kind: msg`A picture can only be replaced by a picture, and a PDF by a PDF. Choose another file instead.`,
  upload_ended: msg`This upload is too old to go on. Choose the file again.`,
};

/** The words for a file that did not arrive. */
export function useFileFault() {
  const { t } = useLingui();
  return (error: unknown): string => {
    if (error instanceof NetworkProblem)
      return t`No network. What arrived is kept: go on when you are online.`;
    if (!(error instanceof ApiProblem)) return t`This did not work. Try again.`;
    const known = [...error.faults.map(({ code }) => code), error.code].find((code) => code in FAULTS);
    const words = known ? FAULTS[known] : undefined;
    return words ? t(words) : error.message;
  };
}

/** Whether the same file can go on; a refused one is chosen anew. */
export function canGoOn(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status >= 500 || error.status === 429;
}
