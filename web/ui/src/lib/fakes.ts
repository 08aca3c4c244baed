/** Doubles at the edge of the page, for its unit tests: a stream that says what it is told to, and a server's answers. */

/** Speaks as the browser's EventSource does. */
export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  /** All that were opened, the newest last. */
  static all: FakeEventSource[] = [];

  readyState = FakeEventSource.CONNECTING;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    super();
    FakeEventSource.all.push(this);
  }

  static get newest(): FakeEventSource {
    return FakeEventSource.all.at(-1)!;
  }

  say(event: string, told: unknown): void {
    this.readyState = FakeEventSource.OPEN;
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(told) }));
  }

  /** The line broke; the browser tries again by itself. */
  breakOff(): void {
    this.readyState = FakeEventSource.CONNECTING;
    this.onerror?.();
  }

  /** The server answered, but not with a stream: the browser gives up. */
  refuse(): void {
    this.readyState = FakeEventSource.CLOSED;
    this.onerror?.();
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

export interface FakeAnswer {
  status?: number;
  body?: unknown;
  etag?: string;
}

/** Answers in turn; the last one for good. An Error stands for nobody there. */
export class FakeServer {
  readonly asked: { path: string; headers: Record<string, string>; body: string | null }[] = [];

  constructor(public answers: (FakeAnswer | Error)[] = []) {}

  readonly fetch = (path: string, request: RequestInit = {}): Promise<Response> => {
    const headers = (request.headers ?? {}) as Record<string, string>;
    this.asked.push({ path, headers, body: (request.body as string | null) ?? null });
    const answer = this.answers.length > 1 ? this.answers.shift()! : this.answers[0]!;
    if (answer instanceof Error) return Promise.reject(answer);
    const { status = 200, body = null, etag } = answer;
    const kind = status >= 400 ? "application/problem+json" : "application/json";
    const told = { "Content-Type": kind, ...(etag ? { ETag: etag } : {}) };
    const empty = status === 204 || status === 304;
    return Promise.resolve(new Response(empty ? null : JSON.stringify(body), { status, headers: told }));
  };
}
