/** RFC 9457, with what Scanly adds to it. */
type ProblemBody = {
  title?: string;
  detail?: string;
  code?: string;
  request_id?: string;
  errors?: { pointer: string; code: string; detail: string }[];
};

/** The server answered, and the answer is not what was asked for (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** Seconds to wait before trying again, from `Retry-After`. */
  readonly retryAfter: number | undefined;
  readonly faults: { pointer: string; code: string; detail: string }[];

  constructor(response: Response, body: ProblemBody | undefined) {
    super(body?.detail ?? body?.title ?? response.statusText);
    this.name = "ApiProblem";
    this.status = response.status;
    this.code = body?.code ?? `http_${response.status}`;
    this.requestId = body?.request_id ?? response.headers.get("x-request-id") ?? undefined;
    const wait = Number(response.headers.get("retry-after"));
    this.retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
    this.faults = body?.errors ?? [];
  }

  /** The fault at a field, whatever object of the request the field lies in. */
  fault(field: string): string | undefined {
    return this.faults.find((fault) => fault.pointer.endsWith(`/${field}`))?.detail;
  }
}

/** The server could not be reached at all. */
export class NetworkProblem extends Error {
  constructor(cause: unknown) {
    super("No network", { cause });
    this.name = "NetworkProblem";
  }
}

export function isProblem(error: unknown, ...codesOrStatus: (string | number)[]): error is ApiProblem {
  return (
    error instanceof ApiProblem &&
    (codesOrStatus.length === 0 || codesOrStatus.includes(error.code) || codesOrStatus.includes(error.status))
  );
}
