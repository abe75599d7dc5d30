// The bar over everything: where, search, sixteen lights, the time and whether the stream lives, who I am.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { desk } from "../app/desk";
import { isDark, prefs, setPrefs } from "../app/prefs";
import { missed, soundState, switchSound } from "../app/sound";
import { Watch } from "../app/watch";
import { api } from "../net/api";
import { clockOf, joined } from "../text/format";
import { say, sayOf } from "../text/say";
import { icon } from "./icons";
import { SILENCE_MS } from "./band";
import { shared } from "./style";
import "./lamps";
import "./found";

@customElement("hub-head")
export class HubHead extends LitElement {
  static override styles = [shared, css`
    :host { display: flex; align-items: center; gap: 12px; height: var(--head); padding: 0 12px; background: var(--surface); border-bottom: 1px solid var(--line); position: relative; z-index: 20; }
    .name { font-size: var(--t16); font-weight: 700; white-space: nowrap; display: flex; gap: 8px; align-items: center; }
    .name img { width: 22px; height: 22px; }
    .search { position: relative; flex: 0 1 300px; min-width: 180px; }
    .search input { width: 100%; padding: 0 32px; height: 32px; background: var(--raised); border-color: var(--line); }
    .search input:focus { background: var(--surface); }
    .search > svg { position: absolute; left: 9px; top: 8px; color: var(--ink-3); pointer-events: none; }
    .search kbd, .search button { position: absolute; right: 4px; top: 4px; height: 24px; min-height: 0; }
    kbd { font: var(--t12)/22px var(--font); border: 1px solid var(--line-strong); border-radius: 3px; padding: 0 6px; color: var(--ink-3); background: var(--surface); pointer-events: none; }
    hub-lamps { flex: 1; display: flex; justify-content: center; min-width: 0; }
    .time { display: flex; align-items: center; gap: 8px; white-space: nowrap; }
    .clock { font-size: var(--t16); font-weight: 600; }
    .line { font-size: var(--t12); color: var(--ink-3); min-width: 76px; display: flex; gap: 4px; align-items: center; }
    .line::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: currentColor; }
    .line.live::before { background: var(--green); }
    .line.waiting, .line.off { color: var(--red); font-weight: 600; }
    .tools { display: flex; align-items: center; gap: 0; color: var(--ink-2); }
    .blocked { color: var(--yellow); }
    .who { position: relative; }
    .menu { position: absolute; right: 0; top: 36px; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); min-width: 192px; padding: 8px; display: grid; gap: 4px; }
    .menu p { padding: 4px 8px 8px; border-bottom: 1px solid var(--line); margin-bottom: 4px; }
    .menu button { justify-content: flex-start; }
    @media (max-width: 1500px) { .name span { display: none; } }
  `];

  @query("input") private field!: HTMLInputElement;
  @state() private isOpen = false;

  private readonly outside = (event: Event): void => {
    const isInside = event.composedPath().some((each) => each instanceof HTMLElement && each.matches(".who"));
    if (event instanceof KeyboardEvent ? event.key === "Escape" : !isInside) this.isOpen = false;
  };

