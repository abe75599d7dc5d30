// Silence for over 30 s: a red band over the whole width, with the age of the last frame in large figures.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { desk } from "../app/desk";
import { Watch } from "../app/watch";
import { clockOf, spanOf } from "../text/format";
import { say } from "../text/say";
import { shared } from "./style";

export const SILENCE_MS = 30_000;

@customElement("hub-band")
export class HubBand extends LitElement {
  static override styles = [shared, css`
    .band { background: var(--band); color: var(--on-band); padding: 12px 24px; display: flex; align-items: center; gap: 24px; }
    .age { font-size: var(--t28); line-height: 36px; font-weight: 700; white-space: nowrap; }
    strong { font-size: var(--t16); display: block; }
    .wall .age { font-size: calc(72 * var(--u)); line-height: calc(80 * var(--u)); }
    .wall strong { font-size: calc(40 * var(--u)); line-height: calc(52 * var(--u)); }
    .wall { font-size: calc(28 * var(--u)); line-height: calc(36 * var(--u)); }
  `];

  @property({ type: Boolean }) wall = false;
  private wasSilent = false;

  constructor() {
    super();
    new Watch(this, 500);
  }

  override render(): TemplateResult | typeof nothing {
    const isSilent = desk.silence > SILENCE_MS && desk.line !== "off";
    if (isSilent !== this.wasSilent) {
      this.wasSilent = isSilent;
      document.documentElement.toggleAttribute("data-silent", isSilent);
      desk.dispatchEvent(new Event("silence"));
    }
    if (!isSilent) return nothing;
    const since = say("band_since", { t: clockOf(desk.now() - desk.silence) });
    return html`<div class="band ${this.wall ? "wall" : ""}" role="alert"><span class="age">${spanOf(desk.silence)}</span>
      <span class="grow"><strong>${navigator.onLine ? say("band") : say("band_net")}</strong>${since}</span><span>${say("band_hint")}</span></div>`;
  }
}
