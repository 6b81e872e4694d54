import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, body, idempotencyKey } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

import { type Step, without } from "./plan";

type Result = components["schemas"]["Result"];
type Refusal = { id: string; code: string; detail: string };
type Going = { of: number; done: number };
type How = "rehearse" | "readable" | "at risk";

/** Each code that a phone could not read in the look, or that a rule forbids it, is refused for itself. */
const refusals = (results: Result[]): Refusal[] =>
  results.flatMap(({ id, error }) => (id && error ? [{ id, code: error.code, detail: error.detail }] : []));

/** Brings a look to many codes: first what would become of each, then the change itself, then the way back. */
export function useGive() {
  const client = useQueryClient();
  const [going, setGoing] = useState<Going | null>(null);
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);

  const run = async (steps: Step[], which: "patch" | "back", how: How) => {
    const rehearse = how === "rehearse";
    const of = steps.reduce((sum, { ids }) => sum + ids.length, 0);
    const refused: Refusal[] = [];
    let done = 0;
    setGoing({ of, done });
    try {
      for (const step of steps) {
        // A look is only seen through: who closes the sheet meanwhile wants no more of it.
        if (rehearse && stopped.current) break;
        const results = await body(
          api.POST("/api/v1/qr-codes/bulk", {
            body: {
              action: "edit",
              ids: step.ids,
              change: { design: step[which] },
              dry_run: rehearse,
              allow_unreadable: how === "at risk",
            },
            params: { header: { "idempotency-key": idempotencyKey() } },
          }),
        );
        refused.push(...refusals(results.data));
        done += step.ids.length;
        setGoing({ of, done });
      }
    } finally {
      setGoing(null);
      if (!rehearse) void client.invalidateQueries({ queryKey: ["codes"] });
    }
    const left = new Set(refused.map(({ id }) => id));
    return { refused, steps: without(steps, left) };
  };

  return {
    going,
    rehearse: (steps: Step[]) => run(steps, "patch", "rehearse"),
    give: (steps: Step[], atRisk: boolean) => run(steps, "patch", atRisk ? "at risk" : "readable"),
    // Who had a look at their own risk before gets it back, too.
    takeBack: (steps: Step[]) => run(steps, "back", "at risk"),
  };
}