  constructor() {
    super();
    new Watch(this, 1000);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.outside);
    document.addEventListener("keydown", this.outside);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.outside);
    document.removeEventListener("keydown", this.outside);
  }

  focusSearch(): void {
    this.field.focus();
    this.field.select();
  }

  override render(): TemplateResult {
    return html`
      <h1 class="name"><img src="/icon.svg" alt="" /><span>${say("product")}</span></h1>
      ${this.zones()}
      <div class="search" role="search">${icon("search")}
        <input type="text" inputmode="search" autocomplete="off" spellcheck="false" placeholder=${say("search")} aria-label=${say("search")}
          .value=${desk.filters.words} @input=${() => desk.filter({ words: this.field.value })} @keydown=${this.searchKey} />
        ${desk.filters.words === "" ? html`<kbd>/</kbd>` : html`<button class="icon" aria-label=${say("clear")} @click=${() => desk.filter({ words: "" })}>${icon("close")}</button>`}
        <hub-found></hub-found></div>
      <hub-lamps></hub-lamps>
      ${this.time()}
      <div class="tools">
        ${this.sound()}
        ${this.tool("theme", say("theme"), () => setPrefs({ theme: isDark() ? "light" : "dark" }))}
        ${this.tool("help", `${say("help")} ?`, () => desk.dispatchEvent(new Event("help")))}
        <button lang=${prefs.language === "zh" ? "en" : "zh-CN"} data-language @click=${() => { setPrefs({ language: prefs.language === "zh" ? "en" : "zh" }); desk.refresh(); }}>${say("language")}</button>
        ${this.who()}
      </div>`;
  }

  private zones(): TemplateResult | typeof nothing {
    const zones = desk.me?.zones ?? [];
    if (zones.length < 2) return nothing;
    return html`<select aria-label=${say("zone")} @change=${(event: Event) => desk.filter({ zone: (event.target as HTMLSelectElement).value })}>
      <option value="">${say("all_zones")}</option>${zones.map((zone) => html`<option value=${zone} ?selected=${desk.filters.zone === zone}>${desk.zoneName(zone)}</option>`)}</select>`;
  }

  private time(): TemplateResult {
    const age = Math.floor(desk.silence / 1000);
    const line = desk.line === "live" && desk.silence > SILENCE_MS ? "waiting" : desk.line;
    const words = line === "live" ? `${say("live")} ${say("live_age", { n: age })}`
      : say(line === "loading" ? "loading" : line === "off" ? "offline" : "waiting_line");
    return html`<div class="time"><span class="clock">${clockOf(desk.now())}</span><span class="line ${line}" role="status">${words}</span></div>`;
  }

  private tool(name: "theme" | "help", title: string, act: () => void): TemplateResult {
    return html`<button class="icon" title=${title} aria-label=${title} @click=${() => { act(); desk.tell(); }}>${icon(name)}</button>`;
  }

  private sound(): TemplateResult {
    const now = soundState();
    const title = say(`sound_${now}`) + (missed > 0 ? ` · ${say("sound_missed", { n: missed })}` : "");
    return html`<button class="${missed > 0 ? "" : "icon"} ${now}" data-sound=${now} title=${title} aria-label=${title} @click=${() => void switchSound().then(() => desk.tell())}>${icon(now === "on" ? "sound" : "mute")}${
      missed > 0 ? html`<span class="small">${say("sound_lost", { n: missed })}</span>` : nothing}</button>`;
  }

  private who(): TemplateResult | typeof nothing {
    const me = desk.me;
    if (!me) return nothing;
    return html`<div class="who"><button aria-haspopup="true" aria-expanded=${this.isOpen} @click=${() => { this.isOpen = !this.isOpen; }}>${icon("person")}<span>${me.name}</span></button>
      ${this.isOpen ? html`<div class="menu"><p><strong>${me.name}</strong><br /><span class="quiet small">${sayOf("role", me.role)} · ${
        me.all_zones === true ? say("all_zones") : joined((me.zones ?? []).map((zone) => desk.zoneName(zone)))}</span></p>
        <button @click=${() => location.assign("?wall")}>${icon("wall")}${say("wall")}</button>
        ${me.role === "administrator" ? html`<button data-people @click=${() => { this.isOpen = false; desk.dispatchEvent(new Event("people")); }}>${icon("people")}${say("people")}</button>` : nothing}
        <button @click=${this.leave}>${icon("leave")}${say("leave")}</button></div>` : nothing}</div>`;
  }

  private async leave(): Promise<void> {
    await api.leave(desk.me?.csrf).catch(() => undefined);
    location.replace("/");
  }

  private searchKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      if (desk.filters.words !== "") desk.filter({ words: "" });
      else this.field.blur();
    }
    if (event.key === "Enter") desk.dispatchEvent(new CustomEvent("search", { detail: this.field.value.trim() }));
  }
}
