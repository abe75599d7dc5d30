// The wall: seen from 3 to 8 metres, for weeks, with nothing to press.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { isOpen } from "../model/filters";
import { burning } from "../model/order";
import type { Incident } from "../model/types";
import { agoOf, badgeOf, clockOf, countOf, joined, roughOf } from "../text/format";
import { nameOf, say, sayOf } from "../text/say";
import { shape } from "./icons";
import { areaOf, categoryOf, timeLeft, whereOf } from "./row";
import { shared } from "./style";
import "./band";
import "./map";

const MOST = 12;

@customElement("hub-wall")
export class HubWall extends LitElement {
  static override styles = [shared, css`
    :host { display: grid; grid-template: auto auto minmax(0, 1fr) auto auto / minmax(0, 1fr) 44%; height: 100vh; overflow: hidden; background: var(--paper); font-size: 28px; line-height: 36px; gap: 1px; }
    hub-band, header, .lamps, .last { grid-column: 1 / -1; }
    header { display: grid; grid-template-columns: auto repeat(4, 1fr) auto; align-items: center; padding: 16px 32px; gap: 24px; background: var(--surface); }
    h1 { font-size: 32px; line-height: 40px; font-weight: 700; }
    .figure { display: flex; align-items: baseline; gap: 16px; justify-content: center; }
    .figure b { color: var(--count); font-size: 64px; line-height: 72px; font-weight: 700; }
    .figure span { color: var(--ink-2); white-space: nowrap; }
    .figure.late b { color: var(--count-late); }
    .clock { font-size: 48px; line-height: 56px; font-weight: 600; }
    hub-map { min-height: 0; }
    .list { background: var(--surface); display: grid; grid-template-rows: repeat(12, minmax(0, 1fr)); overflow: hidden; }
    .list > div { display: grid; grid-template-columns: 36px minmax(0, 1fr) auto; align-items: center; gap: 12px; padding: 0 32px 0 24px; border-bottom: 1px solid var(--line); min-height: 0; }
    .what b { font-weight: 600; }
    .quiet { font-weight: 400; }
    .left { display: inline-flex; align-items: center; gap: 8px; font-weight: 600; white-space: nowrap; }
    .left svg { width: 26px; height: 26px; }
    .lamps { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; background: var(--line); border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
    .lamps > div { background: var(--surface); padding: 5px 32px; display: flex; align-items: center; gap: 12px; }
    .age { white-space: nowrap; }
    .lamp { width: 20px; height: 20px; border-radius: 50%; flex: none; background: var(--grey); }
    .lamp.green { background: var(--green); }
    .lamp.yellow { background: none; border: 7px solid var(--yellow); }
    .lamp.red { background: var(--red); border-radius: 0; }
    .lamp.grey { background: none; border: 2px solid var(--grey); }
    .lamps .red-word { color: var(--red); font-weight: 700; }
    .last { background: var(--surface); padding: 12px 32px; display: flex; gap: 24px; align-items: center; min-height: 60px; }
    .left.light-green { color: var(--ink-2); font-weight: 400; }
    .left.light-green svg { color: var(--green); }
  `];

  constructor() {
    super();
    new Watch(this, 1000);
  }

  override render(): TemplateResult {
    const now = desk.now();
    const most = burning([...desk.store.all()].filter(isOpen), now, MOST);
    return html`<hub-band wall></hub-band>
      <header><h1>${say("product")}</h1>${this.figure("fig_open", desk.openCount)}${this.figure("fig_late", desk.lateCount, desk.lateCount > 0 ? "late" : "")}
        ${this.figure("fig_new", desk.figures.new_hour)}${this.figure("fig_joined", desk.figures.joined_today)}<span class="clock">${clockOf(now)}</span></header>
      <hub-map wall></hub-map>
      <div class="list" aria-label=${say("burning")}>${repeat(most, (each) => each.incident, (each) => this.line(each, now))}</div>
      <div class="lamps">${desk.platforms.map((each) => html`<div><span class="lamp ${each.light}" role="img" aria-label=${sayOf("lamp", each.light)}></span><span class="cut ${each.light === "red" ? "red-word" : ""}">${badgeOf(each.platform)} ${nameOf(each)}</span><span class="grow"></span><span class="quiet age">${each.last_event ? roughOf(now - Date.parse(each.last_event)) : ""}</span></div>`)}</div>
      <div class="last"><span class="quiet">${say("last_change")}</span>${this.last(now)}</div>`;
  }

  private figure(word: "fig_open" | "fig_late" | "fig_new" | "fig_joined", value: number | undefined, look = ""): TemplateResult {
    return html`<div class="figure ${look}"><b>${countOf(value)}</b><span>${say(word)}</span></div>`;
  }

  private line(each: Incident, now: number): TemplateResult {
    return html`<div>${shape(each.severity, 28)}<div class="what cut"><b>${categoryOf(each)}</b> ${whereOf(each)} <span class="quiet">${each.reports > 1 ? `×${each.reports}` : nothing}</span></div>${timeLeft(each, now)}</div>`;
  }

  private last(now: number): TemplateResult | typeof nothing {
    const incident = desk.last?.incident ?? desk.shown[0];
    if (!incident) return nothing;
    return html`<span class="cut grow">${joined([sayOf("change", incident.change), `${categoryOf(incident)} ${whereOf(incident)}`, areaOf(incident)])}</span><span class="quiet">${agoOf(incident.at, now)}</span>`;
  }
}
