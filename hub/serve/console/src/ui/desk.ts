// The desk: facets, list, map and detail side by side; one selection.

import { LitElement, html, css, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { desk } from "../app/desk";
import { listen } from "../app/keys";
import { Watch } from "../app/watch";
import type { HubDetail } from "./detail";
import type { HubDialog } from "./dialog";
import type { HubHead } from "./head";
import type { HubHelp } from "./help";
import type { HubPeople } from "./people";
import { shared } from "./style";
import "./band";
import "./detail";
import "./dialog";
import "./facets";
import "./head";
import "./help";
import "./list";
import "./map";
import "./notices";

@customElement("hub-desk")
export class HubDesk extends LitElement {
  static override styles = [shared, css`
    :host { display: flex; flex-direction: column; height: 100vh; overflow: hidden; }
    main { flex: 1; min-height: 0; display: flex; gap: 1px; background: var(--line); }
    hub-facets { flex: none; }
    hub-list { flex: 0 0 360px; }
    hub-map { flex: 1 1 0; min-width: 240px; }
    hub-detail { flex: 0 0 480px; }
    @media (max-width: 1300px) { hub-detail { flex-basis: 420px; } hub-list { flex-basis: 320px; } }
  `];

  @query("hub-head") private head!: HubHead;
  @query("hub-dialog") private dialog!: HubDialog;
  @query("hub-help") private help!: HubHelp;
  @query("hub-detail") private detail!: HubDetail | null;
  @query("hub-people") private people!: HubPeople | null;
  private unlisten: (() => void) | undefined;
  private twins: { of: string; at: number } | undefined;

  constructor() {
    super();
    new Watch(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = listen({
      search: () => this.head.focusSearch(),
      detail: () => this.openDetail(),
      nextTwin: () => this.nextTwin(),
      isDialogOpen: () => this.dialog.isOpen || this.help.isOpen || this.people?.isOpen === true,
    });
    desk.addEventListener("people", this.showPeople);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    desk.removeEventListener("people", this.showPeople);
  }

  private readonly showPeople = async (): Promise<void> => {
    await import("./people");
    await this.people?.show();
  };

  override render(): TemplateResult {
    return html`<hub-band></hub-band><hub-head></hub-head>
      <main><hub-facets></hub-facets><hub-list></hub-list><hub-map></hub-map>${desk.chosen === undefined ? nothing : html`<hub-detail></hub-detail>`}</main>
      <hub-dialog></hub-dialog><hub-help></hub-help><hub-people></hub-people><hub-notices></hub-notices>`;
  }

  private openDetail(): void {
    if (desk.chosen === undefined) desk.step(0);
    void this.updateComplete.then(() => this.detail?.renderRoot.querySelector<HTMLElement>(".body")?.focus());
  }

  /** t: through the suggested twins of the one that it began with. */
  private nextTwin(): void {
    const chosen = desk.chosenIncident;
    const from = this.twins && desk.store.get(this.twins.of);
    const isWalking = from?.suggested?.[this.twins?.at ?? 0]?.incident === desk.chosen;
    const of = isWalking ? from : chosen;
    const list = of?.suggested ?? [];
    if (!of || list.length === 0) return;
    const at = isWalking ? ((this.twins?.at ?? 0) + 1) % list.length : 0;
    this.twins = { of: of.incident, at };
    desk.choose(list[at]?.incident, "link");
  }
}
