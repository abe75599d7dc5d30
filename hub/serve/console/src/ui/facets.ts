// The filters at the left: each choice with how many it would show.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { prefs, setPrefs } from "../app/prefs";
import { Watch } from "../app/watch";
import { FACETS, type Facet } from "../model/filters";
import { OPEN_STATES, SEVERITIES, type Severity } from "../model/types";
import { nameOf, say, sayOf } from "../text/say";
import { badgeOf, countOf } from "../text/format";
import { icon, shape } from "./icons";
import { regionName } from "./row";
import { shared } from "./style";

const FEW = 6;

@customElement("hub-facets")
export class HubFacets extends LitElement {
  static override styles = [shared, css`
    :host { background: var(--surface); overflow-y: auto; scrollbar-width: thin; width: 184px; }
    :host(.folded) { width: 36px; overflow: hidden; }
    header { display: flex; align-items: center; height: 40px; padding: 0 4px 0 12px; border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--surface); z-index: 1; }
    :host(.folded) header { padding: 0 4px; }
    h2 { font-size: var(--t14); font-weight: 600; }
    section { padding: 12px 8px 4px; }
    h3 { font-size: var(--t12); line-height: 16px; font-weight: 600; color: var(--ink-3); padding: 0 4px 4px; }
    .choice { width: 100%; justify-content: flex-start; padding: 0 4px; gap: 6px; font-weight: 400; }
    .choice .n { color: var(--ink-3); font-size: var(--t12); }
    .choice[aria-pressed="true"] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
    .choice[aria-pressed="true"] .n { color: inherit; }
    .choice.none { color: var(--ink-3); }
    .badge { width: 18px; text-align: center; color: var(--ink-3); font-size: var(--t12); flex: none; }
    .mark { width: 18px; display: flex; justify-content: center; flex: none; }
    .link.more { padding: 0 5px; min-height: 24px; font-size: var(--t12); }
  `];

  @state() private all = new Set<Facet>();

  constructor() {
    super();
    new Watch(this);
  }

  override render(): TemplateResult {
    this.classList.toggle("folded", !prefs.facets);
    const fold = html`<button class="icon" aria-expanded=${prefs.facets} title=${say(prefs.facets ? "fold" : "unfold")} aria-label=${say("facets")}
      @click=${() => { setPrefs({ facets: !prefs.facets }); desk.tell(); }}>${icon(prefs.facets ? "fold" : "unfold")}</button>`;
    if (!prefs.facets) return html`<header>${fold}</header>`;
    return html`<header><h2 class="grow">${say("facets")}</h2>${desk.isFiltered
      ? html`<button class="link small" @click=${() => desk.clearFilters()}>${say("clear")}</button>` : nothing}${fold}</header>
      <section>${this.toggle("overdue", "late")}${this.toggle("suggested", "twins_too")}</section>
      ${FACETS.map((facet) => this.section(facet))}`;
  }

  private toggle(name: "overdue" | "suggested", word: "late" | "twins_too"): TemplateResult {
    const isOn = desk.filters[name];
    return html`<button class="choice" aria-pressed=${isOn} @click=${() => desk.filter({ [name]: !isOn })}>
      <span class="mark">${name === "overdue" ? html`<span class="light-red">${icon("late")}</span>` : icon("twin")}</span>
      <span class="cut grow" .style=${"text-align:left"}>${say(word)}</span><span class="n">${countOf(desk.counts[name])}</span></button>`;
  }

  private valuesOf(facet: Facet): string[] {
    const counts = desk.counts[facet];
    const chosen = [...desk.filters.chosen[facet]];
    switch (facet) {
      case "state": return [...OPEN_STATES.filter((each) => counts.has(each) || chosen.includes(each)), "closed"];
      case "severity": return [...SEVERITIES];
      case "platform": return [...new Set([...counts.keys(), ...chosen])].sort();
      default: return [...new Set([...counts.keys(), ...chosen])].sort((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || (one < other ? -1 : 1));
    }
  }

  private section(facet: Facet): TemplateResult | typeof nothing {
    const values = this.valuesOf(facet);
    if (values.length === 0) return nothing;
    const isWhole = this.all.has(facet) || values.length <= FEW + 1 || facet === "state";
    const shown = isWhole ? values : values.slice(0, FEW);
    const hasMore = values.length > FEW + 1 && facet !== "state";
    return html`<section aria-label=${say(`facet_${facet}`)}><h3>${say(`facet_${facet}`)}</h3>
      ${shown.map((value) => this.choice(facet, value))}
      ${hasMore ? html`<button class="link more" @click=${() => this.unfold(facet)}>${isWhole ? say("fewer") : say("more", { n: values.length - FEW })}</button>` : nothing}
    </section>`;
  }

  private unfold(facet: Facet): void {
    const all = new Set(this.all);
    if (!all.delete(facet)) all.add(facet);
    this.all = all;
  }

  private choice(facet: Facet, value: string): TemplateResult {
    const isOn = desk.filters.chosen[facet].has(value);
    const count = desk.counts[facet].get(value) ?? 0;
    const isUncounted = facet === "state" && value === "closed"; // only some of them are here
    return html`<button class="choice ${count === 0 && !isUncounted ? "none" : ""}" aria-pressed=${isOn} data-facet=${facet} data-value=${value} @click=${() => desk.filterBy(facet, value)}>
      ${this.lead(facet, value)}<span class="cut grow" .style=${"text-align:left"}>${this.label(facet, value)}</span>${
        isUncounted ? nothing : html`<span class="n">${countOf(count)}</span>`}</button>`;
  }

  private lead(facet: Facet, value: string): TemplateResult | typeof nothing {
    if (facet === "severity") return html`<span class="mark">${shape(value as Severity, 12)}</span>`;
    if (facet === "platform") return html`<span class="badge">${badgeOf(value)}</span>`;
    return nothing;
  }

  private label(facet: Facet, value: string): string {
    switch (facet) {
      case "state": return sayOf("state", value);
      case "severity": return sayOf("severity", value);
      case "subdistrict": return regionName(value);
      case "platform": {
        const platform = desk.platforms.find((each) => each.platform === value);
        return platform ? nameOf(platform) : value;
      }
      case "category": {
        const category = desk.categories.get(value);
        return category ? nameOf(category) : this.nameThere(value);
      }
    }
  }

  private nameThere(code: string): string {
    for (const incident of desk.store.all()) if (incident.category.code === code) return incident.category.name ?? code;
    return code;
  }
}
