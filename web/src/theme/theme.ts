import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

/** Mantine wants ten shades; what people see comes from the tokens through `variantColorResolver`. */
const peacock: MantineColorsTuple = [
  "#EFF8F7",
  "#DDF0EF",
  "#B6DFDD",
  "#8CCDCB",
  "#5CC9C6",
  "#2E9296",
  "#0B6B70",
  "#095A5E",
  "#074A4E",
  "#06393D",
];

const looks: Record<string, ReturnType<VariantColorsResolver>> = {
  filled: {
    background: "var(--c-brand)",
    hover: "var(--c-brand-hover)",
    color: "var(--c-on-brand)",
    border: "1px solid transparent",
  },
  light: {
    background: "var(--c-brand-soft)",
    hover: "color-mix(in oklab, var(--c-brand-soft), var(--c-brand) 10%)",
    color: "var(--c-brand-text)",
    border: "1px solid transparent",
  },
  default: {
    background: "var(--c-surface)",
    hover: "var(--c-hover)",
    color: "var(--c-text)",
    border: "1px solid var(--c-control)",
  },
  subtle: {
    background: "transparent",
    hover: "var(--c-hover)",
    color: "var(--c-text-2)",
    border: "1px solid transparent",
  },
  transparent: {
    background: "transparent",
    hover: "transparent",
    color: "var(--c-brand-text)",
    border: "1px solid transparent",
  },
};

const danger: ReturnType<VariantColorsResolver> = {
  background: "var(--c-bad)",
  hover: "color-mix(in oklab, var(--c-bad), black 12%)",
  color: "var(--c-on-bad)",
  border: "1px solid transparent",
};

export const theme = createTheme({
  colors: { peacock },
  primaryColor: "peacock",
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--font-mono)",
  headings: { fontFamily: "var(--font)", fontWeight: "650" },
  defaultRadius: "md",
  radius: { xs: "var(--r-s)", sm: "var(--r-s)", md: "var(--r-m)", lg: "var(--r-l)", xl: "var(--r-xl)" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "20px", xl: "24px" },
  fontSizes: {
    xs: "var(--text-xs)",
    sm: "var(--text-s)",
    md: "var(--text-m)",
    lg: "var(--text-l)",
    xl: "var(--text-xl)",
  },
  shadows: { sm: "var(--sh-1)", md: "var(--sh-2)", lg: "var(--sh-3)", xl: "var(--sh-3)" },
  breakpoints: { xs: "30em", sm: "37.5em", md: "48em", lg: "67.5em", xl: "88em" },
  respectReducedMotion: true,
  cursorType: "pointer",
  variantColorResolver: (input) =>
    input.color === "bad" && input.variant === "filled"
      ? danger
      : (looks[input.variant] ?? defaultVariantColorsResolver(input)),
});

const shared = {
  "--mantine-color-body": "var(--c-canvas)",
  "--mantine-color-text": "var(--c-text)",
  "--mantine-color-bright": "var(--c-text)",
  "--mantine-color-dimmed": "var(--c-text-2)",
  "--mantine-color-placeholder": "var(--c-text-3)",
  "--mantine-color-anchor": "var(--c-brand-text)",
  "--mantine-color-error": "var(--c-bad-text)",
  "--mantine-color-default": "var(--c-surface)",
  "--mantine-color-default-hover": "var(--c-hover)",
  "--mantine-color-default-color": "var(--c-text)",
  "--mantine-color-default-border": "var(--c-control)",
  "--mantine-color-disabled": "var(--c-sunken)",
  "--mantine-color-disabled-color": "var(--c-text-3)",
  "--mantine-color-disabled-border": "transparent",
  "--mantine-primary-color-filled": "var(--c-brand)",
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--mantine-line-height": "var(--leading)" },
  light: shared,
  dark: shared,
});
