// The map: the district's schematic (or a basemap that the site names), the incidents on it, the chosen one ringed.

import L from "leaflet";
import leafletStyle from "leaflet/dist/leaflet.css?inline";
import { LitElement, html, css, unsafeCSS, type TemplateResult } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { desk } from "../app/desk";
import { say } from "../text/say";
import { icon } from "./icons";
import { shared } from "./style";
import { Spots, CLOSE_ZOOM } from "./spots";

const MANY = 2000; // spots; past it they are clustered anew once a second
const MANY_MS = 1000;
const WALL_SPOTS = 1.6; // times those of the desk
const LETTER_PX = 14; // of a region's name, with its space
const HULI = L.latLngBounds([24.478, 118.083], [24.562, 118.197]);

// Leaflet's sheet names pictures of controls that are not used here.
const plainStyle = leafletStyle.replace(/[^{}]*\{[^{}]*url\([^)]*\)[^{}]*\}/g, "");

@customElement("hub-map")
export class HubMap extends LitElement {
  static override styles = [unsafeCSS(plainStyle), shared, css`
    :host { position: relative; background: var(--map-sea); isolation: isolate; }
    .map { position: absolute; inset: 0; background: var(--map-sea); font: inherit; outline-offset: -2px; }
    .buttons { position: absolute; right: 12px; top: 12px; z-index: 500; display: grid; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); }
    .buttons button { width: 32px; height: 32px; border-radius: 0; }
    .buttons button + button { border-top: 1px solid var(--line); }
    .note { position: absolute; left: 8px; bottom: 4px; z-index: 500; font-size: var(--t12); line-height: 16px; color: var(--map-word); pointer-events: none; }
    .region-name { background: none; border: 0; box-shadow: none; color: var(--map-word); font: 400 var(--t12)/16px var(--font); padding: 0; letter-spacing: 0.1em; white-space: nowrap; }
    .region-name::before { display: none; }
    .note.over { background: color-mix(in srgb, var(--surface) 85%, transparent); padding: 0 4px; border-radius: 2px; color: var(--ink-2); }
    .leaflet-tile { filter: var(--map-tiles); }
    .wide .region-name { font-size: calc(20 * var(--u)); line-height: calc(28 * var(--u)); }
    .leaflet-container .leaflet-tooltip { opacity: 1 !important; }
    .leaflet-pane.leaflet-spots-pane { z-index: 660; pointer-events: none; }
    :host([wall]) .note { font-size: calc(20 * var(--u)); line-height: calc(28 * var(--u)); left: calc(24 * var(--u)); bottom: calc(12 * var(--u)); }
  `];

