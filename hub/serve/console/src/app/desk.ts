// The one state that all parts of the screen show. Parts change it through its methods and are told by "change".

import type { Me, Settings, Figures, Platform, Category, Incident } from "../model/types";
import { counted, isFiltered, isOpen, matcher, noFilters, type Counts, type Facet, type Filters } from "../model/filters";
import { sorted, type Sort } from "../model/order";
import { lightAt } from "../model/deadline";
import { Store } from "../model/store";

export type Line = "loading" | "live" | "waiting" | "off";
export interface Change {
  incident: Incident;
  at: number; // by performance.now()
}

const REFRESH_MS = 120;
const MANY = 2000; // incidents; past it a whole pass is worth a wait
const REFRESH_MANY_MS = 400;

export class Desk extends EventTarget {
  readonly store = new Store();
  filters: Filters = noFilters();
  sort: Sort = "updated";
  shown: Incident[] = [];
  counts: Counts = counted([], this.filters, 0);
  openCount = 0;
  lateCount = 0;
  chosen: string | undefined;
  pointed: string | undefined; // under the pointer, in the list or on the map
  ticked: readonly string[] = [];
  glowing = new Map<string, number>();
  last: Change | undefined;
  me: Me | undefined;
  settings: Settings = {};
  platforms: Platform[] = [];
  categories = new Map<string, Category>();
  figures: Figures = {};
  regions: GeoJSON.FeatureCollection | undefined;
  line: Line = "loading";
  lastSign = performance.now();
  isWhole = false; // the whole list of open incidents is here
  extra: ReadonlySet<string> = new Set(); // found by a search of the server
  settledMost = 1000; // closed ones that are kept
  private ahead = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private counting: ReturnType<typeof setTimeout> | undefined;

  /** The server's time, which a simulation may run elsewhere. */
  now(): number {
    return Date.now() + this.ahead;
  }

  timeIs(text: string | undefined): void {
    const at = text === undefined ? NaN : Date.parse(text);
    if (!Number.isNaN(at) && Math.abs(at - this.now()) > 1500) this.ahead = at - Date.now();
  }

  get silence(): number {
    return performance.now() - this.lastSign;
  }

  mayAct(): boolean {
    return this.me !== undefined && this.me.role !== "viewer";
  }

  zoneName(zone: string): string {
    return this.me?.zone_names?.[zone] ?? zone;
  }

  /** Who may take back what others said. */
  isSupervisor(): boolean {
    return this.me?.role === "supervisor" || this.me?.role === "administrator";
  }

  get chosenIncident(): Incident | undefined {
    return this.chosen === undefined ? undefined : this.store.get(this.chosen);
  }

  /** What is known has changed: everything derived follows soon, and once for many changes. */
  stir(): void {
    const wait = this.store.size > MANY ? REFRESH_MANY_MS : REFRESH_MS;
    this.timer ??= setTimeout(() => this.refresh(), wait);
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const now = this.now();
    this.store.trim((incident) => !isOpen(incident) && incident.incident !== this.chosen, this.settledMost);
    const matches = matcher(this.filters, now);
    const hasWords = this.filters.words.trim() !== "";
    this.shown = sorted([...this.store.all()].filter((incident) => matches(incident)
      || (hasWords && this.extra.has(incident.incident))), this.sort);
    this.tell();
    this.recount();
  }

  /** Counts follow in a task of their own, so that neither of the two keeps a frame waiting. */
  private recount(): void {
    this.counting ??= setTimeout(() => {
      this.counting = undefined;
      this.counts = counted(this.store.all(), this.filters, this.now());
      this.countOpen(this.now());
      this.tell();
    }, this.store.size > MANY ? 1000 : 0);
  }

  tell(): void {
    this.dispatchEvent(new Event("change"));
  }

  choose(id: string | undefined, how: "list" | "map" | "key" | "link" = "list"): void {
    if (this.chosen === id) return;
    this.chosen = id;
    history.replaceState(null, "", `${location.pathname}${location.search}${id === undefined ? "" : `#${id}`}`);
    this.dispatchEvent(new CustomEvent("choose", { detail: how }));
    this.tell();
  }

  point(id: string | undefined): void {
    if (this.pointed === id) return;
    this.pointed = id;
    this.dispatchEvent(new Event("point"));
  }

  /** j and k: the next of the list, from the chosen one. */
  step(by: number): void {
    const at = this.shown.findIndex((incident) => incident.incident === this.chosen);
    const to = Math.max(0, Math.min(this.shown.length - 1, at < 0 ? 0 : at + by));
    this.choose(this.shown[to]?.incident, "key");
  }

  tick(id: string): void {
    this.ticked = this.ticked.includes(id) ? this.ticked.filter((each) => each !== id) : [...this.ticked, id];
    this.tell();
  }

  untick(): void {
    this.ticked = [];
    this.tell();
  }

  filter(change: Partial<Filters>): void {
    this.filters = { ...this.filters, ...change };
    this.refresh();
    this.dispatchEvent(new Event("filter"));
  }

  filterBy(facet: Facet, value: string): void {
    const chosen = new Set(this.filters.chosen[facet]);
    if (!chosen.delete(value)) chosen.add(value);
    this.filter({ chosen: { ...this.filters.chosen, [facet]: chosen } });
  }

  clearFilters(): void {
    this.filter({ ...noFilters(), zone: this.filters.zone });
  }

  get isFiltered(): boolean {
    return isFiltered(this.filters);
  }

  sortBy(sort: Sort): void {
    this.sort = sort;
    this.refresh();
  }

  glow(incident: Incident): void {
    const at = performance.now();
    this.glowing.set(incident.incident, at);
    this.last = { incident, at };
    for (const [id, since] of this.glowing) if (at - since > 2000) this.glowing.delete(id);
  }

  private countOpen(now: number): void {
    this.openCount = this.lateCount = 0;
    for (const incident of this.store.all()) {
      if (!isOpen(incident)) continue;
      this.openCount++;
      if (lightAt(incident, now) === "red") this.lateCount++;
    }
  }
}

export const desk = new Desk();
