// Merge, when only one is chosen: with which of those near by.

import { LitElement, html, css, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { nearOf, type Near } from "../model/near";
import type { Incident } from "../model/types";
import { agoOf, joined } from "../text/format";
import { say } from "../text/say";
import { dialogStyle } from "./dialog_style";
import { shape } from "./icons";
import { areaOf, categoryOf, platformBadges, rowStyle, whereOf } from "./row";
import { shared } from "./style";

const MOST = 8;

@customElement("hub-dialog-near")
export class HubDialogNear extends LitElement {
  static override styles = [shared, rowStyle, dialogStyle, css`
    .side { display: flex; gap: 12px; align-items: center; }
    .hint { display: grid; gap: 16px; }
  `];

  @property({ attribute: false }) incident!: Incident;
  @state() private picked: ReadonlySet<string> = new Set();
  private list: Near[] = [];

  override willUpdate(): void {
    if (this.list.length === 0) this.list = nearOf(this.incident, desk.store.all(), MOST);
  }

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("input, .buttons button")?.focus();
  }

  override render(): TemplateResult {
    const isEmpty = this.list.length === 0;
    return html`<form class="hint" @submit=${this.submit}><p class="lead">${say(isEmpty ? "merge_none" : "merge_with")}</p>
      ${isEmpty ? "" : html`<div class="choices">${this.list.map((each) => this.choice(each))}</div>`}
      <div class="buttons"><button type="button" class="line" @click=${this.done}>${say("cancel")}</button>${
        isEmpty ? "" : html`<button class="main" ?disabled=${this.picked.size === 0}>${say("merge_next")}</button>`}</div></form>`;
  }

  private choice({ incident: each, metres, isSuspected }: Near): TemplateResult {
    const isOn = this.picked.has(each.incident);
    return html`<label class=${isOn ? "on" : ""}><input type="checkbox" .checked=${isOn} @change=${() => this.toggle(each.incident)} />${shape(each.severity)}
      <span class="who"><div class="cut"><strong>${categoryOf(each)}</strong> ${whereOf(each)}</div><div class="small quiet cut">${joined([
        metres === undefined ? undefined : say("metres", { n: Math.round(metres) }), areaOf(each), agoOf(each.opened, desk.now()), say("reports_n", { n: each.reports })])}</div></span>
      <span class="side">${isSuspected ? html`<strong class="small">${say("suspected")}</strong>` : ""} ${platformBadges(each.platforms, 3)}</span></label>`;
  }

  private toggle(id: string): void {
    const picked = new Set(this.picked);
    if (!picked.delete(id)) picked.add(id);
    this.picked = picked;
  }

  private readonly done = (): void => {
    this.dispatchEvent(new Event("done", { bubbles: true, composed: true }));
  };

  private submit(event: Event): void {
    event.preventDefault();
    if (this.picked.size > 0) this.dispatchEvent(new CustomEvent("picked", { detail: [this.incident.incident, ...this.picked] }));
  }
}
