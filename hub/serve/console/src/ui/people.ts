// Who may come in, for administrators: read alone, with the commands that add and remove. Loaded when it is first asked for.

import { LitElement, html, css, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { api } from "../net/api";
import type { Known } from "../model/types";
import { joined } from "../text/format";
import { say, sayOf } from "../text/say";
import type { Word } from "../text/zh";
import { icon } from "./icons";
import { shared } from "./style";

const COMMANDS: readonly [Word, string][] = [
  ["people_add", "hub user add NAME --role dispatcher --zones ZONE"], ["people_password", "hub user password NAME"], ["people_link", "hub user link NAME"],
  ["people_remove", "hub user remove NAME"], ["people_key", "hub user key NAME --role viewer"], ["people_key_remove", "hub user key NAME --remove"],
];
const COPIED_MS = 2000;

@customElement("hub-people")
export class HubPeople extends LitElement {
  static override styles = [shared, css`
    dialog { border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); background: var(--surface); color: var(--ink); padding: 16px 24px 24px; width: 720px; max-width: calc(100vw - 48px); max-height: calc(100vh - 48px); }
    dialog::backdrop { background: var(--veil); }
    header { display: flex; align-items: center; margin-right: -8px; }
    h2 { font-size: var(--t20); line-height: 28px; font-weight: 600; }
    h3 { font-size: var(--t14); font-weight: 600; padding: 20px 0 4px; }
    .lead { color: var(--ink-2); }
    table { border-collapse: collapse; width: 100%; }
    th { font-size: var(--t12); font-weight: 400; color: var(--ink-3); text-align: left; padding: 4px 12px 4px 0; }
    td { border-top: 1px solid var(--line); padding: 6px 12px 6px 0; overflow-wrap: anywhere; }
    th:first-child, td:first-child { width: 40%; }
    th:nth-child(2), td:nth-child(2) { width: 20%; }
    ul { border-top: 1px solid var(--line); }
    li { display: flex; align-items: center; gap: 12px; border-bottom: 1px solid var(--line); min-height: 36px; }
    .what { flex: 0 0 136px; color: var(--ink-2); }
    code { font: var(--t12)/18px ui-monospace, "Noto Sans Mono", monospace; background: var(--raised); border: 1px solid var(--line); border-radius: 3px; padding: 1px 6px; overflow-wrap: anywhere; }
  `];

  @query("dialog") private dialog!: HTMLDialogElement;
  @state() private known: { users: Known[]; keys: Known[] } | undefined;
  @state() private isFailed = false;
  @state() private copied: string | undefined;

  get isOpen(): boolean {
    return this.dialog?.open ?? false;
  }

  async show(): Promise<void> {
    await this.updateComplete;
    if (!this.dialog.open) this.dialog.showModal();
    this.isFailed = false;
    try {
      this.known = await api.people();
    } catch {
      this.isFailed = true;
    }
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="people-title">
      <header><h2 id="people-title" class="grow">${say("people")}</h2><button class="icon" aria-label=${say("key_esc")} @click=${() => this.dialog.close()}>${icon("close")}</button></header>
      <p class="lead">${say("people_lead")}</p>
      ${this.isFailed ? html`<p class="light-red" role="alert">${joined([say("read_failed"), say("problem_away")])}</p>` : ""}
      ${this.known ? html`${this.table("people_users", this.known.users)}${this.table("people_keys", this.known.keys)}` : ""}
      ${desk.settings.sign_in ? html`<p class="small quiet">${say("people_oidc")}</p>` : ""}
      <h3>${say("people_how")}</h3><ul>${COMMANDS.map(([word, text]) => this.command(word, text))}</ul></dialog>`;
  }

  private table(title: Word, list: readonly Known[]): TemplateResult {
    if (list.length === 0) return html`<h3>${say(title)}</h3><p class="quiet">${say("people_none")}</p>`;
    return html`<h3>${say(title)}</h3><table aria-label=${say(title)}><thead><tr><th>${say("people_name")}</th><th>${say("people_role")}</th><th>${say("zone")}</th></tr></thead>
      <tbody>${list.map((each) => html`<tr><td>${each.name}</td><td>${sayOf("role", each.role)}</td>
        <td>${each.all_zones ? say("all_zones") : joined(each.zones.map((zone) => desk.zoneName(zone)))}</td></tr>`)}</tbody></table>`;
  }

  private command(word: Word, text: string): TemplateResult {
    return html`<li><span class="what">${say(word)}</span><span class="grow"><code>${text}</code></span><button class="link small" @click=${() => void this.copy(text)}>${say(this.copied === text ? "copied" : "copy")}</button></li>`;
  }

  private async copy(text: string): Promise<void> {
    await navigator.clipboard?.writeText(text);
    this.copied = text;
    setTimeout(() => { this.copied = undefined; }, COPIED_MS);
  }
}
