// The keyboard. Letters act only where nobody is typing.

import { act } from "./act";
import { desk } from "./desk";
import { undoLast } from "./orders";
import { prefs, setPrefs } from "./prefs";

export interface Places {
  search(): void;
  detail(): void;
  nextTwin(): void;
  isDialogOpen(): boolean;
}

function isTyping(event: KeyboardEvent): boolean {
  const on = event.composedPath()[0];
  return on instanceof HTMLElement && (on.matches("input:not([type=checkbox],[type=radio]), textarea, select") || on.isContentEditable);
}

function actions(places: Places): Record<string, () => void> {
  return {
    j: () => desk.step(1),
    k: () => desk.step(-1),
    Enter: () => places.detail(),
    "/": () => places.search(),
    x: () => { if (desk.chosen !== undefined && desk.mayAct()) desk.tick(desk.chosen); },
    m: () => act({ verb: "merge" }),
    s: () => act({ verb: "split" }),
    a: () => act({ verb: "assign" }),
    c: () => act({ verb: "close" }),
    u: () => undoLast(),
    t: () => places.nextTwin(),
    f: () => { setPrefs({ facets: !prefs.facets }); desk.tell(); },
    w: () => location.assign("?wall"),
    "?": () => desk.dispatchEvent(new Event("help")),
    Escape: () => desk.choose(undefined),
  };
}

export function listen(places: Places): () => void {
  const known = actions(places);
  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || places.isDialogOpen()) return;
    const on = event.composedPath()[0];
    if (event.key === "Enter" && on instanceof HTMLElement && on.matches("button, a, summary")) return;
    const act = known[event.key] ?? (event.key === "ArrowDown" && isList(on) ? known["j"] : event.key === "ArrowUp" && isList(on) ? known["k"] : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  };
  addEventListener("keydown", key);
  return () => removeEventListener("keydown", key);
}

function isList(on: EventTarget | undefined): boolean {
  return on instanceof HTMLElement && on.getAttribute("role") === "listbox";
}
