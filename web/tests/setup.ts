import "@testing-library/jest-dom/vitest";

import { notifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

import { activateLocale } from "@/lib/i18n";

// The first page of a file waits for its parts to be compiled.
configure({ asyncUtilTimeout: 15_000 });

// What jsdom does not have and Mantine asks for.
vi.stubGlobal("matchMedia", (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
vi.stubGlobal(
  "EventSource",
  class {
    addEventListener() {}
    close() {}
  },
);
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await activateLocale("en");
});
afterEach(() => {
  cleanup();
  notifications.clean();
});
