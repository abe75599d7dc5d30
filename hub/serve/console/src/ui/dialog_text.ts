// Assign, dispatch, close, reject and note: an organisation, or only a note.

import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { desk } from "../app/desk";
import { give } from "../app/orders";
import type { Order } from "../net/api";
import type { Verb } from "../model/types";
import { say, sayOf } from "../text/say";
import { dialogStyle } from "./dialog_style";
import { shape } from "./icons";
import { categoryOf, whereOf } from "./row";
import { shared } from "./style";

@customElement("hub-dialog-text")
export class HubDialogText extends LitElement {
  static override styles = [shared, dialogStyle];

  @property({ attribute: false }) verb: Verb = "note";
  @query("input") private org!: HTMLInputElement | null;
  @query("textarea") private text!: HTMLTextAreaElement;
  private readonly incident = desk.chosenIncident;

  override firstUpdated(): void {
    (this.org ?? this.text).focus();
  }

  override render(): TemplateResult {
    const incident = this.incident;
    if (!incident) return html``;
    const asksOrg = this.verb === "assign" || this.verb === "dispatch";
    return html`<form @submit=${this.submit}>
      <p class="lead cut">${shapeLine(incident)}</p>
      ${asksOrg ? html`<label class="field"><span>${say("org")}</span><input maxlength="60" list="orgs" placeholder=${say("org_hint")} .value=${incident.assigned_to?.org ?? ""} required />
        <datalist id="orgs">${orgs().map((org) => html`<option value=${org}></option>`)}</datalist></label>` : nothing}
      <label class="field"><span>${say(this.verb === "note" ? "note" : "note_optional")}</span><textarea maxlength="1000" ?required=${this.verb === "note"} @keydown=${this.key}></textarea></label>
      <div class="buttons"><button type="button" class="line" @click=${this.done}>${say("cancel")}</button><button class="main">${sayOf("verb", this.verb)}</button></div></form>`;
  }

  private readonly done = (): void => {
    this.dispatchEvent(new Event("done", { bubbles: true, composed: true }));
  };

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
  }

  private submit(event: Event): void {
    event.preventDefault();
    if (!this.incident) return;
    const what: Order = { verb: this.verb, incident: this.incident.incident };
    const note = this.text.value.trim();
    if (note !== "") what.note = note;
    if (this.org && this.org.value.trim() !== "") what.args = { org: this.org.value.trim() };
    void give(what, this.verb === "note" ? undefined : this.incident);
    this.done();
  }
}

function shapeLine(incident: Parameters<typeof whereOf>[0] & Parameters<typeof categoryOf>[0] & { severity: Parameters<typeof shape>[0] }): TemplateResult {
  return html`<strong>${categoryOf(incident)}</strong> ${whereOf(incident)}`;
}

/** Those that incidents here were given to already. */
function orgs(): string[] {
  const all = new Set<string>();
  for (const incident of desk.store.all()) if (incident.assigned_to?.org !== undefined) all.add(incident.assigned_to.org);
  return [...all].sort();
}
