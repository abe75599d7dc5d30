// Everything about the chosen incident, in one column to scroll.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { api, Refusal } from "../net/api";
import { isOpen } from "../model/filters";
import type { Detail, Incident } from "../model/types";
import { joined, momentOf } from "../text/format";
import { say, sayOf } from "../text/say";
import { icon, shape } from "./icons";
import { areaOf, categoryOf, platformBadges, timeLeft, rowStyle } from "./row";
import { shared } from "./style";
import "./reports";
import "./why";
import "./twins";
import "./history";
import "./acts";

const AGAIN_MS = 250;
const COPIED_MS = 2000;

@customElement("hub-detail")
export class HubDetail extends LitElement {
  static override styles = [shared, rowStyle, css`
    :host { background: var(--surface); display: flex; flex-direction: column; min-height: 0; }
    .top { padding: 12px 16px; border-bottom: 1px solid var(--line); display: grid; gap: 8px; flex: none; }
    .line { display: flex; align-items: center; gap: 8px; min-width: 0; }
    .number { font-size: var(--t12); color: var(--ink-3); }
    h2 { font-size: var(--t20); line-height: 28px; font-weight: 600; display: flex; gap: 8px; overflow-wrap: anywhere; }
    h2 svg { margin-top: 6px; }
    .state { font-size: var(--t12); line-height: 20px; padding: 0 8px; border: 1px solid var(--line-strong); border-radius: 10px; white-space: nowrap; }
    .facts { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: var(--t12); line-height: 18px; color: var(--ink-2); }
    .facts span { display: inline-flex; gap: 4px; align-items: center; }
    .facts svg { color: var(--ink-3); }
    .body { flex: 1; overflow-y: auto; overflow-x: hidden; padding: 0 16px 24px; scrollbar-width: thin; }
    .hint { padding: 8px 12px; background: var(--raised); border-left: 3px solid var(--line-strong); font-size: var(--t12); display: flex; gap: 8px; align-items: center; }
    .empty { padding: 64px 40px; text-align: center; display: grid; gap: 8px; justify-items: center; }
    .empty strong { font-size: var(--t16); font-weight: 600; }
    .bones { padding: 16px 0; display: grid; gap: 12px; }
    .bones i { display: block; border-radius: 2px; background: var(--line); animation: breathe 1.6s ease-in-out infinite; height: 12px; }
    @keyframes breathe { 50% { opacity: 0.45; } }
    @media (prefers-reduced-motion: reduce) { .bones i { animation: none; } }
  `];

