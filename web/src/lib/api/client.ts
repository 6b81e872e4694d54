import createClient from "openapi-fetch";

import { ApiProblem, NetworkProblem } from "./problem";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
let chosenWorkspace: string | undefined;

/** Names the workspace of all later requests; only people with more than one need it. */
export function chooseWorkspace(id: string | undefined) {
  chosenWorkspace = id;
}

/** The query of addresses that cannot carry a header: images and the live feed. */
export function workspaceQuery(): Record<string, string> {
  return chosenWorkspace ? { workspace: chosenWorkspace } : {};
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: (request) => fetch(request),
  credentials: "same-origin",
  querySerializer: { array: { style: "form", explode: true } },
});

api.use({
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("Scanly-Request", "1");
    if (chosenWorkspace) request.headers.set("Scanly-Workspace", chosenWorkspace);
    return request;
  },
});

type Outcome<T> = { data?: T; error?: unknown; response: Response };

/** Returns the body of an answer, or throws `ApiProblem` or `NetworkProblem`. */
export async function body<T>(request: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new NetworkProblem(error);
  }
  if (!outcome.response.ok) throw new ApiProblem(outcome.response, asObject(outcome.error));
  return outcome.data as T;
}

function asObject(error: unknown): object | undefined {
  return typeof error === "object" && error !== null ? error : undefined;
}

/** A key that makes a repeated POST happen once. `crypto.randomUUID` is missing on plain HTTP, so bytes it is. */
export function idempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
