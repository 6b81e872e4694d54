import { msg } from "@lingui/core/macro";

import type { Design } from "@/lib/api/types";

import { colorOf, fillOf } from "./look/design";

/** Ready colours, each dark enough on white for every camera. */
export const COLOURS = [
  { value: "#12211f", name: msg`Ink` },
  { value: "#0b5a5f", name: msg`Peacock` },
  { value: "#a8324e", name: msg`Rose` },
  { value: "#1f2f6b", name: msg`Night` },
  { value: "#14532d", name: msg`Leaf` },
];

/** Ready backgrounds, each light enough under every ready colour. */
export const PAPERS = [
  { value: "#ffffff", name: msg`White` },
  { value: "#fff6e5", name: msg`Cream` },
  { value: "#e8f4f3", name: msg`Mint` },
  { value: "#fdecef", name: msg`Blush` },
  { value: "#eef1fb", name: msg`Sky` },
];

export const START_COLOUR = "#12211f";
export const PLAIN: Design = { modules: { shape: "square", fill: { color: START_COLOUR } } };

export function colourOf(design: Design): string {
  return colorOf(fillOf(design, "dots"));
}

export function withColour(design: Design, color: string): Design {
  return { ...design, modules: { ...design.modules, fill: { color } } };
}
