// Sixteen platforms as sixteen lights; what each says opens under it.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import type { Platform } from "../model/types";
import { agoOf, badgeOf, countOf } from "../text/format";
import { nameOf, pick, say, sayOf } from "../text/say";
import { icon } from "./icons";
import { shared } from "./style";

@customElement("hub-lamps")
export class HubLamps extends LitElement {
  static override styles = [shared, css`
    .bar { display: flex; gap: 1px; }
    .bar > button { min-height: 32px; padding: 4px 0 3px; width: 24px; flex-direction: column; gap: 3px; font-size: 11px; line-height: 13px; color: var(--ink-2); border-radius: 3px; }
    .lamp { width: 16px; height: 5px; border-radius: 3px; background: var(--grey); display: block; }
    .lamp.green { background: var(--green); }
    .lamp.yellow { background: repeating-linear-gradient(90deg, var(--yellow) 0 4px, transparent 4px 6px); }
    .lamp.red { background: var(--red); height: 9px; margin: -2px 0; }
    .lamp.grey { background: none; border: 1px solid var(--grey); }
    .red-word { color: var(--red); font-weight: 700; }
    .card { position: absolute; top: calc(var(--head) + 4px); left: 50%; transform: translateX(-50%); width: 640px; max-width: calc(100vw - 24px); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: 16px; display: grid; gap: 12px; z-index: 30; }
    .card header { display: flex; align-items: center; gap: 8px; }
    h2 { font-size: var(--t16); font-weight: 600; }
    table { border-collapse: collapse; width: 100%; font-size: var(--t12); line-height: 16px; }
    th { white-space: nowrap; font-weight: 400; color: var(--ink-3); text-align: right; padding: 2px 6px; }
    td { padding: 4px 6px; border-top: 1px solid var(--line); text-align: right; white-space: nowrap; }
    th:first-child, td:first-child { text-align: left; width: 100%; max-width: 0; overflow: hidden; text-overflow: ellipsis; }
    tr.at td { background: var(--accent-soft); }
    td .lamp { display: inline-block; margin: 0 6px 1px 0; vertical-align: middle; }
    td .lamp.red { margin: -1px 6px 0 0; }
    .said { white-space: normal; color: var(--ink-2); }
  `];

  @property({ attribute: false }) open: string | undefined;
  @state() private hasChart = false;

  constructor() {
    super();
    new Watch(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.outside);
    document.addEventListener("keydown", this.key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.outside);
    document.removeEventListener("keydown", this.key);
  }

  private readonly outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.open = undefined;
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.open = undefined;
  };

  private async toggle(id: string): Promise<void> {
    this.open = this.open === id ? undefined : id;
    if (!this.hasChart) {
      await import("./chart");
      this.hasChart = true;
    }
  }

  override render(): TemplateResult {
    return html`<div class="bar" role="group" aria-label=${say("platforms")}>${desk.platforms.map((each) => html`
      <button title=${`${nameOf(each)} · ${sayOf("lamp", each.light)}`} aria-label=${`${badgeOf(each.platform)} ${nameOf(each)} ${sayOf("lamp", each.light)}`} aria-expanded=${this.open === each.platform}
        @click=${() => void this.toggle(each.platform)}><span class="lamp ${each.light}"></span><span class=${each.light === "red" ? "red-word" : ""}>${badgeOf(each.platform)}</span></button>`)}</div>
      ${this.open === undefined ? nothing : this.card()}`;
  }

  private card(): TemplateResult {
    return html`<div class="card" role="dialog" aria-label=${say("platforms")}>
      <header><h2 class="grow">${say("platforms")}</h2><button class="icon" aria-label=${say("key_esc")} @click=${() => { this.open = undefined; }}>${icon("close")}</button></header>
      <table><thead><tr><th></th><th>${say("platform_last")}</th><th>${say("platform_lag")}</th><th>${say("platform_published")}</th><th>${say("platform_rejected")}</th></tr></thead>
        <tbody>${desk.platforms.map((each) => this.line(each))}</tbody></table>
      ${this.hasChart ? html`<hub-chart></hub-chart>` : nothing}</div>`;
  }

  private line(each: Platform): TemplateResult {
    const said = pick(each.said);
    return html`<tr class=${each.platform === this.open ? "at" : ""}>
      <td title=${said}><span class="lamp ${each.light}"></span>${badgeOf(each.platform)} ${nameOf(each)}${each.light !== "green" && said !== "" ? html` <span class="quiet">${said}</span>` : nothing}</td>
      <td>${each.last_event ? agoOf(each.last_event, desk.now()) : say("platform_never")}</td><td>${countOf(each.lag)}</td><td>${countOf(each.published_today)}</td><td>${countOf(each.rejected_today)}</td></tr>`;
  }
}
