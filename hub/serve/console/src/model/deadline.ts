// The light of a deadline: green, yellow from 80 % of the time on, red past it.

import type { Incident, Light } from "./types";

type Timed = Pick<Incident, "opened" | "deadline" | "limit" | "closed">;

export function deadlineOf(incident: Timed): number | undefined {
  const text = incident.limit?.deadline ?? incident.deadline;
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

export function msLeft(incident: Timed, now: number): number | undefined {
  const at = deadlineOf(incident);
  return at === undefined ? undefined : at - now;
}

export function lightAt(incident: Timed, now: number): Light {
  const at = deadlineOf(incident);
  if (at === undefined) return "none";
  const seen = incident.closed === undefined ? now : Date.parse(incident.closed);
  if (seen > at) return "red";
  const from = Date.parse(incident.limit?.from ?? incident.opened);
  return seen - from >= 0.8 * (at - from) ? "yellow" : "green";
}
