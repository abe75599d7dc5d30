// What the server finds for the words of the search box: closed incidents too, and a platform's own case number.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { api } from "../net/api";
import { incidentOf } from "../model/store";
import { badgeOf } from "../text/format";
import { say } from "../text/say";
import { shared } from "./style";

interface Case {
  incident?: string;
  platform?: string;
  subject?: string;
  title?: string;
  number?: string;
  state?: string;
}

@customElement("hub-found")
export class HubFound extends LitElement {
  static override styles = [shared, css`
    .box { position: absolute; top: 38px; left: 0; right: 0; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); padding: 8px; display: grid; gap: 2px; }
    p { padding: 4px 8px; }
    button { justify-content: flex-start; width: 100%; }
  `];

  @state() private words = "";
  @state() private cases: Case[] | undefined;
  @state() private isBusy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("search", this.search);
    desk.addEventListener("filter", this.hide);
    desk.addEventListener("choose", this.hide);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("search", this.search);
    desk.removeEventListener("filter", this.hide);
    desk.removeEventListener("choose", this.hide);
  }

  private readonly hide = (): void => {
    this.cases = undefined;
  };

  private readonly search = (event: Event): void => {
    this.words = (event as CustomEvent<string>).detail;
    if (this.words !== "") void this.ask(this.words);
  };

  private async ask(words: string): Promise<void> {
    this.isBusy = true;
    const [page, found] = await Promise.allSettled([
      api.items(new URLSearchParams({ q: words, limit: "100" })),
      /^[\w.:%-]{5,}$/.test(words) && desk.mayAct() ? api.find(words) : Promise.resolve(undefined),
    ]);
    this.isBusy = false;
    if (words !== this.words) return;
    if (page.status === "fulfilled") {
      for (const feature of page.value.features) desk.store.put(incidentOf(feature));
      desk.extra = new Set(page.value.features.map((feature) => feature.id));
      desk.refresh();
      desk.dispatchEvent(new Event("filter"));
    }
    const list = found.status === "fulfilled" ? found.value?.["cases"] : undefined;
    this.cases = Array.isArray(list) ? (list as Case[]) : undefined;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.isBusy) return html`<div class="box"><p class="quiet">${say("searching")}…</p></div>`;
    if (!this.cases) return nothing;
    if (this.cases.length === 0) return desk.shown.length > 0 ? nothing : html`<div class="box"><p class="quiet">${say("found_none")}</p></div>`;
    return html`<div class="box"><p class="quiet small">${say("found_cases")}</p>${this.cases.slice(0, 8).map((each) => html`
      <button ?disabled=${each.incident === undefined} @click=${() => desk.choose(each.incident, "link")}><span class="quiet">${badgeOf(each.platform ?? "")}</span>
        <span class="cut">${each.title ?? each.subject ?? each.number ?? ""}</span></button>`)}</div>`;
  }
}
