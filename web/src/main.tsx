import "./theme/index.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app";
import { activateLocale, preferredLocale } from "./lib/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

// Side by side with the catalogue: the first page should wait for one round trip only.
if (location.pathname === "/") void import("./routes/first");

await activateLocale(preferredLocale());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
