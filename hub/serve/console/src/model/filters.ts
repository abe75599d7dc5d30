// What the facets and the search box let through, and how many each choice would show.

import { lightAt } from "./deadline";
import { OPEN_STATES, type Incident } from "./types";

export const FACETS = ["state", "severity", "platform", "category", "subdistrict"] as const;
export type Facet = (typeof FACETS)[number];

export interface Filters {
  zone: string;
  chosen: Record<Facet, ReadonlySet<string>>;
  overdue: boolean;
  suggested: boolean;
  words: string;
}

export function noFilters(): Filters {
  const none = new Set<string>();
  return {
    zone: "", overdue: false, suggested: false, words: "",
    chosen: { state: none, severity: none, platform: none, category: none, subdistrict: none },
  };
}

export function isFiltered(filters: Filters): boolean {
  return filters.overdue || filters.suggested || filters.words.trim() !== ""
    || FACETS.some((facet) => filters.chosen[facet].size > 0);
}

export function isOpen(incident: Incident): boolean {
  return incident.merged_into === undefined && OPEN_STATES.includes(incident.state);
}

export function valuesOf(incident: Incident, facet: Facet): readonly string[] {
  switch (facet) {
    case "state": return [isOpen(incident) ? incident.state : "closed"];
    case "severity": return [incident.severity];
    case "platform": return incident.platforms;
    case "category": return [incident.category.code];
    case "subdistrict": return incident.place?.subdistrict === undefined ? [] : [incident.place.subdistrict];
  }
}

function hasWords(incident: Incident, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [incident.number, incident.title, incident.category.name, incident.place?.address, incident.place?.grid]
    .join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== "");
}

type Check = (incident: Incident) => boolean;

function facetCheck(filters: Filters, facet: Facet): Check {
  const chosen = filters.chosen[facet];
  if (chosen.size > 0) return (incident) => valuesOf(incident, facet).some((value) => chosen.has(value));
  return facet === "state" ? isOpen : () => true;
}

function otherCheck(filters: Filters, now: number): Check {
  const words = wordsOf(filters.words);
  return (incident) => incident.merged_into === undefined
    && (filters.zone === "" || incident.zone === filters.zone)
    && (!filters.overdue || lightAt(incident, now) === "red")
    && (!filters.suggested || (incident.suggested?.length ?? 0) > 0)
    && hasWords(incident, words);
}

export function matcher(filters: Filters, now: number): Check {
  const checks = [otherCheck(filters, now), ...FACETS.map((facet) => facetCheck(filters, facet))];
  return (incident) => checks.every((check) => check(incident));
}

export type Counts = Record<Facet, Map<string, number>> & { overdue: number; suggested: number };

/** Each facet's counts are of what all the other filters let through. */
export function counted(incidents: Iterable<Incident>, filters: Filters, now: number): Counts {
  const other = otherCheck(filters, now);
  const checks = FACETS.map((facet) => facetCheck(filters, facet));
  const counts: Counts = {
    state: new Map(), severity: new Map(), platform: new Map(), category: new Map(), subdistrict: new Map(), overdue: 0, suggested: 0,
  };
  for (const incident of incidents) {
    if (!other(incident)) continue;
    const failed = checks.findIndex((check) => !check(incident));
    const second = failed < 0 ? -1 : checks.findIndex((check, at) => at > failed && !check(incident));
    if (second >= 0) continue;
    FACETS.forEach((facet, at) => {
      if (failed >= 0 && failed !== at) return;
      for (const value of valuesOf(incident, facet)) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1);
    });
    if (failed >= 0) continue;
    if (lightAt(incident, now) === "red") counts.overdue++;
    if ((incident.suggested?.length ?? 0) > 0) counts.suggested++;
  }
  return counts;
}
