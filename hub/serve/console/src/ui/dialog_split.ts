// Split: which reports leave; both halves are seen.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { give } from "../app/orders";
import { api } from "../net/api";
import type { Report } from "../model/types";
import { badgeOf, joined, momentOf } from "../text/format";
import { say } from "../text/say";
import { dialogStyle } from "./dialog_style";
import { platformName } from "./reports";
import { shared } from "./style";

@customElement("hub-dialog-split")
export class HubDialogSplit extends LitElement {
  static override styles = [shared, dialogStyle, css`
    .choices label { grid-template-columns: 16px minmax(0, 1fr) auto; }
    .side { font-size: var(--t12); color: var(--ink-3); }
    .on .side { color: var(--accent); font-weight: 600; }
  `];

  @state() private reports: Report[] = [];
  @state() private leaving: ReadonlySet<string> = new Set();
  private note = "";
  private isBegun = false;
  private readonly incident = desk.chosenIncident;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.incident) void api.detail(this.incident.incident).then((detail) => { this.reports = detail.reports.filter((report) => report.active !== false); });
  }

  override updated(): void {
    if (this.isBegun) return;
    const first = this.renderRoot.querySelector<HTMLElement>("input, .buttons button");
    this.isBegun = first?.matches("input") === true;
    first?.focus();
  }

  override render(): TemplateResult {
    const isRight = this.leaving.size > 0 && this.leaving.size < this.reports.length;
    return html`<form @submit=${this.submit}><p class="lead">${say("split_lead")}</p>
      <div class="choices">${this.reports.map((report) => this.choice(report))}</div>
      <p class="result">${joined([`${say("split_stay")} ${this.reports.length - this.leaving.size}`, `${say("split_leave")} ${this.leaving.size}`])}${isRight ? nothing : html` <span class="quiet">${say("split_hint")}</span>`}</p>
      <label class="field"><span>${say("note_optional")}</span><textarea maxlength="1000" @input=${(event: Event) => { this.note = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <div class="buttons"><button type="button" class="line" @click=${this.done}>${say("cancel")}</button><button class="main" ?disabled=${!isRight}>${say("verb_split")}</button></div></form>`;
  }

  private choice(report: Report): TemplateResult {
    const isOn = this.leaving.has(report.event);
    return html`<label class=${isOn ? "on" : ""}><input type="checkbox" .checked=${isOn} @change=${() => this.toggle(report.event)} />
      <span class="who"><div class="cut"><span class="badge">${badgeOf(report.platform)}</span> <strong>${platformName(report.platform)}</strong> ${report.title ?? ""}</div>
        <div class="small quiet cut">${joined([momentOf(report.time.occurred ?? report.time.reported, desk.now()), report.description])}</div></span>
      <span class="side">${say(isOn ? "split_leave" : "split_stay")}</span></label>`;
  }

  private toggle(event: string): void {
    const leaving = new Set(this.leaving);
    if (!leaving.delete(event)) leaving.add(event);
    this.leaving = leaving;
  }

  private readonly done = (): void => {
    this.dispatchEvent(new Event("done", { bubbles: true, composed: true }));
  };

  private submit(event: Event): void {
    event.preventDefault();
    if (!this.incident || this.leaving.size === 0) return;
    void give({ verb: "split", incident: this.incident.incident, events: [...this.leaving], ...(this.note.trim() === "" ? {} : { note: this.note.trim() }) }, this.incident);
    this.done();
  }
}
