import { vi } from "vitest";

export type Call = { method: string; path: string; query: URLSearchParams; headers: Headers; body: unknown };
type Answer = { status?: number; json?: unknown; text?: string; headers?: Record<string, string> };
type Routes = Record<string, (call: Call) => Answer | Promise<Answer>>;

/** Answers `fetch` from a table of "METHOD /path"; returns every call made. What is not in the table fails the test. */
export function serve(routes: Routes): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (input: Request) => {
    const url = new URL(input.url, location.origin);
    const raw = await input.clone().text();
    const call = {
      method: input.method,
      path: url.pathname,
      query: url.searchParams,
      headers: input.headers,
      body: raw === "" ? undefined : (JSON.parse(raw) as unknown),
    };
    calls.push(call);
    const answer = routes[`${call.method} ${call.path}`];
    if (!answer) throw new TypeError(`no answer for ${call.method} ${call.path}`);
    const { status = 200, json, text, headers } = await answer(call);
    if (status === 204) return new Response(null, { status });
    return new Response(text ?? JSON.stringify(json), {
      status,
      headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers },
    });
  });
  return calls;
}

export const me = {
  user: {
    id: "user_1",
    email: "sunita@sharmasweets.example",
    email_confirmed: true,
    name: "Sunita Sharma",
    locale: "en",
    is_operator: false,
    created_at: "2026-11-01T00:00:00Z",
  },
  workspaces: [
    {
      id: "ws_1",
      name: "Sharma Sweets",
      time_zone: "Asia/Kolkata",
      role: "owner",
      created_at: "2026-11-01T00:00:00Z",
    },
  ],
  mail: { delivers: true },
};

export function code(change: object = {}) {
  return {
    id: "qr_1",
    name: "Menu on the tables",
    kind: "dynamic",
    status: "active",
    content: { type: "url", url: "https://sharmasweets.example/november" },
    design: {},
    link: {
      id: "link_1",
      slug: "abc",
      domain: "localhost",
      short_url: "http://localhost/abc",
      destination: "https://sharmasweets.example/november",
      starts_at: null,
      expires_at: null,
    },
    payload: "HTTP://LOCALHOST/ABC",
    images: { svg: "/api/v1/qr-codes/qr_1/image.svg?v=1", png: "/api/v1/qr-codes/qr_1/image.png?v=1" },
    scannability: { grade: "A", score: 100, advice: [] },
    folder_id: null,
    tags: [],
    external_id: null,
    version: 1,
    created_at: "2026-11-01T00:00:00Z",
    updated_at: "2026-11-01T00:00:00Z",
    ...change,
  };
}

export function summary(change: object = {}) {
  return {
    hits: 0,
    visitors: 0,
    scans: 0,
    clicks: 0,
    excluded: 0,
    by_reason: {},
    reasons: [],
    place: { available: true, attribution: "IP Geolocation by DB-IP", attribution_url: "https://db-ip.com" },
    ...change,
  };
}
