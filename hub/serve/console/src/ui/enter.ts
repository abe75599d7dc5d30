// Who is there? User and password, or the account of the office.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { prefs, setPrefs } from "../app/prefs";
import { api, Refusal } from "../net/api";
import { say } from "../text/say";
import { shared } from "./style";

@customElement("hub-enter")
export class HubEnter extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; place-items: center; min-height: 100vh; padding: 24px; }
    form { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 40px; width: 376px; display: grid; gap: 16px; }
    .name { display: flex; gap: 12px; align-items: center; font-size: var(--t20); line-height: 28px; font-weight: 600; padding-bottom: 8px; }
    .name img { width: 32px; height: 32px; }
    label { display: grid; gap: 4px; }
    label span { font-size: var(--t12); color: var(--ink-2); }
    input { min-height: 40px; padding: 8px 12px; font-size: var(--t16); }
    button.main, a.other { min-height: 40px; }
    a.other { display: flex; align-items: center; justify-content: center; border: 1px solid var(--line-strong); border-radius: var(--radius); text-decoration: none; }
    .trouble { color: var(--red); min-height: 20px; }
    .foot { display: flex; justify-content: center; padding-top: 16px; }
  `];

  @property({ type: Boolean }) expired = false;
  @state() private trouble = "";
  @state() private isBusy = false;
  @query("#user") private user!: HTMLInputElement;
  @query("#password") private password!: HTMLInputElement;

  override firstUpdated(): void {
    this.user.focus();
  }

  override render(): TemplateResult {
    const trouble = this.trouble || (this.expired ? say("enter_expired") : "");
    return html`<main><form @submit=${this.submit}>
      <h1 class="name"><img src="/icon.svg" alt="" />${say("product")}</h1>
      <label for="user"><span>${say("user")}</span><input id="user" name="user" autocomplete="username" required maxlength="64" autocapitalize="off" spellcheck="false" /></label>
      <label for="password"><span>${say("password")}</span><input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256" /></label>
      <p class="trouble" role="alert">${trouble}</p>
      <button class="main" ?disabled=${this.isBusy}>${say("enter")}</button>
      ${desk.settings.sign_in ? html`<a class="other" href="/v1/session/oidc">${say("oidc")}</a>` : nothing}</form>
      <div class="foot"><button class="link" lang=${prefs.language === "zh" ? "en" : "zh-CN"} @click=${this.language}>${say("language")}</button></div></main>`;
  }

  private language(): void {
    setPrefs({ language: prefs.language === "zh" ? "en" : "zh" });
    this.requestUpdate();
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.isBusy = true;
    this.trouble = "";
    try {
      await api.enter(this.user.value, this.password.value);
      this.dispatchEvent(new Event("entered"));
    } catch (cause) {
      this.trouble = !(cause instanceof Refusal) ? say("enter_away")
        : cause.problem.status === 429 ? say("enter_limit", { n: cause.problem.retry ?? 60 })
          : cause.problem.status === 401 || cause.problem.status === 403 ? say("enter_wrong") : (cause.problem.detail ?? cause.problem.title);
      this.password.value = "";
      this.password.focus();
    } finally {
      this.isBusy = false;
    }
  }
}
