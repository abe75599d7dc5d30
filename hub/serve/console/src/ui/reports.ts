// The reports side by side, with the words that several of them share marked.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { desk } from "../app/desk";
import { sharedPieces, type Piece } from "../model/shared";
import type { Report } from "../model/types";
import { badgeOf, joined, momentOf } from "../text/format";
import { nameOf, say, sayOf } from "../text/say";
import { sectionStyle } from "./section";
import { shared } from "./style";

export function platformName(id: string): string {
  const platform = desk.platforms.find((each) => each.platform === id);
  return platform ? nameOf(platform) : id;
}

/** Only an address of the web may be followed or shown: a report's text is not to be trusted with a scheme. */
function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//i.test(text) ? text : undefined;
}

function marked(pieces: readonly Piece[]): TemplateResult[] {
  return pieces.map((piece) => (piece.isShared ? html`<mark>${piece.text}</mark>` : html`${piece.text}`));
}

@customElement("hub-reports")
export class HubReports extends LitElement {
  static override styles = [shared, sectionStyle, css`
    .cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; gap: 1px; background: var(--line); }
    .cards.one { grid-template-columns: minmax(0, 1fr); }
    article { background: var(--surface); padding: 12px; display: flex; flex-direction: column; gap: 6px; }
    article.off { color: var(--ink-3); }
    article:last-child:nth-child(odd) { grid-column: 1 / -1; }
    .from { display: flex; gap: 6px; align-items: center; font-weight: 600; }
    .badge { font-size: 11px; line-height: 16px; padding: 0 3px; border-radius: 3px; background: var(--raised); border: 1px solid var(--line); color: var(--ink-2); font-weight: 400; }
    .title { font-weight: 600; overflow-wrap: anywhere; }
    .text { overflow-wrap: anywhere; white-space: pre-line; }
    .foot { margin-top: auto; padding-top: 4px; display: flex; flex-wrap: wrap; gap: 2px 8px; color: var(--ink-3); font-size: var(--t12); line-height: 16px; }
    mark { background: var(--mark); color: inherit; border-radius: 2px; }
    .tag { font-size: var(--t12); font-weight: 400; color: var(--ink-3); white-space: nowrap; }
    .photos { display: flex; gap: 4px; flex-wrap: wrap; }
    .photos img { width: 96px; height: 72px; object-fit: cover; border-radius: 2px; background: var(--raised); }
  `];

  @property({ attribute: false }) reports: Report[] = [];

  override render(): TemplateResult {
    const all = this.reports;
    const titles = sharedPieces(all.map((report) => report.title ?? ""));
    const texts = sharedPieces(all.map((report) => report.description ?? ""));
    return html`<h3>${say("reports")}<span class="n">${all.length}</span>${all.length > 1 ? html`<span class="aside"><mark>　</mark> ${say("shared_hint")}</span>` : nothing}</h3>
      <div class="cards ${all.length === 1 ? "one" : ""}">${all.map((report, at) => this.card(report, titles[at] ?? [], texts[at] ?? []))}</div>`;
  }

  private card(report: Report, title: Piece[], text: Piece[]): TemplateResult {
    const time = report.time.occurred ?? report.time.reported;
    return html`<article class=${report.active === false ? "off" : ""} data-subject=${report.subject}>
      <div class="from"><span class="badge">${badgeOf(report.platform)}</span><span class="cut">${platformName(report.platform)}</span><span class="grow"></span>${this.tags(report)}</div>
      <div class="small quiet">${joined([momentOf(time, desk.now()), report.channel, report.state ? sayOf("state", report.state) : undefined])}</div>
      ${report.title ? html`<div class="title">${marked(title)}</div>` : nothing}
      <div class="text">${report.description ? marked(text) : html`<span class="quiet">${say("no_text")}</span>`}</div>
      ${this.photos(report)}
      <div class="foot">${this.foot(report)}</div></article>`;
  }

  private tags(report: Report): TemplateResult {
    const tag = (word: "founding" | "doubtful" | "inactive"): TemplateResult => html`<span class="tag">${say(word)}</span>`;
    return html`${report.founding ? tag("founding") : nothing}${report.link?.doubtful ? tag("doubtful") : nothing}${report.active === false ? tag("inactive") : nothing}`;
  }

  private photos(report: Report): TemplateResult | typeof nothing {
    const photos = (report.photos ?? []).map(webAddress).filter((each) => each !== undefined);
    if (photos.length === 0) return nothing;
    return html`<div class="photos">${photos.map((url, at) => html`<a href=${url} target="_blank" rel="noreferrer noopener">${say("photo")} ${at + 1}</a>`)}</div>`;
  }

  private foot(report: Report): TemplateResult {
    const source = webAddress(report.source?.url);
    return html`${report.place?.address ? html`<span>${report.place.address}</span>` : nothing}
      ${report.distance_m !== undefined && !report.founding ? html`<span>${say("from_first", { n: Math.round(report.distance_m) })}</span>` : nothing}
      ${(report.revisions ?? 1) > 1 ? html`<span>${say("revisions", { n: report.revisions ?? 1 })}</span>` : nothing}
      ${source ? html`<a href=${source} target="_blank" rel="noreferrer noopener">${say("source_link")}</a>` : nothing}`;
  }
}
