// The incidents that this console knows, each in its newest version.

import { isNewer } from "./order";
import type { Feature, Incident } from "./types";

export type Put = "new" | "changed" | "old";

export function incidentOf(feature: Feature): Incident {
  const incident: Incident = { ...feature.properties };
  if (feature.geometry) {
    const [lon, lat] = feature.geometry.coordinates;
    incident.position = { lon, lat };
  }
  return incident;
}

export class Store {
  /** The highest feed number seen: where a broken stream goes on. */
  feed = 0;
  private readonly known = new Map<string, Incident>();

  get size(): number {
    return this.known.size;
  }

  get(id: string): Incident | undefined {
    return this.known.get(id);
  }

  all(): Iterable<Incident> {
    return this.known.values();
  }

  /** An older version after a newer one changes nothing, whichever way it came. */
  put(incident: Incident): Put {
    const had = this.known.get(incident.incident);
    if (had && !isNewer(incident, had)) return "old";
    this.known.set(incident.incident, incident);
    return had ? "changed" : "new";
  }

  /** A frame of the stream: its number counts also where its version is an old one. */
  follow(feature: Feature, feed: number): Put {
    this.feed = Math.max(this.feed, feed);
    return this.put(incidentOf(feature));
  }

  /** After a whole list was read: what it lacked is gone, unless the stream brought it since. */
  sweep(seen: ReadonlySet<string>, head: number): void {
    for (const [id, incident] of this.known) {
      if (!seen.has(id) && (incident.feed ?? 0) <= head) this.known.delete(id);
    }
  }

  /** Memory stays flat: of what is settled only the newest `most` stay. */
  trim(isSettled: (incident: Incident) => boolean, most: number): void {
    const settled = [...this.known.values()].filter(isSettled);
    if (settled.length <= most) return;
    settled.sort((one, other) => (one.updated < other.updated ? 1 : -1));
    for (const incident of settled.slice(most)) this.known.delete(incident.incident);
  }
}
