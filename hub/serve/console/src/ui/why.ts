// Why each report was joined: every feature one bar to the right or left of a middle line, the sum, and the line to reach.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Link, Reason, Refused, Report } from "../model/types";
import { badgeOf, pointsOf } from "../text/format";
import { pick, say } from "../text/say";
import { icon } from "./icons";
import { platformName } from "./reports";
import { sectionStyle } from "./section";
import { shared } from "./style";
import { desk } from "../app/desk";

@customElement("hub-why")
export class HubWhy extends LitElement {
  static override styles = [shared, sectionStyle, css`
    details { border: 1px solid var(--line); border-radius: var(--radius); margin-bottom: 8px; }
    .plain { border: 1px solid var(--line); border-radius: var(--radius); margin-bottom: 8px; }
    summary, .plain { display: flex; align-items: center; gap: 8px; padding: 8px 12px; list-style: none; }
    summary { cursor: pointer; }
    summary::-webkit-details-marker { display: none; }
    summary > svg { transition: transform 0.1s; color: var(--ink-3); }
    details[open] > summary > svg { transform: rotate(90deg); }
    .badge { font-size: 11px; line-height: 16px; padding: 0 3px; border-radius: 3px; background: var(--raised); border: 1px solid var(--line); color: var(--ink-2); }
    .sum { font-weight: 600; }
    .inside { padding: 0 12px 12px; }
    .bars { display: grid; grid-template-columns: minmax(0, 1fr) 152px 40px; row-gap: 2px; align-items: center; font-size: var(--t12); line-height: 20px; }
    .bar { height: 12px; position: relative; background: linear-gradient(90deg, transparent calc(50% - 0.5px), var(--line-strong) calc(50% - 0.5px) calc(50% + 0.5px), transparent calc(50% + 0.5px)); }
    .bar i { position: absolute; top: 2px; bottom: 2px; min-width: 1px; border-radius: 1px; }
    .bar .for { left: 50%; background: var(--ink-2); }
    .bar .against { right: 50%; background: repeating-linear-gradient(45deg, var(--ink-3) 0 2px, transparent 2px 4px); outline: 1px solid var(--ink-3); outline-offset: -1px; }
    .bar b { position: absolute; top: -3px; bottom: -3px; width: 2px; background: var(--ink); }
    .points { text-align: right; font-weight: 600; }
    .total { border-top: 1px solid var(--line); height: 28px; margin-top: 4px; padding-top: 4px; display: flex; align-items: center; gap: 8px; }
    .points.total { justify-content: flex-end; }
    .total .bar { flex: 1; }
    .words { overflow-wrap: anywhere; line-height: 16px; padding: 2px 8px 2px 0; }
    .refused { margin: 8px 0 0; border-width: 1px 0 0; border-radius: 0; }
    .refused.first { border: 0; }
    .refused summary { padding: 8px 0 0; font-size: var(--t12); color: var(--ink-2); }
    .refused ul { padding: 8px 0 0 24px; display: grid; gap: 4px; font-size: var(--t12); }
    .refused li { display: flex; gap: 8px; }
  `];

  @property({ attribute: false }) reports: Report[] = [];

  override render(): TemplateResult {
    const joined = this.reports.filter((report) => report.link && !report.founding);
    const founding = this.reports.find((report) => report.founding);
    const refused = founding?.link?.refused ?? [];
    return html`<h3>${say("why")}${joined.length > 0 ? html`<span class="aside">${say("why_lead")}</span>` : nothing}</h3>
      ${joined.length === 0 ? html`<p class="quiet">${say("why_alone")}</p>` : joined.map((report, at) => this.report(report, report.link as Link, at === 0))}
      ${refused.length > 0 ? this.refused(refused, true) : nothing}`;
  }

  private report(report: Report, link: Link, isOpen: boolean): TemplateResult {
    const reasons = link.reasons ?? [];
    if (reasons.length === 0 && (link.refused?.length ?? 0) === 0) return html`<div class="plain">${this.head(report, link)}</div>`;
    return html`<details ?open=${isOpen}><summary>${icon("unfold")}${this.head(report, link)}</summary>
      <div class="inside">${reasons.length > 0 ? this.bars(reasons, link) : html`<p class="quiet small">${this.without(link)}</p>`}
        ${(link.refused?.length ?? 0) > 0 ? this.refused(link.refused ?? []) : nothing}</div></details>`;
  }

  private head(report: Report, link: Link): TemplateResult {
    return html`<span class="badge">${badgeOf(report.platform)}</span><span class="cut grow">${platformName(report.platform)}${
      report.title ? html` <span class="quiet">${report.title}</span>` : nothing}</span>${this.verdict(link)}`;
  }

  private without(link: Link): string {
    return link.decision === "command" ? say("by_operator") : link.decision === "update" ? say("by_subject") : say("no_reasons");
  }

  private verdict(link: Link): TemplateResult {
    if (link.score === undefined || link.decision === "command") return html`<span class="quiet small">${this.without(link)}</span>`;
    return html`<span class="sum">${pointsOf(link.score, false)}</span>${link.threshold === undefined ? nothing
      : html`<span class="quiet small">${link.score >= link.threshold ? "≥" : "<"} ${pointsOf(link.threshold, false)}</span>`}`;
  }

  private bars(reasons: readonly Reason[], link: Link): TemplateResult {
    const score = link.score ?? reasons.reduce((sum, reason) => sum + reason.points, 0);
    const most = Math.max(1, ...reasons.map((reason) => Math.abs(reason.points)));
    const widest = Math.max(1, Math.abs(score), Math.abs(link.threshold ?? 0)); // the sum has a scale of its own
    const told = reasons.filter((reason) => reason.points !== 0).sort((one, other) => other.points - one.points);
    return html`<div class="bars">${told.map((reason) => html`<span class="words">${pick(reason.words) || `${reason.feature} ${reason.value ?? ""}`}</span>
        ${this.bar(reason.points, most)}<span class="points">${pointsOf(reason.points)}</span>`)}
      <span class="words total"><strong>${say("score")}</strong>${link.threshold === undefined ? nothing : html` <span class="quiet">${say("threshold")} ${pointsOf(link.threshold, false)}</span>`}</span>
      <span class="total">${this.bar(score, widest, link.threshold)}</span><span class="points total">${pointsOf(score)}</span></div>`;
  }

  private bar(points: number, most: number, threshold?: number): TemplateResult {
    const width = (Math.abs(points) / most) * 50;
    return html`<span class="bar" .style=${"display:block"} aria-hidden="true"><i class=${points < 0 ? "against" : "for"} .style=${`width:${width}%`}></i>${
      threshold === undefined ? nothing : html`<b .style=${`left:${50 + (threshold / most) * 50}%`}></b>`}</span>`;
  }

  private refused(refused: readonly Refused[], isFirst = false): TemplateResult {
    return html`<details class="refused ${isFirst ? "first" : ""}"><summary>${icon("unfold")}${say(isFirst ? "refused_first" : "refused", { n: refused.length })}</summary><ul>${refused.map((each) => html`
      <li><button class="link cut" @click=${() => desk.choose(each.incident, "link")}>${each.title ?? each.number ?? each.incident}</button><span class="grow"></span><span class="points">${pointsOf(each.score)}</span></li>`)}</ul></details>`;
  }
}
