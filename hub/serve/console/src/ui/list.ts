// The list: virtual rows; new ones gather until asked for while somebody reads or points.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { SORTS, type Sort } from "../model/order";
import { say } from "../text/say";
import { countOf } from "../text/format";
import { icon } from "./icons";
import { row, rowStyle, ROW_HEIGHT } from "./row";
import { shared } from "./style";

const AROUND = 6; // rows beyond the edges, so that a quick wheel shows no gap

@customElement("hub-list")
export class HubList extends LitElement {
  static override styles = [shared, rowStyle, css`
    :host { display: flex; flex-direction: column; background: var(--surface); position: relative; }
    header, footer { display: flex; align-items: center; gap: 8px; padding: 0 12px; height: 40px; flex: none; }
    header { border-bottom: 1px solid var(--line); }
    footer { border-top: 1px solid var(--line); height: 36px; color: var(--count); gap: 12px; }
    select { border-color: transparent; min-height: 28px; padding: 0 4px; background: transparent; color: var(--ink-2); cursor: pointer; }
    select:hover { background: var(--hover); }
    .count { font-weight: 600; color: var(--count); }
    .rows { flex: 1; overflow-y: auto; position: relative; overflow-anchor: none; scrollbar-width: thin; }
    .space { position: relative; }
    .fresh { position: absolute; top: 48px; left: 50%; transform: translateX(-50%); z-index: 2; box-shadow: var(--shadow); border-radius: 16px; padding: 0 14px; }
    .empty { padding: 48px 32px; text-align: center; display: grid; gap: 8px; justify-items: center; }
    .empty strong { font-size: var(--t16); font-weight: 600; }
    .bone { height: 64px; padding: 14px 12px 14px 38px; border-bottom: 1px solid var(--line); display: grid; gap: 10px; align-content: start; }
    .bone i { display: block; height: 10px; border-radius: 2px; background: var(--line); animation: breathe 1.6s ease-in-out infinite; }
    @keyframes breathe { 50% { opacity: 0.45; } }
    @media (prefers-reduced-motion: reduce) { .bone i { animation: none; } }
    .ticked { background: var(--accent-soft); }
    .late { color: var(--count-late); font-weight: 600; display: inline-flex; gap: 4px; align-items: center; }
  `];

  @query(".rows") private rows!: HTMLElement;
  @state() private top = 0;
  @state() private room = 800;
  private order: string[] = [];
  private isPointed = false;
  private resize = new ResizeObserver(() => { this.room = this.rows.clientHeight; });

