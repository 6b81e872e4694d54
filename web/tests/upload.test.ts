import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem, NetworkProblem } from "@/lib/api/problem";
import { Upload } from "@/lib/upload";

const STORED = { id: "file_1", name: "menu.pdf" };

/** A server that keeps what arrives; `lose` are the numbers of parts after which the connection breaks. */
class Server {
  size = 0;
  arrived = 0;
  parts = 0;
  abandoned = 0;
  lose = new Set<number>();
  refusal: { status: number; body: object } | undefined;

  begin(size: number) {
    this.size = size;
    return Response.json({ id: "upload_1", url: "/up", part_size: 4, offset: 0, size }, { status: 201 });
  }

  take(offset: number, part: Blob): { status: number; body: object } {
    if (this.refusal) return this.refusal;
    if (offset !== this.arrived)
      return { status: 409, body: { code: "upload_offset", offset: this.arrived } };
    this.arrived += part.size;
    return this.arrived === this.size
      ? { status: 201, body: STORED }
      : { status: 200, body: { offset: this.arrived } };
  }
}

let server: Server;

class Request {
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  status = 0;
  responseText = "";
  #offset = 0;

  open() {}
  setRequestHeader(name: string, value: string) {
    if (name === "Upload-Offset") this.#offset = Number(value);
  }
  getResponseHeader() {
    return null;
  }
  abort() {
    this.onabort?.();
    this.onloadend?.();
  }
  send(part: Blob) {
    server.parts += 1;
    const lost = server.lose.has(server.parts);
    queueMicrotask(() => {
      this.upload.onprogress?.({ loaded: part.size });
      if (lost) this.onerror?.();
      else {
        const { status, body } = server.take(this.#offset, part);
        this.status = status;
        this.responseText = JSON.stringify(body);
        this.onload?.();
      }
      this.onloadend?.();
    });
  }
}

beforeEach(() => {
  server = new Server();
  vi.useFakeTimers();
  vi.stubGlobal("XMLHttpRequest", Request);
  vi.stubGlobal("fetch", (target: string | globalThis.Request, init?: RequestInit) => {
    if (init?.method === "HEAD") {
      return Promise.resolve(new Response(null, { headers: { "upload-offset": String(server.arrived) } }));
    }
    if (init?.method === "DELETE") {
      server.abandoned += 1;
      return Promise.resolve(new Response(null, { status: 204 }));
    }
    return (target as globalThis.Request).json().then((sent: { size: number }) => server.begin(sent.size));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function send(upload: Upload, stop = new AbortController()) {
  const progress: number[] = [];
  const done = upload.send({ onProgress: (sent) => progress.push(sent), signal: stop.signal });
  done.catch(() => undefined);
  return { done, progress, stop };
}

const file = () => new File(["0123456789"], "menu.pdf");

describe("an upload", () => {
  it("goes in parts and tells how far it is", async () => {
    const { done, progress } = send(new Upload(file()));
    await vi.runAllTimersAsync();
    expect(await done).toEqual(STORED);
    expect(progress).toEqual([4, 8, 10]);
  });

  it("goes on by itself after a short loss of the network", async () => {
    server.lose = new Set([2, 3]);
    const { done } = send(new Upload(file()));
    await vi.runAllTimersAsync();
    expect(await done).toEqual(STORED);
    expect(server.parts).toBe(5);
  });

  it("tells a long loss, and goes on where it broke off when it is asked to", async () => {
    server.lose = new Set([2, 3, 4, 5, 6, 7]);
    const upload = new Upload(file());
    const first = send(upload);
    await vi.runAllTimersAsync();
    await expect(first.done).rejects.toBeInstanceOf(NetworkProblem);
    expect(server.arrived).toBe(4);
    const second = send(upload);
    await vi.runAllTimersAsync();
    expect(await second.done).toEqual(STORED);
    expect(second.progress).toEqual([8, 10]);
  });

  it("does not insist on a file that is refused", async () => {
    server.refusal = { status: 422, body: { code: "file_refused", errors: [] } };
    const { done } = send(new Upload(file()));
    await vi.runAllTimersAsync();
    await expect(done).rejects.toBeInstanceOf(ApiProblem);
    expect(server.parts).toBe(1);
  });

  it("ends when it is cancelled, and tells the server", async () => {
    server.lose = new Set([1, 2, 3, 4, 5, 6]);
    const upload = new Upload(file());
    const { done, stop } = send(upload);
    await vi.advanceTimersByTimeAsync(600);
    stop.abort();
    upload.abandon();
    await vi.runAllTimersAsync();
    await expect(done).rejects.toHaveProperty("name", "AbortError");
    expect(server.abandoned).toBe(1);
  });
});
