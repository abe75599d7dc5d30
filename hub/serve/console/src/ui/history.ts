// One line of time: reports, states, commands with who gave them. The newest is on top.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { desk } from "../app/desk";
import { undo } from "../app/orders";
import { toldOf, type Told } from "../model/history";
import type { Detail, Given } from "../model/types";
import { joined, momentOf } from "../text/format";
import { say, sayOf } from "../text/say";
import { icon } from "./icons";
import { platformName } from "./reports";
import { sectionStyle } from "./section";
import { shared } from "./style";

@customElement("hub-history")
export class HubHistory extends LitElement {
  static override styles = [shared, sectionStyle, css`
    ol { position: relative; }
    li { display: grid; grid-template-columns: 80px 16px minmax(0, 1fr); gap: 0 8px; padding-bottom: 12px; position: relative; }
    li::before { content: ""; position: absolute; left: 95px; top: 12px; bottom: -4px; width: 1px; background: var(--line-strong); }
    li:last-child::before { display: none; }
    time { color: var(--ink-3); font-size: var(--t12); text-align: right; }
    .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--surface); border: 2px solid var(--ink-3); margin: 5px 0 0 3px; position: relative; z-index: 1; }
    .dot.command { background: var(--accent); border-color: var(--accent); border-radius: 2px; }
    .dot.report { background: var(--ink-3); }
    .line { display: flex; gap: 8px; align-items: baseline; }
    .text { overflow-wrap: anywhere; }
  `];

  @property({ attribute: false }) detail!: Detail;

  override render(): TemplateResult {
    const moments = toldOf(this.detail.history ?? []);
    return html`<h3>${say("history")}</h3>${moments.length === 0 ? html`<p class="quiet">${say("history_none")}</p>`
      : html`<ol>${moments.map((moment) => this.moment(moment))}</ol>`}`;
  }

  private moment(moment: Told): TemplateResult {
    return html`<li><time datetime=${moment.at}>${momentOf(moment.at, desk.now())}</time><span class="dot ${moment.kind}"></span><div>${this.what(moment)}</div></li>`;
  }

  private what(moment: Told): TemplateResult {
    if (moment.kind === "command" && moment.command) return this.command(moment.command);
    if (moment.kind === "report") {
      const became = moment.decision === "new" ? say("report_new") : moment.decision === "join" ? say("report_join") : undefined;
      return html`<div>${say("report_came", { p: platformName(moment.platform ?? "") })}${became === undefined ? nothing : html` <span class="quiet small">${became}</span>`}</div>${moment.title && moment.title !== this.detail.incident.title ? html`<div class="small quiet text">${moment.title}</div>` : nothing}`;
    }
    const change = moment.kind === "state" && moment.change === "updated" ? undefined : moment.times > 1 ? say("updates_n", { n: moment.times }) : moment.change ? sayOf("change", moment.change) : "";
    return html`<div>${joined([change, this.state(moment)])}${moment.version ? html` <span class="quiet small">v${moment.version}</span>` : nothing}</div>`;
  }

  /** Where it led, where it led anywhere. */
  private state(moment: Told): string | undefined {
    const { state, state_before: before } = moment;
    if (state === undefined || before === state) return undefined;
    return before === undefined ? sayOf("state", state) : say("state_to", { a: sayOf("state", before), b: sayOf("state", state) });
  }

  private command(command: Given): TemplateResult {
    const full = (this.detail.commands ?? []).find((each) => each.id === command.id) ?? command;
    const state = full.state ?? (full.outcome === "refused" ? "refused" : "done");
    const isMine = full.by === `user:${desk.me?.name ?? ""}`;
    const mayUndo = desk.mayAct() && (isMine || desk.isSupervisor()) && state === "done" && full.undone_by === undefined && full.verb !== "undo" && full.verb !== "note";
    return html`<div class="line"><strong>${sayOf("verb", full.verb)}</strong><span class="quiet cut">${full.by.replace(/^user:/, "")}</span><span class="grow"></span>
        ${mayUndo ? html`<button class="link small" @click=${() => undo(full.id)}>${icon("undo")}${say("undo")}</button>` : nothing}
        ${full.undone_by === undefined ? nothing : html`<span class="quiet small">${say("undone")}</span>`}</div>
      ${full.note ? html`<div class="text">${full.note}</div>` : nothing}
      ${state === "refused" ? html`<div class="small light-red">${say("cmd_refused", { v: sayOf("verb", full.verb) })}${full.reason ? ` · ${full.reason}` : ""}</div>` : nothing}`;
  }
}
