import boundaries from "eslint-plugin-boundaries";

/** What a zone may import of this application. */
const zone = (from, to) => ({
  from: { element: { type: from } },
  allow: { to: { element: { types: { anyOf: to } } } },
});

/** Routes compose features; features never see each other; what is shared lies in components and lib. */
export const zones = {
  files: ["src/**/*.{ts,tsx}"],
  plugins: { boundaries },
  settings: {
    "boundaries/include": ["src/**/*"],
    "boundaries/elements": [
      { type: "feature", pattern: "src/features/*", capture: ["name"] },
      { type: "routes", pattern: "src/routes" },
      { type: "components", pattern: "src/components" },
      { type: "lib", pattern: "src/lib" },
      { type: "locales", pattern: "src/locales" },
      { type: "theme", pattern: "src/theme" },
      { type: "root", pattern: "src/*.*", partialMatch: false },
    ],
    "import/resolver": { typescript: { alwaysTryTypes: true } },
  },
  rules: {
    "boundaries/dependencies": [
      "error",
      {
        default: "disallow",
        policies: [
          zone("root", ["root", "routes", "components", "lib", "theme"]),
          zone("routes", ["routes", "feature", "components", "lib"]),
          zone("feature", ["components", "lib"]),
          zone("components", ["components", "lib"]),
          zone("lib", ["lib", "locales"]),
          {
            from: { element: { type: "feature" } },
            allow: {
              to: { element: { type: "feature", captured: { name: "{{from.element.captured.name}}" } } },
            },
          },
        ],
      },
    ],
  },
};
