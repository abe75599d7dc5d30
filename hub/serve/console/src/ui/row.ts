// One incident of the list, in two lines.

import { html, nothing, css, type TemplateResult } from "lit";
import { lightAt, msLeft } from "../model/deadline";
import { isOpen } from "../model/filters";
import type { Incident } from "../model/types";
import { agoOf, badgeOf, joined, spanOf } from "../text/format";
import { say, sayOf, nameOf } from "../text/say";
import { desk } from "../app/desk";
import { lightIcon, shape, icon } from "./icons";

export const ROW_HEIGHT = 64;

export const rowStyle = css`
  .row {
    position: absolute;
    left: 0;
    right: 0;
    height: 64px;
    padding: 10px 12px 10px 8px;
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr);
    column-gap: 6px;
    border-bottom: 1px solid var(--line);
    cursor: pointer;
    color: var(--ink);
  }
  .row:hover, .row.pointed { background: var(--hover); }
  .row.chosen { background: var(--accent-soft); box-shadow: inset 3px 0 var(--accent); }
  .row.gone { opacity: 0.55; }
  .mark { display: flex; justify-content: center; align-items: center; height: 22px; width: 24px; padding: 0; border: 0; min-height: 0; }
  .may { height: 44px; flex-direction: column; justify-content: flex-start; gap: 8px; padding-top: 4px; }
  .box { width: 14px; height: 14px; border: 1px solid var(--ink-3); border-radius: 2px; background: var(--surface); visibility: hidden; }
  .box.on { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  .box svg { width: 12px; height: 12px; pointer-events: none; }
  .row:hover .box, .picking .box, .chosen .box { visibility: visible; }
  .first, .second { display: flex; align-items: center; gap: 6px; min-width: 0; height: 22px; }
  .first .what { font-weight: 600; flex: none; max-width: 55%; }
  .second { color: var(--ink-2); font-size: var(--t12); gap: 8px; }
  .times { font-weight: 600; font-size: var(--t12); }
  .badges { display: flex; gap: 2px; }
  .badge { font-size: 11px; line-height: 16px; padding: 0 3px; border-radius: 3px; background: var(--raised); border: 1px solid var(--line); color: var(--ink-2); }
  .left { display: flex; align-items: center; gap: 4px; font-weight: 600; }
  .left.light-green { color: var(--ink-2); font-weight: 400; }
  .left.light-green svg { color: var(--green); }
  .left svg { width: 13px; height: 13px; }
  .glow { animation: glow 2s ease-out; }
  @keyframes glow { from { background: var(--mark); } }
  @media (prefers-reduced-motion: reduce) { .glow { animation: none; } }
`;

export function categoryOf(incident: Pick<Incident, "category">): string {
  const known = desk.categories.get(incident.category.code);
  return known ? nameOf(known) : (incident.category.name ?? incident.category.code);
}

/** Without the names that every address here begins with. */
export function whereOf(incident: Pick<Incident, "place" | "title">): string {
  return (incident.place?.address ?? incident.title).replace(/^(福建省)?(厦门市)?(湖里区)?/, "") || incident.title;
}

export function areaOf(incident: Pick<Incident, "place">): string {
  const { subdistrict, community, grid } = incident.place ?? {};
  const area = subdistrict === undefined ? "" : regionName(subdistrict);
  return joined([area, grid ?? community]);
}

export function regionName(id: string): string {
  const feature = desk.regions?.features.find((each) => each.properties?.["id"] === id);
  return (feature?.properties?.["name"] as string | undefined) ?? id;
}

export function platformBadges(platforms: readonly string[], most = 4): TemplateResult {
  const names = new Map(desk.platforms.map((each) => [each.platform, nameOf(each)]));
  const title = platforms.map((id) => `${badgeOf(id)} ${names.get(id) ?? ""}`).join("\n");
  return html`<span class="badges" title=${title}>${platforms.slice(0, most).map((id) => html`<span class="badge">${badgeOf(id)}</span>`)}${
    platforms.length > most ? html`<span class="badge">+${platforms.length - most}</span>` : nothing}</span>`;
}

export function timeLeft(incident: Incident, now: number): TemplateResult {
  const light = lightAt(incident, now);
  const left = msLeft(incident, now);
  if (!isOpen(incident)) return html`<span>${sayOf("state", incident.state)}</span>`;
  if (left === undefined) return html`<span class="quiet">${say("no_limit")}</span>`;
  const text = left < 0 ? say("past_by", { t: spanOf(left) }) : say("left_for", { t: spanOf(left) });
  return html`<span class="left light-${light}">${lightIcon(light)}${text}</span>`;
}

export function row(incident: Incident, top: number, index: number, now: number, isGone: boolean): TemplateResult {
  const id = incident.incident;
  const isTicked = desk.ticked.includes(id);
  const glow = performance.now() - (desk.glowing.get(id) ?? -1e9) < 2000;
  const classes = ["row", desk.chosen === id ? "chosen" : "", isGone ? "gone" : "", glow ? "glow" : "", isTicked ? "picking" : ""].join(" ");
  return html`<div class=${classes} .style=${`top:${top}px`} data-id=${id} id="row-${id}" role="option" aria-selected=${desk.chosen === id}
      aria-checked=${desk.mayAct() ? isTicked : nothing} aria-posinset=${index + 1} title=${incident.title}>
    <span class="mark ${desk.mayAct() ? "may" : ""}">${shape(incident.severity)}${desk.mayAct()
      ? html`<span class="box ${isTicked ? "on" : ""}" data-tick title=${say("tick")}>${isTicked ? icon("check") : nothing}</span>` : nothing}</span>
    <div>
      <div class="first"><span class="what cut">${categoryOf(incident)}</span><span class="cut grow">${whereOf(incident)}</span>${
        (incident.suggested?.length ?? 0) > 0 ? html`<span class="quiet" title=${say("twins_too")}>${icon("twin")}</span>` : nothing}${
        incident.reports > 1 ? html`<span class="times" title=${say("reports_n", { n: incident.reports })}>×${incident.reports}</span>` : nothing}${platformBadges(incident.platforms, 3)}</div>
      <div class="second"><span class="cut grow">${joined([areaOf(incident), agoOf(incident.opened, now)])}</span>${timeLeft(incident, now)}</div>
    </div>
  </div>`;
}
