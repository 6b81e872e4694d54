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

const shape = (name: string, en: string) => ({ name, title: { en, hi: en } });
const none = { data: [], next_cursor: null, has_more: false };

/** What the studio asks for before anything is chosen. */
export const looks = {
  "GET /api/v1/qr-design-options": () => ({
    json: {
      modules: [shape("square", "Squares"), shape("dots", "Dots")],
      eye_frames: [shape("square", "Square"), shape("circle", "Round")],
      eye_balls: [shape("square", "Square")],
      outlines: [shape("square", "Square")],
      frames: [shape("banner_bottom", "Below")],
      fills: ["color", "linear", "radial"],
      error_corrections: ["auto", "L", "M", "Q", "H"],
      quiet_zone: { least: 0, most: 10, default: 4 },
      gradient_stops: { least: 2, most: 6, default: 2 },
      background_strength: { least: 0.05, most: 1, default: 0.3 },
      logo_size: { least: 0.1, most: 0.3, default: 0.2 },
      frame_text_length: 40,
      formats: ["svg", "png", "pdf"].map((name) => ({
        ...shape(name, name.toUpperCase()),
        help: { en: `For ${name}`, hi: name },
        media_type: "image/x",
        is_raster: name === "png",
        has_inks: name === "pdf",
      })),
      sizes: [
        { unit: "mm", least: 5, most: 500, default: 40 },
        { unit: "px", least: 64, most: 4096, default: 512 },
        { unit: "in", least: 0.2, most: 20, default: 1.5 },
      ],
      default: {},
    },
  }),
  "GET /api/v1/qr-content-types": () => ({ json: { data: contentTypes } }),
  "GET /api/v1/qr-templates": () => ({ json: { data: [] } }),
  "GET /api/v1/qr-designs": () => ({ json: none }),
  "GET /api/v1/brand-kits": () => ({ json: none }),
};

const words = (en: string) => ({ en, hi: en });
export const contentTypes = [
  {
    type: "url",
    title: words("Website"),
    help: words("Opens any address."),
    kinds: ["dynamic", "fixed"],
    default_kind: "dynamic",
    schema: { properties: { type: {}, url: { "x-label": words("Where it leads") } }, required: ["url"] },
  },
  {
    type: "text",
    title: words("Text"),
    help: words("Shows a text."),
    kinds: ["fixed"],
    default_kind: "fixed",
    schema: { properties: { type: {}, text: { "x-label": words("Text") } }, required: ["text"] },
  },
];

/** What the studio answers to 4,100 letters. */
export function tooLong() {
  const detail = "This is 1,147 characters too long: a code holds 2,953 of it at most. Shorten it.";
  const errors = [{ pointer: "/content", code: "too_long", detail }];
  return { status: 422, json: { code: "content_invalid", detail, errors } };
}
