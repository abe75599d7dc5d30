// The light of a deadline: green, yellow from 80 % of the time on, red past it.

import type { Incident, Light } from "./types";

type Timed = Pick<Incident, "opened" | "deadline" | "limit" | "closed">;

interface Times {
  from: number;
  until: number; // NaN: no deadline
  closed: number; // NaN: open
}

// A version never changes, and ten thousand of them are asked several times a second.
const known = new WeakMap<Timed, Times>();

function timesOf(incident: Timed): Times {
  let times = known.get(incident);
  if (times === undefined) {
    times = {
      from: Date.parse(incident.limit?.from ?? incident.opened),
      until: Date.parse(incident.limit?.deadline ?? incident.deadline ?? ""),
      closed: Date.parse(incident.closed ?? ""),
    };
    known.set(incident, times);
  }
  return times;
}

export function msLeft(incident: Timed, now: number): number | undefined {
  const { until } = timesOf(incident);
  return Number.isNaN(until) ? undefined : until - now;
}

export function lightAt(incident: Timed, now: number): Light {
  const { from, until, closed } = timesOf(incident);
  if (Number.isNaN(until)) return "none";
  const seen = Number.isNaN(closed) ? now : closed;
  if (seen > until) return "red";
  return seen - from >= 0.8 * (until - from) ? "yellow" : "green";
}
