// What is told of an incident's history: the newest first, nothing twice.

import type { Moment } from "./types";

export interface Told extends Moment {
  times: number; // so many in a row that say the same
}

/** Of one moment what was made stands over the report that it was made of. */
function newestFirst(one: Moment, other: Moment): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return Number(one.kind === "report") - Number(other.kind === "report") || (other.version ?? 0) - (one.version ?? 0);
}

/** A command or a report says more than the version that it made. */
function isWorth(moment: Moment, causes: ReadonlySet<string>): boolean {
  if (moment.kind !== "version") return moment.kind !== "link";
  const cause = moment.cause ?? "";
  return !cause.startsWith("cmd:") && !causes.has(cause);
}

function isPlainUpdate(moment: Moment): boolean {
  return moment.kind === "version" && moment.change === "updated" && (moment.state_before === undefined || moment.state_before === moment.state);
}

/** Updates in a row that changed no state are one line: the newest, and how many. */
export function toldOf(history: readonly Moment[]): Told[] {
  const causes = new Set(history.filter((each) => each.kind === "report").map((each) => each.event ?? ""));
  causes.delete("");
  const told: Told[] = [];
  for (const moment of history.filter((each) => isWorth(each, causes)).reverse().sort(newestFirst)) {
    const last = told[told.length - 1];
    if (last && isPlainUpdate(last) && isPlainUpdate(moment) && last.state === moment.state) last.times++;
    else told.push({ ...moment, times: 1 });
  }
  return told;
}
