import { createBrowserHistory, createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { act, screen, waitFor } from "@testing-library/react";
import { useEffect, useState } from "react";
import { describe, expect, it } from "vitest";

import { Sheet } from "@/components/sheet";

import { renderPart } from "./render";

let show: (name: string | null) => void;

function Two() {
  const [opened, setOpened] = useState<string | null>(null);
  useEffect(() => {
    show = setOpened;
  }, []);
  return ["one", "two"].map((name) => (
    <Sheet key={name} title={name} opened={opened === name} onClose={() => setOpened(null)}>
      <p>{name}</p>
    </Sheet>
  ));
}

const pause = (milliseconds: number) => act(() => new Promise((done) => setTimeout(done, milliseconds)));

describe("a sheet", () => {
  it.each([0, 1, 5, 50])(
    "stays when it opens %i ms after another closed, and the way back closes it",
    async (wait) => {
      const history = createBrowserHistory();
      const router = createRouter({ history, routeTree: createRootRoute({ component: Two }) });
      renderPart(<RouterProvider router={router} />);
      await waitFor(() => expect(show).toBeDefined());
      act(() => show("one"));
      await pause(30);
      act(() => show(null));
      await pause(wait);
      act(() => show("two"));
      await pause(200);
      expect(screen.getByRole("dialog", { name: "two" })).toBeVisible();
      act(() => history.back());
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
      expect(history.location.pathname).toBe("/");
    },
  );
});
