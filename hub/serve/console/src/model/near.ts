// Which incidents may be the same problem as this one: its suggested twins, then what is open near by.

import { isOpen } from "./filters";
import type { Incident, Position } from "./types";

export interface Near {
  incident: Incident;
  metres: number | undefined;
  isSuspected: boolean;
}

const REACH_M = 500;
const DEGREE_M = 111_320;

/** Good to a metre over a district: the earth is flat here. */
export function metresBetween(one: Position, other: Position): number {
  const north = (one.lat - other.lat) * DEGREE_M;
  const east = (one.lon - other.lon) * DEGREE_M * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(north, east);
}

export function nearOf(incident: Incident, all: Iterable<Incident>, most: number): Near[] {
  const suspected = new Set((incident.suggested ?? []).map((twin) => twin.incident));
  const found: Near[] = [];
  for (const other of all) {
    if (other.incident === incident.incident || !isOpen(other) || other.zone !== incident.zone) continue;
    const metres = incident.position && other.position ? metresBetween(incident.position, other.position) : undefined;
    const isSuspected = suspected.has(other.incident);
    if (isSuspected || (metres !== undefined && metres <= REACH_M)) found.push({ incident: other, metres, isSuspected });
  }
  return found
    .sort((one, other) => Number(other.isSuspected) - Number(one.isSuspected) || (one.metres ?? REACH_M) - (other.metres ?? REACH_M))
    .slice(0, most);
}
