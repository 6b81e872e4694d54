/* Provisional, in the shape of openapi-typescript's output, until the OpenAPI snapshot exists. */
type Problem = components["schemas"]["Problem"];
type Answer<T, S extends number = 200> = {
  responses: { [K in S]: { headers: Record<string, unknown>; content: { "application/json": T } } } & {
    default: { headers: Record<string, unknown>; content: { "application/problem+json": Problem } };
  };
};
type Empty = { responses: { 204: { headers: Record<string, unknown>; content?: never }; default: { headers: Record<string, unknown>; content: { "application/problem+json": Problem } } } };
type Query<Q> = { parameters: { query?: Q; header?: { "Idempotency-Key"?: string }; path?: never; cookie?: never } };
type Keyed = { parameters: { query?: never; header?: { "Idempotency-Key"?: string }; path?: never; cookie?: never } };
type At<P = { code_id: string }> = { parameters: { query?: never; header?: never; path: P; cookie?: never } };
type Body<B> = { requestBody: { content: { "application/json": B } } };
type S = components["schemas"];
type Filter = { qr_code_id?: string[]; from?: string; to?: string; time_zone?: string; traffic?: "human" | "bot" | "excluded" | "all"; source?: ("scan" | "click" | "all")[] };

export interface paths {
  "/api/v1/auth/sign-up": { post: Keyed & Body<S["SignUp"]> & Answer<S["Welcome"], 201> };
  "/api/v1/auth/log-in": { post: Keyed & Body<S["LogIn"]> & Answer<S["Welcome"]> };
  "/api/v1/auth/log-out": { post: Keyed & Empty };
  "/api/v1/auth/email/confirm": { post: Keyed & Body<{ token: string }> & Empty };
  "/api/v1/auth/email/resend": { post: Keyed & Empty };
  "/api/v1/auth/password/forgot": { post: Keyed & Body<{ email: string }> & Empty };
  "/api/v1/auth/password/reset": { post: Keyed & Body<{ token: string; password: string }> & Empty };
  "/api/v1/me": { get: Keyed & Answer<S["Me"]>; patch: Keyed & Body<{ name?: string; locale?: string }> & Answer<S["Me"]> };
  "/api/v1/me/password": { post: Keyed & Body<{ current_password: string; new_password: string }> & Empty };
  "/api/v1/me/sessions": { get: Keyed & Answer<{ data: S["Session"][] }> };
  "/api/v1/me/sessions/{session_id}": { delete: At<{ session_id: string }> & Empty };
  "/api/v1/workspaces/{workspace_id}": { patch: At<{ workspace_id: string }> & Body<{ name?: string; time_zone?: string }> & Answer<S["Workspace"]> };
  "/api/v1/qr-codes": {
    get: Query<{ q?: string; sort?: string; status?: string; limit?: number; cursor?: string }> & Answer<{ data: S["Code"][]; next_cursor: string | null; has_more: boolean }>;
    post: Keyed & Body<S["CodeCreate"]> & Answer<S["Code"], 201>;
  };
  "/api/v1/qr-codes/{code_id}": { get: At & Answer<S["Code"]>; patch: At & Body<S["CodePatch"]> & Answer<S["Code"]>; delete: At & Empty };
  "/api/v1/qr-codes/{code_id}/archive": { post: At & Answer<S["Code"]> };
  "/api/v1/qr-codes/{code_id}/restore": { post: At & Answer<S["Code"]> };
  "/api/v1/qr-codes/{code_id}/pause": { post: At & Answer<S["Code"]> };
  "/api/v1/qr-codes/{code_id}/resume": { post: At & Answer<S["Code"]> };
  "/api/v1/qr-codes/{code_id}/duplicate": { post: At & Answer<S["Code"], 201> };
  "/api/v1/qr-codes/preview": { post: Query<{ format?: string; size?: number; unit?: string }> & Body<S["PreviewRequest"]> & Answer<unknown> };
  "/api/v1/qr-codes/check": { post: Keyed & Body<S["PreviewRequest"]> & Answer<S["CheckBody"]> };
  "/api/v1/qr-content-types": { get: Keyed & Answer<{ data: S["ContentTypeBody"][] }> };
  "/api/v1/qr-design-options": { get: Keyed & Answer<S["DesignOptions"]> };
  "/api/v1/analytics/summary": { get: Query<Filter> & Answer<S["Summary"]> };
  "/api/v1/analytics/series": { get: Query<Filter & { interval?: "hour" | "day" | "week" | "month" }> & Answer<S["Series"]> };
  "/api/v1/analytics/breakdown": { get: Query<Filter & { dimension: string; limit?: number }> & Answer<S["Breakdown"]> };
}
export interface components {
  schemas: {
    Problem: { type: string; title: string; status: number; code: string; detail: string; request_id: string; errors?: { pointer: string; code: string; detail: string }[] };
    SignUp: { email: string; password: string; name?: string; workspace_name?: string; locale?: string; time_zone?: string };
    LogIn: { email: string; password: string };
    User: { id: string; email: string; email_confirmed: boolean; name: string; locale: string; is_operator: boolean; created_at: string };
    Workspace: { id: string; name: string; time_zone: string; role: string; created_at: string };
    Welcome: { user: S["User"]; workspace: S["Workspace"] | null };
    Me: { user: S["User"]; workspaces: S["Workspace"][]; mail: { delivers: boolean } };
    Session: { id: string; is_current: boolean; kind: string; browser: string | null; system: string | null; user_agent: string; created_at: string; last_used_at: string; expires_at: string };
    Content: { type: string } & Record<string, unknown>;
    Fill: { color: string };
    Design: {
      modules?: { shape?: string; fill?: S["Fill"] };
      eyes?: { frame?: { shape?: string; fill?: S["Fill"] | null }; ball?: { shape?: string; fill?: S["Fill"] | null } };
      background?: { fill?: S["Fill"] | null };
      error_correction?: "auto" | "L" | "M" | "Q" | "H";
      quiet_zone?: number;
    };
    Link: { id: string; slug: string; domain: string; short_url: string; destination: string };
    AdviceBody: { code: string; detail: string; severity: "error" | "warning" | "hint" };
    Scannability: { grade: "A" | "B" | "C" | "D" | "F"; score: number; advice: S["AdviceBody"][] };
    CheckBody: S["Scannability"] & { measures: Record<string, unknown> };
    Code: {
      id: string; name: string; kind: "dynamic" | "fixed"; status: "active" | "paused" | "ended" | "archived"; content: S["Content"]; design: S["Design"];
      link: S["Link"] | null; payload: string; images: { svg: string; png: string }; scannability: S["Scannability"]; version: number; created_at: string; updated_at: string;
    };
    CodeCreate: { name?: string; kind: "dynamic" | "fixed"; content: S["Content"]; design?: S["Design"] };
    CodePatch: { name?: string; content?: S["Content"]; design?: S["Design"] };
    PreviewRequest: { content?: S["Content"]; payload?: string; design?: S["Design"] };
    Words: { en: string; hi: string };
    ContentTypeBody: { type: string; kinds: ("dynamic" | "fixed")[]; default_kind: "dynamic" | "fixed"; title: S["Words"]; help: S["Words"]; schema: Record<string, unknown> };
    Option: { name: string; title: S["Words"] };
    DesignOptions: { modules: S["Option"][]; eye_frames: S["Option"][]; eye_balls: S["Option"][]; outlines: S["Option"][]; frames: S["Option"][]; fills: string[]; error_corrections: string[]; quiet_zone: { least: number; most: number; default: number }; default: S["Design"] };
    Place: { available: boolean; attribution: string; attribution_url: string };
    Summary: { hits: number; visitors: number; scans: number; clicks: number; excluded: number; by_reason: Record<string, number>; previous: { hits: number; visitors: number }; place: S["Place"] };
    Point: { start: string; end: string; hits: number; visitors: number | null };
    Series: { interval: string; data: S["Point"][] };
    Slice: { value: string; hits: number; country?: string | null; region?: string | null };
    Breakdown: { dimension: string; data: S["Slice"][]; other: number; unknown: number; total: number; values: number; place: S["Place"] };
  };
}
