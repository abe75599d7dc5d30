// Fills the desk: the list of what is open once, then every change of the stream, in order and without a gap.

import { desk } from "./desk";
import { alarm } from "./sound";
import { api, Away, Refusal } from "../net/api";
import type { Frame } from "../net/frames";
import { Stream } from "../net/stream";
import { incidentOf } from "../model/store";
import { isOpen } from "../model/filters";
import type { Feature, Figures, Page, Platform } from "../model/types";

const PAGE = 1000;
const OPEN_MOST = 20_000;

interface Health {
  platforms?: Platform[];
  figures?: Figures;
}

export class Feed {
  private stream: Stream | undefined;
  private boot: string | undefined;
  private isStopped = false;

  async start(): Promise<void> {
    addEventListener("online", this.hurry);
    void this.readAround();
    for (let wait = 500; !this.isStopped; wait = Math.min(wait * 2, 5000)) {
      try {
        await this.readList();
        break;
      } catch (cause) {
        if (this.isRefused(cause)) return;
        this.lineIs("waiting");
        await new Promise((done) => setTimeout(done, wait));
      }
    }
    if (!this.isStopped) this.follow();
  }

  stop(): void {
    this.isStopped = true;
    removeEventListener("online", this.hurry);
    this.stream?.stop();
  }

  private readonly hurry = (): void => this.stream?.hurry();

  /** 401 while the page is open: the session has ended, and only its person can mend that. */
  private isRefused(cause: unknown): boolean {
    if (!(cause instanceof Refusal) || cause.problem.status !== 401) return false;
    this.stop();
    desk.line = "off";
    desk.dispatchEvent(new Event("expired"));
    return true;
  }

  private lineIs(line: typeof desk.line): void {
    if (desk.line === line) return;
    desk.line = line;
    desk.tell();
  }

  private async readAround(): Promise<void> {
    const [platforms, figures, categories, regions] = await Promise.allSettled([
      api.platforms(), api.figures(), api.categories(), api.regions(),
    ]);
    if (platforms.status === "fulfilled") desk.platforms = platforms.value;
    if (figures.status === "fulfilled") {
      desk.figures = figures.value;
      desk.timeIs(figures.value.now);
    }
    if (categories.status === "fulfilled") desk.categories = new Map(categories.value.map((each) => [each.code, each]));
    if (regions.status === "fulfilled") desk.regions = regions.value;
    desk.tell();
  }

  /** The stream starts at the first page's feed number: whatever changed while the pages were read comes again, and is newer. */
  private async readList(): Promise<void> {
    const seen = new Set<string>();
    let page: Page | undefined = await api.items(new URLSearchParams({ state: "open", sort: "-updated", limit: String(PAGE) }));
    const head = page.feed;
    desk.timeIs(page.timeStamp);
    while (page && !this.isStopped) {
      for (const feature of page.features) {
        seen.add(feature.id);
        desk.store.put(incidentOf(feature));
      }
      desk.lastSign = performance.now();
      desk.stir();
      page = seen.size < OPEN_MOST ? await api.next(page) : undefined;
    }
    desk.store.sweep(seen, head);
    desk.store.feed = head;
    desk.isWhole = true;
    desk.refresh();
  }

  private follow(): void {
    this.stream = new Stream({
      after: () => desk.store.feed,
      frame: (frame) => this.take(frame),
      sign: () => {
        desk.lastSign = performance.now();
        this.lineIs("live");
      },
      broken: (cause) => {
        if (this.isRefused(cause)) return;
        this.lineIs("waiting");
        if (cause !== undefined && !(cause instanceof Away) && !(cause instanceof DOMException)) console.warn("stream:", cause);
      },
    });
    void this.stream.run();
  }

  private take(frame: Frame): void {
    const data = JSON.parse(frame.data) as unknown;
    switch (frame.event) {
      case "hello": return this.hello(data as { boot: string; time?: string });
      case "incident": return this.incident(data as Feature, Number(frame.id ?? 0));
      case "health": return this.health(data as Health);
      case "mark": desk.store.feed = Math.max(desk.store.feed, (data as { feed: number }).feed); return;
      case "reset": void this.readList().catch((cause) => this.isRefused(cause)); return;
    }
  }

  private hello(data: { boot: string; time?: string }): void {
    desk.timeIs(data.time);
    if (this.boot !== undefined && this.boot !== data.boot) desk.dispatchEvent(new Event("boot"));
    this.boot = data.boot;
  }

  private incident(feature: Feature, feed: number): void {
    const put = desk.store.follow(feature, feed);
    if (put === "old") return;
    const incident = desk.store.get(feature.id);
    if (!incident) return;
    desk.glow(incident);
    if (put === "new" && isOpen(incident)) alarm(incident);
    desk.dispatchEvent(new CustomEvent("version", { detail: incident.incident }));
    desk.stir();
  }

  /** A health frame holds what moves; names stay as they were read. */
  private health(data: Health): void {
    const news = new Map((data.platforms ?? []).map((each) => [each.platform, each]));
    desk.platforms = desk.platforms.map((old) => ({ ...old, ...news.get(old.platform), name: old.name }));
    if (data.figures) {
      desk.figures = { ...desk.figures, ...data.figures };
      desk.timeIs(data.figures.now);
    }
    desk.tell();
  }
}
