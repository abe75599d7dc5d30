// The stream of changes: reads it, and says what arrives. It goes on where it broke off, for as long as it is wanted.

import { ask, Refusal } from "./api";
import { Frames, type Frame } from "./frames";

const PATIENCE_MS = 40_000; // keep-alives come every 15 s: without one for so long the line is dead
const WAITS_MS = [500, 1000, 2000, 5000];

export interface Listener {
  after(): number;
  frame(frame: Frame): void;
  sign(): void; // anything at all has arrived
  broken(cause: unknown): void;
}

export class Stream {
  private isWanted = true;
  private failures = 0;
  private abort = new AbortController();
  private wake: (() => void) | undefined;

  constructor(private readonly listener: Listener) {}

  async run(): Promise<void> {
    while (this.isWanted) {
      const began = performance.now();
      try {
        await this.once();
        this.listener.broken(undefined);
      } catch (cause) {
        if (!this.isWanted) return;
        this.listener.broken(cause);
        if (cause instanceof Refusal && cause.problem.status === 401) return;
      }
      if (performance.now() - began > 10_000) this.failures = 0;
      await this.pause(WAITS_MS[Math.min(this.failures++, WAITS_MS.length - 1)] ?? 5000);
    }
  }

  stop(): void {
    this.isWanted = false;
    this.abort.abort();
    this.wake?.();
  }

  /** The network says that it is back: not to wait any longer. */
  hurry(): void {
    this.wake?.();
  }

  private async once(): Promise<void> {
    const after = this.listener.after();
    this.abort = new AbortController();
    const abort = this.abort;
    let patience = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      const answer = await ask(`/v1/stream/incidents?after=${after}`, {
        headers: { Accept: "text/event-stream", "Last-Event-ID": String(after) }, signal: abort.signal,
      });
      const frames = new Frames();
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      const decoder = new TextDecoder();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(patience);
        patience = setTimeout(() => abort.abort(), PATIENCE_MS);
        this.failures = 0;
        this.listener.sign();
        for (const frame of frames.take(decoder.decode(part.value, { stream: true }))) this.listener.frame(frame);
      }
    } finally {
      clearTimeout(patience);
      abort.abort();
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms * (0.8 + 0.4 * Math.random()));
      this.wake = () => { clearTimeout(timer); done(); };
    });
  }
}
