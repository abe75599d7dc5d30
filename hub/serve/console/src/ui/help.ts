// The overlay of keys, and what shapes and lights mean.

import { LitElement, html, css, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { SEVERITIES } from "../model/types";
import { say, sayOf } from "../text/say";
import type { Word } from "../text/zh";
import { icon, shape, lightIcon } from "./icons";
import { shared } from "./style";

const KEYS: readonly [string, Word][] = [
  ["j", "key_j"], ["k", "key_k"], ["Enter", "key_enter"], ["/", "key_slash"], ["x", "key_x"], ["m", "key_m"], ["s", "key_s"], ["a", "key_a"],
  ["c", "key_c"], ["u", "key_u"], ["t", "key_t"], ["f", "key_f"], ["w", "key_w"], ["?", "key_help"], ["Esc", "key_esc"],
];

@customElement("hub-help")
export class HubHelp extends LitElement {
  static override styles = [shared, css`
    dialog { border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); background: var(--surface); color: var(--ink); padding: 16px 24px 24px; width: 600px; max-width: calc(100vw - 48px); }
    dialog::backdrop { background: var(--veil); }
    header { display: flex; align-items: center; padding-bottom: 12px; margin-right: -8px; }
    h2 { font-size: var(--t20); line-height: 28px; font-weight: 600; }
    dl { columns: 2; column-gap: 32px; }
    dl div { display: flex; gap: 12px; padding: 4px 0; break-inside: avoid; align-items: center; }
    dt { width: 56px; text-align: right; }
    kbd { font: var(--t12)/20px var(--font); display: inline-block; min-width: 24px; text-align: center; border: 1px solid var(--line-strong); border-bottom-width: 2px; border-radius: var(--radius); padding: 0 6px; background: var(--raised); }
    .legend { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 16px; display: grid; gap: 12px; }
    .legend div { display: flex; gap: 16px; flex-wrap: wrap; align-items: center; }
    .legend span { display: inline-flex; gap: 6px; align-items: center; }
  `];

  @query("dialog") private dialog!: HTMLDialogElement;

  constructor() {
    super();
    new Watch(this);
  }

  get isOpen(): boolean {
    return this.dialog?.open ?? false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("help", this.show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("help", this.show);
  }

  private readonly show = (): void => {
    if (!this.dialog.open) this.dialog.showModal();
  };

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="help-title" @keydown=${(event: KeyboardEvent) => { if (event.key === "?") { event.preventDefault(); this.dialog.close(); } }}>
      <header><h2 id="help-title" class="grow">${say("help_title")}</h2><button class="icon" aria-label=${say("key_esc")} @click=${() => this.dialog.close()}>${icon("close")}</button></header>
      <dl>${KEYS.map(([key, word]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${say(word)}</dd></div>`)}</dl>
      <div class="legend"><p class="quiet small">${say("shapes_help")}</p><div>${SEVERITIES.map((each) => html`<span>${shape(each)}${sayOf("severity", each)}</span>`)}</div>
        <p class="quiet small">${say("lights_help")}</p><div>${(["green", "yellow", "red"] as const).map((light) => html`<span class="light-${light}">${lightIcon(light)}${
          light === "green" ? "< 80 %" : light === "yellow" ? "≥ 80 %" : "> 100 %"}</span>`)}</div></div></dialog>`;
  }
}