  constructor() {
    super();
    new Watch(this, 15_000);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("choose", this.chosen);
    desk.addEventListener("point", this.pointed);
    desk.addEventListener("filter", this.freshen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("choose", this.chosen);
    desk.removeEventListener("point", this.pointed);
    desk.removeEventListener("filter", this.freshen);
    this.resize.disconnect();
  }

  override firstUpdated(): void {
    this.resize.observe(this.rows);
  }

  private readonly chosen = (event: Event): void => {
    const how = (event as CustomEvent<string>).detail;
    void this.updateComplete.then(() => this.reveal(how === "key" ? "near" : how === "list" ? "no" : "middle"));
  };

  private readonly pointed = (): void => {
    this.renderRoot.querySelectorAll(".row.pointed").forEach((each) => each.classList.remove("pointed"));
    if (desk.pointed !== undefined) this.renderRoot.querySelector(`#row-${CSS.escape(desk.pointed)}`)?.classList.add("pointed");
  };

  private readonly freshen = (): void => {
    this.order = [];
    if (this.rows) this.rows.scrollTop = 0;
    this.requestUpdate();
  };

  private reveal(how: "no" | "near" | "middle"): void {
    const at = this.order.indexOf(desk.chosen ?? "");
    if (at < 0 || how === "no") return;
    const top = at * ROW_HEIGHT;
    const isIn = top >= this.rows.scrollTop && top + ROW_HEIGHT <= this.rows.scrollTop + this.room;
    if (isIn) return;
    if (how === "middle") this.rows.scrollTop = top - this.room / 2;
    else this.rows.scrollTop = top < this.rows.scrollTop ? top : top + ROW_HEIGHT - this.room;
  }

  /** Nothing jumps under the pointer, nor while somebody reads further down. */
  private arrange(): number {
    const isHeld = this.order.length > 0 && (this.top > 4 || this.isPointed);
    const next = desk.shown.map((incident) => incident.incident);
    if (!isHeld) {
      this.order = next;
      return 0;
    }
    const had = new Set(this.order);
    const isIn = new Set(next);
    const fresh = next.filter((id) => !had.has(id)).length;
    const gone = this.order.filter((id) => !isIn.has(id)).length;
    return fresh + gone;
  }

  override render(): TemplateResult {
    const fresh = this.arrange();
    return html`
      <header>
        <span class="count">${say("of_shown", { n: countOf(desk.shown.length) })}</span><span class="grow"></span>
        <label class="hidden" for="sort">${say("sort")}</label>
        <select id="sort" @change=${(event: Event) => { this.freshen(); desk.sortBy((event.target as HTMLSelectElement).value as Sort); }}>
          ${SORTS.map((sort) => html`<option value=${sort} ?selected=${desk.sort === sort}>${say(`sort_${sort}`)}</option>`)}
        </select>
      </header>
      ${fresh > 0 ? html`<button class="fresh main" @click=${this.freshen}>${say("fresh_n", { n: fresh })}</button>` : nothing}
      <div class="rows" role="listbox" tabindex="0" aria-label=${say("list")} aria-activedescendant=${desk.chosen === undefined ? nothing : `row-${desk.chosen}`}
        @scroll=${() => { this.top = this.rows.scrollTop; }} @click=${this.clicked}
        @pointermove=${this.move} @pointerleave=${this.leave}>
        ${this.body()}
      </div>
      ${this.foot()}`;
  }

  private body(): TemplateResult {
    if (this.order.length === 0) return desk.isWhole ? this.empty() : html`${Array.from({ length: 8 }, () => html`<div class="bone"><i .style=${"width:70%"}></i><i .style=${"width:45%"}></i></div>`)}`;
    const from = Math.max(0, Math.floor(this.top / ROW_HEIGHT) - AROUND);
    const to = Math.min(this.order.length, Math.ceil((this.top + this.room) / ROW_HEIGHT) + AROUND);
    const now = desk.now();
    const rows: TemplateResult[] = [];
    for (let at = from; at < to; at++) {
      const incident = desk.store.get(this.order[at] as string);
      if (incident) rows.push(row(incident, at * ROW_HEIGHT, at, now, incident.merged_into !== undefined));
    }
    return html`<div class="space" role="presentation" .style=${`height:${this.order.length * ROW_HEIGHT}px`}>${rows}</div>`;
  }

  private empty(): TemplateResult {
    return desk.isFiltered
      ? html`<div class="empty"><strong>${say("list_empty")}</strong><span class="quiet">${say("list_empty_hint")}</span>
          <button class="line" @click=${() => desk.clearFilters()}>${say("clear_all")}</button></div>`
      : html`<div class="empty"><strong>${say("list_none")}</strong><span class="quiet">${say("list_none_hint")}</span></div>`;
  }

  private foot(): TemplateResult {
    if (desk.ticked.length > 0) {
      return html`<footer class="ticked"><span class="grow">${say("ticked_n", { n: desk.ticked.length })}</span>
        <button class="link" @click=${() => desk.untick()}>${say("untick")}</button>
        <button class="main" ?disabled=${desk.ticked.length < 2} @click=${() => desk.dispatchEvent(new CustomEvent("act", { detail: { verb: "merge" } }))}>${icon("merge")}${say("merge")}</button></footer>`;
    }
    return html`<footer><span>${say("open_n", { n: countOf(desk.openCount) })}</span>
      <span class=${desk.lateCount > 0 ? "late" : ""}>${desk.lateCount > 0 ? icon("late") : nothing}${say("late_n", { n: countOf(desk.lateCount) })}</span></footer>`;
  }

  private idOf(event: Event): string | undefined {
    return (event.composedPath()[0] as Element).closest<HTMLElement>(".row")?.dataset["id"];
  }

  private clicked(event: Event): void {
    const id = this.idOf(event);
    const on = event.composedPath()[0] as Element;
    if (id === undefined) return;
    if (on.matches("[data-tick]")) desk.tick(id);
    else desk.choose(id);
  }

  private move(event: Event): void {
    this.isPointed = true;
    desk.point(this.idOf(event));
  }

  private leave(): void {
    this.isPointed = false;
    desk.point(undefined);
    if (this.top <= 4) this.requestUpdate();
  }
}
