// Merge: which one stays, and what will be.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { give } from "../app/orders";
import { gravity } from "../model/order";
import { incidentOf } from "../model/store";
import type { Feature, Incident } from "../model/types";
import { ask } from "../net/api";
import { joined, momentOf } from "../text/format";
import { say, sayOf } from "../text/say";
import { dialogStyle } from "./dialog_style";
import { shape } from "./icons";
import { areaOf, categoryOf, platformBadges, rowStyle, whereOf } from "./row";
import { shared } from "./style";
import "./dialog_near";

@customElement("hub-dialog-merge")
export class HubDialogMerge extends LitElement {
  static override styles = [shared, rowStyle, dialogStyle, css`
    .side { display: flex; gap: 12px; align-items: center; }
    .hint { display: grid; gap: 16px; }
  `];

  @property({ attribute: false }) among: string[] = [];
  @state() private survivor: string | undefined;
  @state() private incidents: Incident[] = [];
  @state() private isGathering = true;
  private note = "";
  private isBegun = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const ids = this.among.length > 0 ? this.among : [...new Set([...desk.ticked, ...(desk.ticked.length < 2 && desk.chosen !== undefined ? [desk.chosen] : [])])];
    void this.gather(ids);
  }

  /** A twin may be one that the list does not hold. */
  private async gather(ids: readonly string[]): Promise<void> {
    const all = await Promise.all(ids.map(async (id) => desk.store.get(id)
      ?? ask(`/v1/collections/incidents/items/${encodeURIComponent(id)}`).then(async (answer) => incidentOf((await answer.json()) as Feature)).catch(() => undefined)));
    this.incidents = all.filter((each) => each !== undefined);
    this.isGathering = false;
    this.survivor = [...this.incidents].sort((one, other) => other.reports - one.reports || (one.opened < other.opened ? -1 : 1))[0]?.incident;
  }

  override updated(): void {
    if (this.isBegun) return;
    const first = this.renderRoot.querySelector<HTMLElement>("input, .buttons button");
    this.isBegun = first?.matches("input") === true;
    first?.focus();
  }

  override render(): TemplateResult {
    if (this.isGathering) return html``;
    if (this.incidents.length === 1) {
      return html`<hub-dialog-near .incident=${this.incidents[0]} @picked=${(event: CustomEvent<string[]>) => void this.gather(event.detail)}></hub-dialog-near>`;
    }
    if (this.incidents.length < 2) {
      return html`<div class="hint"><p class="lead">${say("merge_hint")}</p><div class="buttons"><button class="line" @click=${this.done}>${say("cancel")}</button></div></div>`;
    }
    return html`<form @submit=${this.submit}><p class="lead">${say("merge_lead")}</p>
      <div class="choices" role="radiogroup">${this.incidents.map((each) => this.choice(each))}</div>
      <p class="result">${this.result()}</p>
      <label class="field"><span>${say("note_optional")}</span><textarea maxlength="1000" @input=${(event: Event) => { this.note = (event.target as HTMLTextAreaElement).value; }}></textarea></label>
      <div class="buttons"><button type="button" class="line" @click=${this.done}>${say("cancel")}</button><button class="main" autofocus>${say("merge")}</button></div></form>`;
  }

  private choice(each: Incident): TemplateResult {
    const isOn = each.incident === this.survivor;
    return html`<label class=${isOn ? "on" : ""}><input type="radio" name="survivor" .checked=${isOn} @change=${() => { this.survivor = each.incident; }} />${shape(each.severity)}
      <span class="who"><div class="cut"><strong>${categoryOf(each)}</strong> ${whereOf(each)}</div><div class="small quiet cut">${joined([each.number, areaOf(each), momentOf(each.opened, desk.now()), say("reports_n", { n: each.reports })])}</div></span>
      <span class="side">${isOn ? html`<strong class="small">${say("survivor")}</strong>` : nothing} ${platformBadges(each.platforms, 3)}</span></label>`;
  }

  private result(): string {
    const gravest = [...this.incidents].sort((one, other) => gravity(one) - gravity(other))[0] as Incident;
    const platforms = new Set(this.incidents.flatMap((each) => each.platforms));
    return say("merge_result", { r: this.incidents.reduce((sum, each) => sum + each.reports, 0), p: platforms.size, s: sayOf("severity", gravest.severity) });
  }

  private readonly done = (): void => {
    this.dispatchEvent(new Event("done", { bubbles: true, composed: true }));
  };

  private submit(event: Event): void {
    event.preventDefault();
    const survivor = this.incidents.find((each) => each.incident === this.survivor);
    if (!survivor) return;
    const ids = [survivor.incident, ...this.incidents.map((each) => each.incident).filter((id) => id !== survivor.incident)];
    void give({ verb: "merge", incidents: ids, ...(this.note.trim() === "" ? {} : { note: this.note.trim() }) }, survivor);
    desk.choose(survivor.incident, "link");
    this.done();
  }
}