  @state() private detail: Detail | undefined;
  @state() private isCopied = false;
  @state() private trouble: "gone" | "failed" | undefined;
  private asked: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new Watch(this, 15_000);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("choose", this.chosen);
    desk.addEventListener("version", this.changed);
    this.chosen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("choose", this.chosen);
    desk.removeEventListener("version", this.changed);
    clearTimeout(this.timer);
  }

  private readonly chosen = (): void => {
    if (desk.chosen === this.asked) return;
    this.detail = undefined;
    this.trouble = undefined;
    if (desk.chosen !== undefined) void this.read(desk.chosen);
    else this.asked = undefined;
  };

  private readonly changed = (event: Event): void => {
    if ((event as CustomEvent<string>).detail !== desk.chosen) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (desk.chosen !== undefined) void this.read(desk.chosen); }, AGAIN_MS);
  };

  private async read(id: string): Promise<void> {
    this.asked = id;
    try {
      const detail = await api.detail(id);
      if (this.asked !== id) return;
      this.detail = detail;
      this.trouble = undefined;
      desk.store.put(detail.incident);
      desk.dispatchEvent(new CustomEvent("detail", { detail }));
      desk.stir();
    } catch (cause) {
      if (this.asked !== id) return;
      this.trouble = cause instanceof Refusal && cause.problem.status === 404 ? "gone" : "failed";
      if (this.trouble === "failed") this.timer = setTimeout(() => { if (desk.chosen === id) void this.read(id); }, 3000);
    }
  }

  override render(): TemplateResult {
    const incident = this.newest();
    if (desk.chosen === undefined) return this.empty(say("detail_none"), say("detail_none_hint"));
    if (!incident) {
      return this.trouble === "gone" ? this.empty(say("detail_gone"), say("detail_gone_hint"))
        : this.trouble === "failed" ? this.empty(say("read_failed"), say("problem_away")) : this.bones();
    }
    return html`${this.top(incident)}<div class="body" tabindex="0" role="region" aria-label=${say("detail")}>${this.detail ? this.body(incident, this.detail) : this.bones()}</div>
      ${this.detail ? html`<hub-acts .detail=${this.detail} .incident=${incident}></hub-acts>` : nothing}`;
  }

  /** The stream may be ahead of the detail that was read. */
  private newest(): Incident | undefined {
    return desk.chosenIncident ?? this.detail?.incident;
  }

  private top(incident: Incident): TemplateResult {
    const org = incident.assigned_to?.org;
    const where = joined([incident.place?.address, areaOf(incident)]);
    return html`<div class="top">
      <div class="line"><span class="number">${incident.number}</span><span class="state">${sayOf("state", incident.state)}</span>${isOpen(incident) ? timeLeft(incident, desk.now()) : nothing}<span class="grow"></span>
        ${this.isCopied ? html`<span class="small quiet" role="status">${say("copied")}</span>` : nothing}<button class="icon" title=${say("copy_link")} aria-label=${say("copy_link")} @click=${this.copy}>${icon(this.isCopied ? "check" : "link")}</button>
        <button class="icon" title=${say("close_panel")} aria-label=${say("close_panel")} @click=${() => desk.choose(undefined)}>${icon("close")}</button></div>
      <h2>${shape(incident.severity, 16)}<span>${incident.title}</span></h2>
      <div class="facts"><span>${joined([sayOf("severity", incident.severity), categoryOf(incident)])}</span>
        ${where === "" ? nothing : html`<span>${icon("pin")}${where}</span>`}
        <span>${icon("clock")}${joined([`${say("opened")} ${momentOf(incident.opened, desk.now())}`, incident.deadline && `${say("deadline_at")} ${momentOf(incident.deadline, desk.now())}`])}</span>
        <span>${icon("people")}${org === undefined ? say("unassigned") : say("assigned_to", { org })}</span>
        ${platformBadges(incident.platforms, 16)}</div>
      ${this.hints(incident)}</div>`;
  }

  private async copy(): Promise<void> {
    await navigator.clipboard?.writeText(location.href);
    this.isCopied = true;
    setTimeout(() => { this.isCopied = false; }, COPIED_MS);
  }

  private hints(incident: Incident): TemplateResult {
    const hint = (text: string, to?: string): TemplateResult => html`<div class="hint"><span class="grow">${text}</span>${
      to === undefined ? nothing : html`<button class="link" @click=${() => desk.choose(to, "link")}>${say("show_it")}</button>`}</div>`;
    const merged = this.detail?.merged?.length ?? 0;
    return html`${incident.merged_into ? hint(say("merged_into", { x: desk.store.get(incident.merged_into)?.number ?? incident.merged_into }), incident.merged_into) : nothing}
      ${incident.recurrence_of ? hint(say("recurrence_of"), incident.recurrence_of) : nothing}
      ${merged > 0 ? hint(say("merged_from", { n: merged + 1 })) : nothing}`;
  }

  private body(incident: Incident, detail: Detail): TemplateResult {
    return html`<hub-reports .reports=${detail.reports}></hub-reports>
      <hub-why .reports=${detail.reports}></hub-why>
      <hub-twins .incident=${incident} .detail=${detail}></hub-twins>
      <hub-history .detail=${detail}></hub-history>`;
  }

  private empty(title: string, text: string): TemplateResult {
    return html`<div class="empty"><strong>${title}</strong><span class="quiet">${text}</span></div>`;
  }

  private bones(): TemplateResult {
    return html`<div class="bones" aria-busy="true">${[40, 90, 90, 60, 30, 80].map((width) => html`<i .style=${`width:${width}%`}></i>`)}</div>`;
  }
}
