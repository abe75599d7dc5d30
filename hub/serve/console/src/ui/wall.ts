// The wall: seen from 3 to 8 metres, for weeks, with nothing to press. A pixel of a screen of 1920 x 1080 is --u, so that a larger one shows no more, but larger.
// No repeat() here: lit 3.3.3 leaves a comment in the page for each row that goes, which a wall of weeks has not the room for.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { isOpen } from "../model/filters";
import { burning } from "../model/order";
import type { Incident } from "../model/types";
import { agoOf, badgeOf, clockOf, countOf, joined, roughOf } from "../text/format";
import { nameOf, say, sayOf } from "../text/say";
import { icon, shape } from "./icons";
import { areaOf, categoryOf, timeLeft, whereOf } from "./row";
import { shared } from "./style";
import { SILENCE_MS } from "./band";
import "./map";

const MOST = 12;

@customElement("hub-wall")
export class HubWall extends LitElement {
  static override styles = [shared, css`
    :host { --u: max(1px, min(100vw / 1920, 100vh / 1080)); display: grid; grid-template: auto auto minmax(0, 1fr) auto auto / minmax(0, 1fr) 44%; height: 100vh; overflow: hidden; background: var(--paper); font-size: calc(28 * var(--u)); line-height: calc(36 * var(--u)); gap: 1px; }
    hub-band, header, .lamps, .last { grid-column: 1 / -1; }
    header { display: grid; grid-template-columns: auto repeat(4, 1fr) auto; align-items: center; padding: calc(16 * var(--u)) calc(32 * var(--u)); gap: calc(24 * var(--u)); background: var(--surface); }
    h1 { font-size: calc(32 * var(--u)); line-height: calc(40 * var(--u)); font-weight: 700; }
    .figure { display: flex; align-items: baseline; gap: calc(16 * var(--u)); justify-content: center; }
    .figure b { color: var(--count); font-size: calc(64 * var(--u)); line-height: calc(72 * var(--u)); font-weight: 700; }
    .figure span { color: var(--ink-2); white-space: nowrap; }
    .figure.late b { color: var(--count-late); }
    .clock { font-size: calc(48 * var(--u)); line-height: calc(56 * var(--u)); font-weight: 600; }
    hub-map { min-height: 0; }
    .again { position: fixed; left: 28%; top: calc(128 * var(--u)); transform: translateX(-50%); z-index: 700; display: flex; align-items: center; gap: calc(16 * var(--u)); padding: calc(16 * var(--u)) calc(32 * var(--u)); background: var(--raised); border: 2px solid var(--yellow); border-radius: var(--radius); box-shadow: var(--shadow); color: var(--ink); font-weight: 600; }
    .again svg { width: calc(28 * var(--u)); height: calc(28 * var(--u)); color: var(--yellow); }
    .list { background: var(--surface); display: grid; grid-template-rows: repeat(12, minmax(0, 1fr)); overflow: hidden; }
    .list > div { display: grid; grid-template-columns: calc(36 * var(--u)) minmax(0, 1fr) auto; align-items: center; gap: calc(12 * var(--u)); padding: 0 calc(32 * var(--u)) 0 calc(24 * var(--u)); border-bottom: 1px solid var(--line); min-height: 0; }
    .list > div > svg { width: calc(28 * var(--u)); height: calc(28 * var(--u)); }
    .what b { font-weight: 600; }
    .quiet { font-weight: 400; }
    .left { display: inline-flex; align-items: center; gap: calc(8 * var(--u)); font-weight: 600; white-space: nowrap; }
    .left svg { width: calc(26 * var(--u)); height: calc(26 * var(--u)); }
    .lamps { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 1px; background: var(--line); border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
    .lamps > div { background: var(--surface); padding: calc(5 * var(--u)) calc(32 * var(--u)); display: flex; align-items: center; gap: calc(12 * var(--u)); }
    .age { white-space: nowrap; }
    .lamp { width: calc(20 * var(--u)); height: calc(20 * var(--u)); border-radius: 50%; flex: none; background: var(--grey); }
    .lamp.green { background: var(--green); }
    .lamp.yellow { background: none; border: calc(7 * var(--u)) solid var(--yellow); }
    .lamp.red { background: var(--red); border-radius: 0; }
    .lamp.grey { background: none; border: 2px solid var(--grey); }
    .lamps .red-word { color: var(--red); font-weight: 700; }
    .last { background: var(--surface); padding: calc(12 * var(--u)) calc(32 * var(--u)); display: flex; gap: calc(24 * var(--u)); align-items: center; min-height: calc(60 * var(--u)); }
    .left.light-green { color: var(--ink-2); font-weight: 400; }
    .left.light-green svg { color: var(--green); }
  `];

  constructor() {
    super();
    new Watch(this, 1000);
    desk.settledMost = 0;
  }

  override render(): TemplateResult {
    const now = desk.now();
    const most = burning([...desk.store.all()].filter(isOpen), now, MOST);
    return html`<hub-band wall></hub-band>${this.again()}
      <header><h1>${say("product")}</h1>${this.figure("fig_open", desk.openCount)}${this.figure("fig_late", desk.lateCount, desk.lateCount > 0 ? "late" : "")}
        ${this.figure("fig_new", desk.figures.new_hour)}${this.figure("fig_joined", desk.figures.joined_today)}<span class="clock">${clockOf(now)}</span></header>
      <hub-map wall></hub-map>
      <div class="list" aria-label=${say("burning")}>${most.map((each) => this.line(each, now))}</div>
      <div class="lamps">${desk.platforms.map((each) => html`<div><span class="lamp ${each.light}" role="img" aria-label=${sayOf("lamp", each.light)}></span><span class="cut ${each.light === "red" ? "red-word" : ""}">${badgeOf(each.platform)} ${nameOf(each)}</span><span class="grow"></span><span class="quiet age">${each.last_event ? roughOf(now - Date.parse(each.last_event)) : ""}</span></div>`)}</div>
      <div class="last"><span class="quiet">${say("last_change")}</span>${this.last(now)}</div>`;
  }

  /** Before it is silence: that there is nobody at the other end, and that we try. */
  private again(): TemplateResult | typeof nothing {
    if (desk.line !== "waiting" || desk.silence > SILENCE_MS) return nothing;
    return html`<div class="again" role="status">${icon("clock")}${say("waiting_line")}</div>`;
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
