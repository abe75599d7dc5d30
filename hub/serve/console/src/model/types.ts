// The forms that hub serve answers with. Absent members are left out, never null.

export type Severity = "critical" | "high" | "medium" | "low" | "info";
export type Light = "green" | "yellow" | "red" | "none";
export type Lamp = "green" | "yellow" | "red" | "grey";
export type Role = "viewer" | "dispatcher" | "supervisor" | "administrator";
export type Verb =
  | "merge" | "split" | "confirm" | "reject" | "assign" | "dispatch" | "dispose" | "verify" | "close" | "reopen" | "note" | "undo" | "apart";

export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
export const OPEN_STATES: readonly string[] = [
  "received", "filed", "dispatched", "processing", "feedback", "verifying", "suspended",
];

export interface Words {
  zh: string;
  en: string;
}

export interface Position {
  lon: number;
  lat: number;
  radius_m?: number;
}

export interface Place {
  address?: string;
  district?: string;
  subdistrict?: string;
  community?: string;
  grid?: string;
}

export interface Limit {
  from?: string;
  deadline?: string;
  light: Light;
}

export interface Twin {
  incident: string;
  score: number;
}

/** One version of an incident, as the list and the stream carry it. */
export interface Incident {
  incident: string;
  number: string;
  epoch: number;
  version: number;
  feed?: number;
  change: string;
  at: string;
  zone: string;
  state: string;
  severity: Severity;
  category: { code: string; name?: string };
  title: string;
  place?: Place;
  opened: string;
  updated: string;
  deadline?: string;
  closed?: string;
  founding: string;
  reports: number;
  platforms: string[];
  newest?: { event: string; platform: string; title?: string; why?: { score?: number } }[];
  suggested?: Twin[];
  recurrence_of?: string;
  merged_into?: string;
  assigned_to?: { org?: string; by?: string; at?: string };
  limit?: Limit;
  position?: Position;
}

export interface Feature {
  type: "Feature";
  id: string;
  geometry: { type: "Point"; coordinates: [number, number] } | null;
  properties: Omit<Incident, "position">;
  left?: boolean;
}

export interface Page {
  features: Feature[];
  numberMatched?: number;
  numberReturned: number;
  timeStamp: string;
  feed: number;
  links: { rel: string; href: string }[];
}

export interface Reason {
  feature: string;
  value?: string;
  points: number;
  words?: Words;
}

export interface Refused {
  incident: string;
  number?: string;
  title?: string;
  score: number;
  reasons?: Reason[];
}

export interface Link {
  event: string;
  subject?: string;
  linked_at: string;
  linked_by?: string;
  unlinked_at?: string;
  decision: string;
  score?: number;
  threshold?: number;
  against?: string;
  doubtful?: boolean;
  reasons?: Reason[];
  refused?: Refused[];
}

export interface Report {
  subject: string;
  event: string;
  founding?: boolean;
  active?: boolean;
  platform: string;
  channel?: string;
  instance?: string;
  time: { occurred?: string; reported?: string; updated?: string; closed?: string; deadline?: string };
  state?: string;
  outcome?: string;
  severity?: Severity;
  category?: { code: string; name?: string };
  title?: string;
  description?: string;
  place?: Place;
  position?: Position;
  photos?: string[];
  source?: { id?: string; url?: string };
  quality?: string[];
  revisions?: number;
  link?: Link;
  distance_m?: number;
}

export interface Suggestion extends Twin {
  number?: string;
  title?: string;
  severity?: Severity;
  category?: { code: string; name?: string };
  state?: string;
  reports?: number;
  platforms?: string[];
  position?: Position;
  distance_m?: number;
}

export interface Given {
  id: string;
  verb: Verb;
  by: string;
  at: string;
  note?: string;
  state?: "waiting" | "done" | "refused";
  outcome?: string;
  reason?: string;
  undone_by?: string;
}

export interface Moment {
  at: string;
  kind: "report" | "version" | "state" | "command" | "link";
  version?: number;
  change?: string;
  state?: string;
  state_before?: string;
  cause?: string;
  event?: string;
  decision?: string;
  platform?: string;
  title?: string;
  subject?: string;
  command?: Given;
}

export interface Detail {
  incident: Incident;
  limit?: Limit;
  reports: Report[];
  ended?: Link[];
  suggested?: Suggestion[];
  history?: Moment[];
  commands?: Given[];
  recurrence_of?: string;
  merged_into?: string;
  merged?: (string | { incident: string; number?: string })[];
}

export interface Platform {
  platform: string;
  name: string;
  name_en?: string;
  level?: string;
  light: Lamp;
  said?: Words;
  last_event?: string;
  last_event_age_s?: number;
  lag?: number;
  rejected_today?: number;
  published_today?: number;
  ignored_today?: number;
}

export interface Figures {
  open?: number;
  late?: number;
  new_hour?: number;
  joined_today?: number;
  reports_today?: number;
  feed?: number;
  now?: string;
}

export interface Me {
  name: string;
  role: Role;
  zones?: string[];
  zone_names?: Record<string, string>;
  all_zones?: boolean;
  csrf?: string;
  by?: string;
  expires?: string;
}

/** A user, or a machine's key, as its file has it. */
export interface Known {
  name: string;
  id: string;
  role: Role;
  zones: string[];
  all_zones: boolean;
}

export interface Settings {
  version?: string;
  basemap?: string;
  attribution?: string;
  sign_in?: string;
}

export interface Category {
  code: string;
  name: string;
  name_en?: string;
}
