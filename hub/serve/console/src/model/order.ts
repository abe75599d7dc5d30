// Which version of an incident is newer, and in which order a list shows them.

import { lightAt, msLeft } from "./deadline";
import { SEVERITIES, type Incident } from "./types";

export type Sort = "updated" | "deadline" | "severity" | "opened";
export const SORTS: readonly Sort[] = ["updated", "deadline", "severity", "opened"];

type Version = Pick<Incident, "epoch" | "version">;

/** Order is (epoch, version): a promoted replay raises epoch and begins its versions anew. */
export function isNewer(one: Version, than: Version): boolean {
  return one.epoch !== than.epoch ? one.epoch > than.epoch : one.version > than.version;
}

export function gravity(incident: Pick<Incident, "severity">): number {
  const at = SEVERITIES.indexOf(incident.severity);
  return at < 0 ? SEVERITIES.length : at;
}

function newestFirst(one: string, other: string): number {
  return one < other ? 1 : one > other ? -1 : 0;
}

function byDeadline(one: Incident, other: Incident): number {
  const a = one.deadline ?? "9";
  const b = other.deadline ?? "9";
  return a < b ? -1 : a > b ? 1 : 0;
}

const COMPARE: Record<Sort, (one: Incident, other: Incident) => number> = {
  updated: (one, other) => newestFirst(one.updated, other.updated),
  opened: (one, other) => newestFirst(one.opened, other.opened),
  severity: (one, other) => gravity(one) - gravity(other) || newestFirst(one.updated, other.updated),
  deadline: byDeadline,
};

export function sorted(incidents: Incident[], sort: Sort): Incident[] {
  const compare = COMPARE[sort];
  return incidents.sort((one, other) => compare(one, other) || newestFirst(one.incident, other.incident));
}

/** What burns most: late before not, then the gravest, then the least time left. */
export function burning(incidents: Iterable<Incident>, now: number, most: number): Incident[] {
  const rank = (incident: Incident): number => (lightAt(incident, now) === "red" ? 0 : 1);
  return [...incidents]
    .sort((one, other) => gravity(one) - gravity(other) || rank(one) - rank(other)
      || (msLeft(one, now) ?? Infinity) - (msLeft(other, now) ?? Infinity) || newestFirst(one.updated, other.updated))
    .slice(0, most);
}
