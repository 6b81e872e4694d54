import { api, body, idempotencyKey } from "./api/client";
import { ApiProblem, NetworkProblem } from "./api/problem";
import type { StoredFile } from "./api/types";

type Ticket = { url: string; part_size: number };
type Watch = { onProgress: (sent: number) => void; signal: AbortSignal };

/** Waits after a part that failed, in ms; after the last one it is told and a person may try again. */
const WAITS = [500, 1000, 2000, 4000, 8000];

/**
 * A file on its way. It goes in parts, and goes on where it broke off: by itself after a short loss of the network,
 * and with another `send` after a long one.
 */
export class Upload {
  readonly file: File;
  readonly #replaces: string | undefined;
  #ticket: Ticket | undefined;
  #offset = 0;

  constructor(file: File, replaces?: string) {
    this.file = file;
    this.#replaces = replaces;
  }

  /** Send what is missing; `ApiProblem` when the file is refused, `NetworkProblem` when there is no network. */
  async send(watch: Watch): Promise<StoredFile> {
    let failed = 0;
    for (;;) {
      try {
        this.#ticket ??= await this.#begin(watch.signal);
        if (failed > 0) this.#offset = await this.#arrived(this.#ticket, watch.signal);
        const file = await this.#part(this.#ticket, watch);
        failed = 0;
        if (file) return file;
      } catch (error) {
        const wait = WAITS[failed];
        if (wait === undefined || !passes(error)) throw error;
        failed += 1;
        await pause(
          error instanceof ApiProblem ? (error.retryAfter ?? 0) * 1000 || wait : wait,
          watch.signal,
        );
      }
    }
  }

  /** Tell the server that nothing more comes; it would find out by itself within a day. */
  abandon() {
    if (this.#ticket)
      void fetch(this.#ticket.url, { method: "DELETE", keepalive: true }).catch(() => undefined);
    this.#ticket = undefined;
    this.#offset = 0;
  }

  #begin(signal: AbortSignal) {
    const { name, size } = this.file;
    return body(
      api.POST("/api/v1/files/uploads", {
        signal,
        params: { header: { "idempotency-key": idempotencyKey() } },
        body: { name, size, alt: "", ...(this.#replaces ? { replaces: this.#replaces } : {}) },
      }),
    );
  }

  async #arrived(ticket: Ticket, signal: AbortSignal): Promise<number> {
    const response = await fetch(ticket.url, { method: "HEAD", signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new NetworkProblem(error);
    });
    if (!response.ok) throw new ApiProblem(response, undefined);
    return Number(response.headers.get("upload-offset"));
  }

  async #part(ticket: Ticket, { onProgress, signal }: Watch): Promise<StoredFile | undefined> {
    const offset = this.#offset;
    const part = this.file.slice(offset, offset + ticket.part_size);
    const response = await put(ticket.url, part, offset, signal, (sent) => onProgress(offset + sent));
    const answer = (await response.json().catch(() => undefined)) as Record<string, unknown> | undefined;
    if (response.status === 409 && typeof answer?.["offset"] === "number") {
      this.#offset = answer["offset"];
      return undefined;
    }
    if (!response.ok) throw new ApiProblem(response, answer);
    if (response.status === 201) return answer as StoredFile;
    this.#offset = Number(answer?.["offset"]);
    return undefined;
  }
}

/** Whether it may work the next time: no network, or a server that says it rests. */
function passes(error: unknown): boolean {
  return (
    error instanceof NetworkProblem ||
    (error instanceof ApiProblem && [429, 502, 503, 504].includes(error.status))
  );
}

/** `fetch` cannot say how much of a body is sent. */
function put(
  url: string,
  part: Blob,
  offset: number,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PUT", url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Upload-Offset", String(offset));
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      const retryAfter = request.getResponseHeader("retry-after");
      const headers = retryAfter ? { "retry-after": retryAfter } : {};
      resolve(new Response(request.responseText, { status: request.status, headers }));
    };
    request.onerror = () => reject(new NetworkProblem(undefined));
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.throwIfAborted();
    signal.addEventListener("abort", abort);
    request.send(part);
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(new DOMException("given up", "AbortError"));
      },
      { once: true },
    );
  });
}
