// What a person wants done: by a button or a key; the dialogue that it needs opens, or it is given at once.

import { desk } from "./desk";
import { give } from "./orders";
import type { Incident, Verb } from "../model/types";

export interface Wish {
  verb: Verb;
  incidents?: string[];
}

export const ASKS: readonly Wish["verb"][] = ["merge", "split", "assign", "dispatch", "close", "reject", "note"];

export function act(wish: Wish): void {
  if (!desk.mayAct()) return;
  const incident = desk.chosenIncident;
  if (ASKS.includes(wish.verb)) {
    desk.dispatchEvent(new CustomEvent("act", { detail: wish }));
  } else if (wish.verb === "apart") {
    const seen = desk.store.get(wish.incidents?.[0] ?? "");
    if (seen) void give({ verb: "apart", incidents: wish.incidents ?? [] }, seen);
  } else if (incident) {
    void give({ verb: wish.verb, incident: incident.incident }, incident);
  }
}

/** What comes next for an incident in this state, and what else may be done. dispatch does what assign does: a person is offered one of them. */
export function verbsOf(incident: Incident): { first: Verb[]; more: Verb[] } {
  switch (incident.state) {
    case "received": return { first: ["confirm", "assign"], more: ["reject", "close", "note"] };
    case "filed": return { first: ["assign", "close"], more: ["reject", "note"] };
    case "dispatched": return { first: ["dispose", "close"], more: ["assign", "verify", "note"] };
    case "processing":
    case "feedback":
    case "suspended": return { first: ["assign", "close"], more: ["verify", "note"] };
    case "verifying": return { first: ["close", "dispose"], more: ["assign", "note"] };
    case "closed":
    case "rejected": return { first: ["reopen"], more: ["note"] };
    default: return { first: [], more: ["note"] };
  }
}
