// How many incidents began in the last three hours, in steps of five minutes. Loaded when it is first looked at.

import { LitElement, html, css, unsafeCSS, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import uPlot from "uplot";
import plotStyle from "uplot/dist/uPlot.min.css?inline";
import { desk } from "../app/desk";
import { say } from "../text/say";
import { shared } from "./style";

const STEP_S = 300;
const STEPS = 36;

function counted(now: number): [number[], number[]] {
  const end = Math.ceil(now / 1000 / STEP_S) * STEP_S;
  const times = Array.from({ length: STEPS }, (_, at) => end - (STEPS - at) * STEP_S);
  const counts = times.map(() => 0);
  for (const incident of desk.store.all()) {
    const at = Math.floor((Date.parse(incident.opened) / 1000 - (times[0] as number)) / STEP_S);
    if (at >= 0 && at < STEPS) counts[at] = (counts[at] as number) + 1;
  }
  return [times, counts];
}

@customElement("hub-chart")
export class HubChart extends LitElement {
  static override styles = [shared, unsafeCSS(plotStyle), css`
    p { color: var(--ink-3); font-size: var(--t12); padding-bottom: 4px; }
    .plot { height: 96px; }
  `];

  @state() private isEmpty = false;
  @query(".plot") private place!: HTMLElement;
  private plot: uPlot | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  override render(): TemplateResult {
    return html`<p>${say(this.isEmpty ? "last_hours_none" : "last_hours")}</p><div class="plot"></div>`;
  }

  override firstUpdated(): void {
    const style = getComputedStyle(this);
    const ink = style.getPropertyValue("--ink-3").trim();
    const line = style.getPropertyValue("--line").trim();
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: `12px ${style.fontFamily}` };
    this.plot = new uPlot({
      width: this.place.clientWidth, height: 96, legend: { show: false }, cursor: { show: false }, padding: [8, 0, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Asia/Shanghai"),
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
      axes: [{ ...axis, size: 24, values: "{HH}:{mm}" }, { ...axis, size: 32, splits: (_plot, _at, _least, most) => [0, Math.round(most / 2), most] }],
      series: [{}, { stroke: ink, fill: line, width: 1, points: { show: false }, paths: uPlot.paths.bars?.({ size: [0.8, 24], align: 1 }) ?? null }],
    } as uPlot.Options, this.counted(), this.place);
    this.timer = setInterval(() => this.plot?.setData(this.counted()), 15_000);
  }

  private counted(): [number[], number[]] {
    const both = counted(desk.now());
    this.isEmpty = both[1].every((count) => count === 0);
    return both;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.plot?.destroy();
    this.plot = undefined;
  }
}
