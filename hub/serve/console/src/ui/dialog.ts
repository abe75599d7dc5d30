// The one dialogue of the desk: a frame around what a command needs to be told.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Wish } from "../app/act";
import { desk } from "../app/desk";
import { say, sayOf } from "../text/say";
import { icon } from "./icons";
import { shared } from "./style";
import "./dialog_merge";
import "./dialog_split";
import "./dialog_text";

@customElement("hub-dialog")
export class HubDialog extends LitElement {
  static override styles = [shared, css`
    dialog { border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); background: var(--surface); color: var(--ink); padding: 0; width: 640px; max-width: calc(100vw - 48px); max-height: calc(100vh - 48px); }
    dialog.narrow { width: 440px; }
    dialog::backdrop { background: var(--veil); }
    header { display: flex; align-items: center; padding: 16px 16px 0 24px; }
    h2 { font-size: var(--t20); line-height: 28px; font-weight: 600; }
    .inside { padding: 8px 24px 24px; }
  `];

  @query("dialog") private dialog!: HTMLDialogElement;
  @state() private wish: Wish | undefined;

  get isOpen(): boolean {
    return this.wish !== undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("act", this.asked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("act", this.asked);
  }

  private readonly asked = (event: Event): void => {
    const wish = (event as CustomEvent<Wish>).detail;
    if (wish.verb !== "merge" && desk.chosen === undefined) return;
    this.wish = wish;
    void this.updateComplete.then(() => { if (!this.dialog.open) this.dialog.showModal(); });
  };

  private readonly close = (): void => {
    this.dialog.close();
  };

  override render(): TemplateResult {
    const verb = this.wish?.verb;
    const title = verb === undefined ? "" : verb === "merge" ? say("merge_title") : verb === "split" ? say("split_title")
      : verb === "assign" || verb === "dispatch" ? say("assign_title") : verb === "note" ? say("note_title") : sayOf("verb", verb);
    return html`<dialog class=${verb === "merge" || verb === "split" ? "" : "narrow"} aria-labelledby="title" @close=${() => { this.wish = undefined; }} @done=${this.close}>
      <header><h2 id="title" class="grow">${title}</h2><button class="icon" aria-label=${say("cancel")} @click=${this.close}>${icon("close")}</button></header>
      <div class="inside">${this.inside()}</div></dialog>`;
  }

  private inside(): TemplateResult | typeof nothing {
    if (!this.wish) return nothing;
    switch (this.wish.verb) {
      case "merge": return html`<hub-dialog-merge .among=${this.wish.incidents ?? []}></hub-dialog-merge>`;
      case "split": return html`<hub-dialog-split></hub-dialog-split>`;
      default: return html`<hub-dialog-text .verb=${this.wish.verb}></hub-dialog-text>`;
    }
  }
}
