// The incidents on the map: one canvas, clustered, drawn at most once a frame whatever number of them changes.

import L from "leaflet";
import Supercluster from "supercluster";
import { desk } from "../app/desk";
import { gravity } from "../model/order";
import { SEVERITIES, type Incident } from "../model/types";
import { clusterRadius, drawCluster, drawRing, drawShape, paletteOf, type Palette } from "./shapes";

export const CLOSE_ZOOM = 17; // from here on every incident stands by itself

interface Point {
  id: string;
  severity: number;
}
type Sums = { counts: number[] };
type Spot = Supercluster.ClusterFeature<Sums> | Supercluster.PointFeature<Point>;

export interface Hit {
  id?: string;
  cluster?: { zoom: number; at: L.LatLng };
}

const REACH = 16;

export class Spots extends L.Layer {
  private canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide");
  private index: Supercluster<Point, Sums>;
  private drawn: { spot: Spot; at: L.Point }[] = [];
  private paint: Palette | undefined;
  private frame = 0;

  constructor(private scale: number) {
    super();
    this.index = indexOf(scale);
  }

  override onAdd(map: L.Map): this {
    const pane = map.getPane("spots") ?? map.createPane("spots");
    pane.appendChild(this.canvas);
    map.on("moveend zoomend resize", this.draw, this);
    this.repaint();
    return this;
  }

  override onRemove(map: L.Map): this {
    cancelAnimationFrame(this.frame);
    this.canvas.remove();
    map.off("moveend zoomend resize", this.draw, this);
    return this;
  }

  /** Other colours: those of the theme are read again. */
  repaint(): void {
    this.paint = undefined;
    this.draw();
  }

  /** A screen of another size; what is clustered follows when it is shown again. */
  rescale(scale: number): void {
    this.scale = scale;
    this.draw();
  }

  show(incidents: readonly Incident[]): void {
    this.index = indexOf(this.scale);
    this.index.load(incidents.filter((incident) => incident.position).map((incident) => ({
      type: "Feature", properties: { id: incident.incident, severity: Math.min(gravity(incident), SEVERITIES.length - 1) },
      geometry: { type: "Point", coordinates: [incident.position?.lon ?? 0, incident.position?.lat ?? 0] },
    })));
    this.draw();
  }

  draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paintAll());
  }

  hit(at: L.Point): Hit | undefined {
    let best: { spot: Spot; far: number } | undefined;
    for (const each of this.drawn) {
      const reach = "cluster" in each.spot.properties ? clusterRadius(each.spot.properties.point_count) * this.scale : REACH * this.scale;
      const far = each.at.distanceTo(at);
      if (far <= reach && (!best || far < best.far)) best = { spot: each.spot, far };
    }
    if (!best) return undefined;
    const { properties, geometry } = best.spot;
    if (!("cluster" in properties)) return { id: properties.id };
    const zoom = Math.min(CLOSE_ZOOM, this.index.getClusterExpansionZoom(properties.cluster_id));
    return { cluster: { zoom, at: L.latLng(geometry.coordinates[1] as number, geometry.coordinates[0] as number) } };
  }

  private paintAll(): void {
    const map = this._map as L.Map | undefined;
    if (!map) return;
    const size = map.getSize();
    const to = this.fit(map, size);
    if (!to) return;
    this.paint ??= paletteOf(map.getContainer());
    const bounds = map.getBounds().pad(0.1);
    const spots = this.index.getClusters([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], Math.floor(map.getZoom() + 0.01));
    this.drawn = spots.map((spot) => ({ spot, at: map.latLngToContainerPoint([spot.geometry.coordinates[1] as number, spot.geometry.coordinates[0] as number]) }));
    // The gravest are drawn last, and so lie on top.
    this.drawn.sort((one, other) => weight(other.spot) - weight(one.spot));
    for (const { spot, at } of this.drawn) this.paintSpot(to, spot, at);
    this.paintMarked(to, map);
  }

  private fit(map: L.Map, size: L.Point): CanvasRenderingContext2D | null {
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== size.x * ratio || this.canvas.height !== size.y * ratio) {
      this.canvas.width = size.x * ratio;
      this.canvas.height = size.y * ratio;
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
    }
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    const to = this.canvas.getContext("2d");
    to?.setTransform(ratio, 0, 0, ratio, 0, 0);
    to?.clearRect(0, 0, size.x, size.y);
    return to;
  }

  private paintSpot(to: CanvasRenderingContext2D, spot: Spot, at: L.Point): void {
    const paint = this.paint as Palette;
    if ("cluster" in spot.properties) return drawCluster(to, paint, spot.properties.counts, at.x, at.y, this.scale);
    drawShape(to, paint, SEVERITIES[spot.properties.severity] ?? "info", at.x, at.y, 8 * this.scale);
  }

  /** The chosen one in a ring, with how exact its place is; its suggested twins faintly; what is pointed at. */
  private paintMarked(to: CanvasRenderingContext2D, map: L.Map): void {
    const paint = this.paint as Palette;
    const chosen = desk.chosenIncident;
    for (const twin of chosen?.suggested ?? []) this.paintAt(to, map, twin.incident, (x, y) => {
      to.setLineDash([3, 3]);
      drawRing(to, paint.accent, x, y, 13 * this.scale, 1.5);
      to.setLineDash([]);
    });
    if (desk.pointed !== undefined) this.paintAt(to, map, desk.pointed, (x, y) => drawRing(to, paint.ink, x, y, 13 * this.scale, 1.5));
    if (chosen) this.paintAt(to, map, chosen.incident, (x, y) => {
      drawShape(to, paint, chosen.severity, x, y, 9 * this.scale);
      drawRing(to, paint.surface, x, y, 16 * this.scale, 6);
      drawRing(to, paint.accent, x, y, 16 * this.scale, 3);
    });
  }

  private paintAt(_to: CanvasRenderingContext2D, map: L.Map, id: string, how: (x: number, y: number) => void): void {
    const position = desk.store.get(id)?.position;
    if (!position) return;
    const at = map.latLngToContainerPoint([position.lat, position.lon]);
    how(at.x, at.y);
  }
}

/** A new one each time: supercluster keeps the sums of all that it ever loaded. */
function indexOf(scale: number): Supercluster<Point, Sums> {
  return new Supercluster<Point, Sums>({
    radius: 42 * scale, extent: 256, maxZoom: CLOSE_ZOOM - 1, minPoints: 3,
    map: (point) => ({ counts: SEVERITIES.map((_, at) => (at === point.severity ? 1 : 0)) }),
    reduce: (sum, each) => { sum.counts = sum.counts.map((count, at) => count + (each.counts[at] ?? 0)); },
  }).load([]);
}

function weight(spot: Spot): number {
  return "cluster" in spot.properties ? 10 : spot.properties.severity;
}
