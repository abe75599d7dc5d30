import { describe, expect, test } from "vitest";
import { isNewer, burning, sorted } from "../../../hub/serve/console/src/model/order";
import { Store } from "../../../hub/serve/console/src/model/store";
import { feature, incident } from "./incidents";

describe("versions", () => {
  test("order is (epoch, version): after a promoted replay a low version is the newer one", () => {
    expect(isNewer({ epoch: 1, version: 8 }, { epoch: 1, version: 7 })).toBe(true);
    expect(isNewer({ epoch: 2, version: 1 }, { epoch: 1, version: 900 })).toBe(true);
    expect(isNewer({ epoch: 1, version: 900 }, { epoch: 2, version: 1 })).toBe(false);
    expect(isNewer({ epoch: 1, version: 7 }, { epoch: 1, version: 7 })).toBe(false);
  });

  test("an older version after a newer one changes nothing, whichever way it came", () => {
    const store = new Store();
    expect(store.put(incident("a", { version: 3, state: "closed" }))).toBe("new");
    expect(store.follow(feature(incident("a", { version: 2, state: "filed" })), 90)).toBe("old");
    expect(store.get("a")?.state).toBe("closed");
    expect(store.follow(feature(incident("a", { version: 4, state: "filed" })), 91)).toBe("changed");
    expect(store.get("a")?.state).toBe("filed");
  });

  test("a position comes from the geometry, and goes with it", () => {
    const store = new Store();
    store.follow(feature(incident("a", { position: { lon: 118.1, lat: 24.5 } })), 1);
    expect(store.get("a")?.position).toEqual({ lon: 118.1, lat: 24.5 });
    store.follow(feature(incident("a", { version: 2 })), 2);
    expect(store.get("a")?.position).toBeUndefined();
  });
});

describe("where a broken stream goes on", () => {
  test("at the highest number seen, also when its version was an old one", () => {
    const store = new Store();
    store.put(incident("a", { version: 9 }));
    store.follow(feature(incident("a", { version: 5 })), 500);
    expect(store.feed).toBe(500);
    store.follow(feature(incident("b")), 499);
    expect(store.feed).toBe(500);
  });

  test("after a reset what the list lacks is gone, but not what the stream brought meanwhile", () => {
    const store = new Store();
    store.put(incident("gone", { feed: 10 }));
    store.put(incident("kept", { feed: 11 }));
    store.follow(feature(incident("fresh", { feed: 31 })), 31);
    store.sweep(new Set(["kept"]), 30);
    expect([...store.all()].map((each) => each.incident)).toEqual(["kept", "fresh"]);
  });

  test("of what is settled only the newest stay, so that memory is flat", () => {
    const store = new Store();
    for (let day = 1; day <= 9; day++) store.put(incident(`c${day}`, { state: "closed", updated: `2023-12-0${day}T00:00:00.000Z` }));
    store.put(incident("open"));
    store.trim((each) => each.state === "closed", 3);
    expect([...store.all()].map((each) => each.incident)).toEqual(["c7", "c8", "c9", "open"]);
  });
});

describe("orders", () => {
  const early = incident("a", { updated: "2023-12-05T01:00:00.000Z", opened: "2023-12-05T00:30:00.000Z", severity: "low", deadline: "2023-12-05T09:00:00.000Z" });
  const late = incident("b", { updated: "2023-12-05T02:00:00.000Z", opened: "2023-12-05T00:10:00.000Z", severity: "critical" });
  const soon = incident("c", { updated: "2023-12-05T00:00:00.000Z", opened: "2023-12-05T00:20:00.000Z", severity: "high", deadline: "2023-12-05T03:00:00.000Z" });
  const names = (list: { incident: string }[]): string => list.map((each) => each.incident).join("");

  test("each of them, and what has no deadline comes last by deadline", () => {
    expect(names(sorted([early, late, soon], "updated"))).toBe("bac");
    expect(names(sorted([early, late, soon], "opened"))).toBe("acb");
    expect(names(sorted([early, late, soon], "severity"))).toBe("bca");
    expect(names(sorted([early, late, soon], "deadline"))).toBe("cab");
  });

  test("what burns most: the gravest, among them the late ones", () => {
    const past = incident("d", { severity: "high", deadline: "2023-12-05T00:30:00.000Z" });
    expect(names(burning([early, late, soon, past], Date.parse("2023-12-05T01:00:00.000Z"), 3))).toBe("bdc");
  });
});