  @property({ type: Boolean, reflect: true }) wall = false;
  @query(".map") private place!: HTMLElement;
  private map: L.Map | undefined;
  private spots!: Spots;
  private regions: L.GeoJSON | undefined;
  private readonly names: { text: string; bounds: L.LatLngBounds; label: L.Tooltip }[] = [];
  private drawnRegions: unknown;
  private shown: unknown;
  private shownAt = 0;
  private showing: ReturnType<typeof setTimeout> | undefined;
  private language = "";
  private observers: { disconnect(): void }[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    desk.addEventListener("change", this.update_);
    desk.addEventListener("choose", this.chosen);
    desk.addEventListener("point", this.marked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    desk.removeEventListener("change", this.update_);
    desk.removeEventListener("choose", this.chosen);
    desk.removeEventListener("point", this.marked);
    for (const each of this.observers) each.disconnect();
    clearTimeout(this.showing);
    this.map?.remove();
    this.map = undefined;
  }

  override render(): TemplateResult {
    return html`<div class="map ${this.wall ? "wide" : ""}" role="region" aria-label=${say("map")}></div>
      ${this.wall ? "" : html`<div class="buttons">
        <button class="icon" title=${say("zoom_in")} aria-label=${say("zoom_in")} @click=${() => this.map?.zoomIn()}>${icon("plus")}</button>
        <button class="icon" title=${say("zoom_out")} aria-label=${say("zoom_out")} @click=${() => this.map?.zoomOut()}>${icon("minus")}</button>
        <button class="icon" title=${say("fit")} aria-label=${say("fit")} @click=${() => this.fit()}>${icon("fit")}</button></div>`}
      <div class="note ${desk.settings.basemap ? "over" : ""}">${desk.settings.basemap ? (desk.settings.attribution ?? "") : say("schematic")}</div>`;
  }

  override firstUpdated(): void {
    const map = L.map(this.place, {
      zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0.1, maxZoom: 19, minZoom: 10, wheelDebounceTime: 20,
      fadeAnimation: false, zoomAnimation: false, dragging: !this.wall, scrollWheelZoom: !this.wall, doubleClickZoom: !this.wall,
    });
    this.map = map;
    this.spots = new Spots(this.wall ? WALL_SPOTS * wallScale() : 1);
    if (desk.settings.basemap) L.tileLayer(desk.settings.basemap, { maxZoom: 19 }).addTo(map);
    this.fit();
    this.spots.addTo(map);
    map.on("zoomend", this.nameRegions);
    map.on("click", (event) => this.clicked(event));
    map.on("mousemove", (event) => {
      const hit = this.spots.hit(event.containerPoint);
      map.getContainer().style.cursor = hit ? "pointer" : "";
      desk.point(hit?.id);
    });
    const resize = new ResizeObserver(() => this.resized());
    resize.observe(this.place);
    const theme = new MutationObserver(() => { this.spots.repaint(); this.drawRegions(true); });
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    this.observers = [resize, theme];
    this.update_();
  }

  private isFitted = true;

  private resized(): void {
    this.map?.invalidateSize({ pan: false, animate: false });
    if (this.isFitted) this.fit();
    if (!this.wall) return;
    this.spots.rescale(WALL_SPOTS * wallScale());
    this.spots.show(desk.shown);
    this.nameRegions();
  }

  private fit(): void {
    const bounds = this.regions?.getBounds();
    this.map?.fitBounds(bounds?.isValid() ? bounds : HULI, { paddingTopLeft: [16, 16], paddingBottomRight: this.wall ? [16, 16] : [56, 24], animate: false });
    this.isFitted = true;
    this.map?.once("dragstart zoomstart", () => { this.isFitted = false; });
  }

  private readonly update_ = (): void => {
    if (!this.map) return;
    this.drawRegions();
    if (this.language !== document.documentElement.lang) {
      this.language = document.documentElement.lang;
      this.requestUpdate();
    }
    if (this.shown === desk.shown) return this.spots.draw();
    this.shown = desk.shown;
    const wait = desk.shown.length > MANY ? this.shownAt + MANY_MS - performance.now() : 0;
    this.showing ??= setTimeout(() => {
      this.showing = undefined;
      this.shownAt = performance.now();
      this.spots.show(desk.shown);
    }, Math.max(0, wait));
  };

  private readonly marked = (): void => this.spots.draw();

  /** The map moves only when the chosen one is out of view. */
  private readonly chosen = (event: Event): void => {
    const position = desk.chosenIncident?.position;
    this.spots.draw();
    if (!position || !this.map || (event as CustomEvent<string>).detail === "map") return;
    // The detail may have just opened beside the map: its new size decides.
    requestAnimationFrame(() => {
      this.map?.invalidateSize({ pan: false, animate: false });
      if (this.isFitted) this.fit();
      this.map?.panInside([position.lat, position.lon], { padding: [40, 40], animate: false });
    });
  };

  private clicked(event: L.LeafletMouseEvent): void {
    const hit = this.spots.hit(event.containerPoint);
    if (hit?.id !== undefined) desk.choose(hit.id, "map");
    else if (hit?.cluster) this.map?.setView(hit.cluster.at, Math.min(CLOSE_ZOOM, Math.max(hit.cluster.zoom, this.map.getZoom() + 1)), { animate: false });
  }

  /** A name stands where its region has the room for it. */
  private readonly nameRegions = (): void => {
    if (!this.map) return;
    for (const { text, bounds, label } of this.names) {
      const room = this.map.latLngToLayerPoint(bounds.getNorthEast()).x - this.map.latLngToLayerPoint(bounds.getSouthWest()).x;
      if (room < text.length * (this.wall ? 22 * wallScale() : LETTER_PX)) label.remove();
      else label.addTo(this.map);
    }
  };

  private drawRegions(isAnew = false): void {
    if (!this.map || !desk.regions || (!isAnew && this.drawnRegions === desk.regions)) return;
    this.drawnRegions = desk.regions;
    this.regions?.remove();
    for (const each of this.names.splice(0)) each.label.remove();
    const value = (name: string): string => getComputedStyle(this).getPropertyValue(name).trim();
    const land = desk.settings.basemap ? "transparent" : value("--map-land");
    const features = desk.regions.features.filter((each) => (each.properties?.["level"] ?? "subdistrict") === "subdistrict");
    this.regions = L.geoJSON(features, {
      interactive: false, style: { color: value("--map-line"), weight: 1, fillColor: land, fillOpacity: desk.settings.basemap ? 0 : 1 },
      onEachFeature: (feature, layer) => {
        const name: unknown = feature.properties?.["name"];
        if (typeof name === "string") this.names.push({ text: name, bounds: (layer as L.Polygon).getBounds(), label: nameAt((layer as L.Polygon).getBounds(), name) });
      },
    }).addTo(this.map);
    this.regions.bringToBack();
    if (this.isFitted) this.fit();
    this.nameRegions();
  }
}

/** As --u of the wall. */
function wallScale(): number {
  return Math.max(1, Math.min(innerWidth / 1920, innerHeight / 1080));
}

/** Near the upper edge, where fewer spots lie; an element, so that a name is text whatever it holds. */
function nameAt(bounds: L.LatLngBounds, name: string): L.Tooltip {
  const span = document.createElement("span");
  span.textContent = name;
  const at: L.LatLngExpression = [bounds.getSouth() + 0.96 * (bounds.getNorth() - bounds.getSouth()), bounds.getCenter().lng];
  return L.tooltip(at, { permanent: true, direction: "bottom", className: "region-name", interactive: false, content: span });
}
