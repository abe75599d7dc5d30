// Which screen: to log in, the desk, or the wall; and a new version of the page itself.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Feed } from "../app/feed";
import { applyPrefs } from "../app/prefs";
import { api, Refusal } from "../net/api";
import { say } from "../text/say";
import { shared } from "./style";
import "./enter";

const VERSION_MS = 300_000;
const isWall = new URLSearchParams(location.search).has("wall");

@customElement("hub-app")
export class HubApp extends LitElement {
  static override styles = [shared, css`
    .new { position: fixed; right: 16px; bottom: 16px; background: var(--surface); border: 1px solid var(--line); box-shadow: var(--shadow); border-radius: var(--radius); padding: 8px 8px 8px 16px; display: flex; gap: 16px; align-items: center; z-index: 70; }
    .away { display: grid; place-content: center; min-height: 100vh; text-align: center; gap: 8px; }
  `];

  @state() private screen: "none" | "away" | "enter" | "desk" | "wall" = "none";
  @state() private isExpired = false;
  @state() private isOld = false;
  private feed: Feed | undefined;
  private version: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    applyPrefs(isWall ? "dark" : undefined);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!isWall) applyPrefs(); });
    desk.addEventListener("expired", () => { this.isExpired = true; this.screen = "enter"; });
    desk.addEventListener("boot", () => void this.lookForNew());
    addEventListener("hashchange", () => desk.choose(location.hash.slice(1) || undefined, "link"));
    setInterval(() => void this.lookForNew(), VERSION_MS);
    void this.begin();
  }

  private async begin(): Promise<void> {
    try {
      desk.settings = await api.settings().catch((cause) => { if (cause instanceof Refusal) return {}; throw cause; });
      this.version ??= desk.settings.version;
      desk.me = await api.me();
    } catch (cause) {
      if (cause instanceof Refusal && (cause.problem.status === 401 || cause.problem.status === 403)) this.screen = "enter";
      else {
        this.screen = "away";
        setTimeout(() => void this.begin(), 2000);
      }
      return;
    }
    await (isWall ? import("./wall") : import("./desk"));
    if (location.hash.length > 1) desk.chosen = decodeURIComponent(location.hash.slice(1));
    this.screen = isWall ? "wall" : "desk";
    this.feed?.stop();
    desk.lastSign = performance.now();
    this.feed = new Feed();
    void this.feed.start();
  }

  /** The wall loads a new version by itself; at a desk a person decides when. */
  private async lookForNew(): Promise<void> {
    const settings = await api.settings().catch(() => undefined);
    if (settings?.version === undefined || this.version === undefined || settings.version === this.version) return;
    if (isWall) location.reload();
    else this.isOld = true;
  }

  override render(): TemplateResult | typeof nothing {
    const notice = this.isOld ? html`<div class="new">${say("new_version")}<button class="main" @click=${() => location.reload()}>${say("reload")}</button></div>` : nothing;
    switch (this.screen) {
      case "none": return nothing;
      case "away": return html`<div class="away"><strong>${say("problem_away")}</strong><span class="quiet">${say("waiting_line")}…</span></div>`;
      case "enter": return html`<hub-enter ?expired=${this.isExpired} @entered=${() => { this.isExpired = false; void this.begin(); }}></hub-enter>${notice}`;
      case "wall": return html`<hub-wall></hub-wall>`;
      case "desk": return html`<hub-desk></hub-desk>${notice}`;
    }
  }
}
