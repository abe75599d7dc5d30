// What can be done with the chosen incident: the next steps of its state, and the rest behind one button.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { act, verbsOf } from "../app/act";
import { desk } from "../app/desk";
import type { Detail, Incident, Verb } from "../model/types";
import { say, sayOf } from "../text/say";
import { icon, type IconName } from "./icons";
import { shared } from "./style";

const ICONS: Partial<Record<Verb, IconName>> = { assign: "people", close: "check", merge: "merge", split: "split", note: "note", confirm: "check", reopen: "undo", dispose: "clock" };
const KEYS: Partial<Record<Verb, string>> = { merge: "m", split: "s", assign: "a", close: "c" };

@customElement("hub-acts")
export class HubActs extends LitElement {
  static override styles = [shared, css`
    :host { border-top: 1px solid var(--line); padding: 12px 16px; background: var(--surface); flex: none; }
    .bar { display: flex; gap: 8px; align-items: center; position: relative; }
    .bar button { min-height: 32px; padding: 0 12px; }
    .bar button.icon { width: 32px; padding: 0; }
    .menu { position: absolute; right: 0; bottom: 40px; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: 4px; display: grid; min-width: 160px; z-index: 5; }
    .menu button { justify-content: flex-start; }
  `];

  @property({ attribute: false }) detail!: Detail;
  @property({ attribute: false }) incident!: Incident;
  @state() private isOpen = false;

  private readonly outside = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.isOpen = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.outside);
  }

  override render(): TemplateResult {
    if (!desk.mayAct()) return html`<p class="quiet small">${say("read_only")}</p>`;
    if (this.incident.merged_into !== undefined) return html``;
    const { first, more } = verbsOf(this.incident);
    const splits = this.detail.reports.filter((report) => report.active !== false).length > 1;
    return html`<div class="bar" role="toolbar" aria-label=${say("acts")}>
      ${first.map((verb, at) => this.button(verb, at === 0 ? "main" : "line"))}
      ${this.button("merge", "line")}${splits ? this.button("split", "line") : nothing}<span class="grow"></span>
      <button class="icon line" aria-haspopup="true" aria-expanded=${this.isOpen} title=${say("more_acts")} aria-label=${say("more_acts")} @click=${() => { this.isOpen = !this.isOpen; }}>${icon("dots")}</button>
      ${this.isOpen ? html`<div class="menu">${more.map((verb) => this.button(verb, ""))}</div>` : nothing}</div>`;
  }

  private button(verb: Verb, look: string): TemplateResult {
    const name = ICONS[verb];
    const key = KEYS[verb];
    return html`<button class=${look} data-verb=${verb} title=${key === undefined ? nothing : `${sayOf("verb", verb)} (${key})`} @click=${() => { this.isOpen = false; act({ verb }); }}>${name ? icon(name) : nothing}${sayOf("verb", verb)}</button>`;
  }
}
