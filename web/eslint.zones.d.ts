import type { Linter } from "eslint";

export const zones: Linter.Config;
