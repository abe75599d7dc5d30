// What became of the commands: waiting, done (with undo for a minute), refused and why.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { dismiss, notices, sweepNotices, undo, type Notice } from "../app/orders";
import { Watch } from "../app/watch";
import { say } from "../text/say";
import { icon } from "./icons";
import { shared } from "./style";

@customElement("hub-notices")
export class HubNotices extends LitElement {
  static override styles = [shared, css`
    :host { position: fixed; left: 50%; bottom: 72px; transform: translateX(-50%); z-index: 60; display: grid; gap: 8px; width: 520px; max-width: calc(100vw - 32px); pointer-events: none; }
    .notice { pointer-events: auto; background: var(--ink); color: var(--surface); border-radius: var(--radius); box-shadow: var(--shadow); padding: 8px 8px 8px 16px; display: flex; gap: 12px; align-items: center; }
    .notice button { color: inherit; }
    .notice button:hover:not(:disabled) { background: color-mix(in srgb, var(--surface) 18%, transparent); }
    .notice button.strong { font-weight: 600; text-decoration: underline; text-underline-offset: 3px; }
    .text { font-size: var(--t12); line-height: 16px; overflow-wrap: anywhere; }
    .waiting svg { opacity: 0.7; }
  `];

  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    new Watch(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(sweepNotices, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  override render(): TemplateResult {
    return html`<div role="status" aria-live="polite" .style=${"display:contents"}>${notices.map((notice) => this.notice(notice))}</div>`;
  }

  private notice(notice: Notice): TemplateResult {
    const isUndoable = notice.kind === "done" && notice.command !== undefined && notice.order.verb !== "undo" && notice.order.verb !== "note";
    return html`<div class="notice ${notice.kind}" data-kind=${notice.kind} data-verb=${notice.order.verb}>${icon(notice.kind === "done" ? "check" : notice.kind === "waiting" || notice.kind === "slow" ? "clock" : "late")}
      <div class="grow"><div>${notice.title}</div>${notice.text ? html`<div class="text">${notice.text}</div>` : nothing}</div>
      ${isUndoable ? html`<button class="strong" data-undo @click=${() => undo(notice.command as string, notice.key)}>${say("undo")}</button>` : nothing}
      ${notice.again ? html`<button class="strong" @click=${notice.again}>${say(notice.isStale ? "again" : "retry")}</button>` : nothing}
      ${notice.kind === "waiting" ? nothing : html`<button class="icon" aria-label=${say("key_esc")} @click=${() => dismiss(notice.key)}>${icon("close")}</button>`}</div>`;
  }
}
