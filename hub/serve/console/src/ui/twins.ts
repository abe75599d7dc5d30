// Incidents that may be the same problem, for a person to say.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { desk } from "../app/desk";
import { act } from "../app/act";
import type { Detail, Incident, Suggestion } from "../model/types";
import { joined, pointsOf } from "../text/format";
import { say, sayOf } from "../text/say";
import { icon, shape } from "./icons";
import { categoryOf, platformBadges, rowStyle } from "./row";
import { sectionStyle } from "./section";
import { shared } from "./style";

@customElement("hub-twins")
export class HubTwins extends LitElement {
  static override styles = [shared, rowStyle, sectionStyle, css`
    .twin { border: 1px solid var(--line); border-radius: var(--radius); padding: 12px; display: grid; gap: 8px; margin-bottom: 8px; }
    .line { display: flex; gap: 8px; align-items: center; min-width: 0; }
    .title { font-weight: 600; }
    .line button { flex: none; }
  `];

  @property({ attribute: false }) incident!: Incident;
  @property({ attribute: false }) detail!: Detail;

  override render(): TemplateResult {
    const twins = this.detail.suggested ?? [];
    return html`<h3>${say("twins")}<span class="n">${twins.length > 0 ? twins.length : ""}</span></h3>
      ${twins.length === 0 ? html`<p class="quiet">${say("twins_none")}</p>` : twins.map((twin) => this.twin(twin))}`;
  }

  private twin(twin: Suggestion): TemplateResult {
    const facts = [twin.category ? categoryOf({ category: twin.category }) : undefined, twin.state ? sayOf("state", twin.state) : undefined,
      twin.reports === undefined ? undefined : say("reports_n", { n: twin.reports }),
      twin.distance_m === undefined ? undefined : say("metres", { n: Math.round(twin.distance_m) }), twin.score < 0 ? say("short_by", { n: pointsOf(-twin.score, false) }) : say("similarity", { n: pointsOf(twin.score, false) })];
    return html`<div class="twin" data-twin=${twin.incident}>
      <div class="line">${shape(twin.severity ?? "info")}<button class="link title cut" @click=${() => desk.choose(twin.incident, "link")}>${twin.title ?? twin.number ?? twin.incident}</button><span class="grow"></span>${platformBadges(twin.platforms ?? [])}</div>
      <div class="small quiet">${joined(facts)}</div>
      ${desk.mayAct() ? html`<div class="line"><button class="line" @click=${() => act({ verb: "merge", incidents: [this.incident.incident, twin.incident] })}>${icon("check")}${say("same_problem")}</button>
        <button class="line" @click=${() => act({ verb: "apart", incidents: [this.incident.incident, twin.incident] })}>${icon("close")}${say("another_one")}</button></div>` : nothing}</div>`;
  }
}
