import { describe, expect, test } from "vitest";
import { lightAt } from "../../../hub/serve/console/src/model/deadline";
import { counted, matcher, noFilters, type Filters } from "../../../hub/serve/console/src/model/filters";
import { incident } from "./incidents";

const NOW = Date.parse("2023-12-05T08:00:00.000Z");
const ALL = [
  incident("a", { severity: "high", platforms: ["p01", "p09"], place: { address: "枋湖南路 12 号", subdistrict: "350206003" }, deadline: "2023-12-05T07:00:00.000Z" }),
  incident("b", { state: "filed", platforms: ["p09"], suggested: [{ incident: "a", score: 2100 }], deadline: "2023-12-05T09:00:00.000Z" }),
  incident("c", { state: "closed", severity: "high" }),
  incident("d", { merged_into: "a" }),
];

function filters(change: Partial<Filters>, chosen: Partial<Filters["chosen"]> = {}): Filters {
  const none = noFilters();
  return { ...none, ...change, chosen: { ...none.chosen, ...chosen } };
}

function shown(of: Filters): string {
  return ALL.filter(matcher(of, NOW)).map((each) => each.incident).join("");
}

describe("what is shown", () => {
  test("without a filter what is open; never what was merged into another", () => {
    expect(shown(noFilters())).toBe("ab");
    expect(shown(filters({}, { state: new Set(["closed"]) }))).toBe("c");
    expect(shown(filters({}, { state: new Set(["closed", "filed"]) }))).toBe("bc");
  });

  test("choices of one facet add up, those of several narrow", () => {
    expect(shown(filters({}, { platform: new Set(["p01"]) }))).toBe("a");
    expect(shown(filters({}, { platform: new Set(["p01", "p09"]) }))).toBe("ab");
    expect(shown(filters({}, { platform: new Set(["p09"]), severity: new Set(["high"]) }))).toBe("a");
    expect(shown(filters({ overdue: true }))).toBe("a");
    expect(shown(filters({ suggested: true }))).toBe("b");
    expect(shown(filters({ zone: "350203" }))).toBe("");
  });

  test("each word must be there: in number, title, category or address", () => {
    expect(shown(filters({ words: "枋湖  12" }))).toBe("a");
    expect(shown(filters({ words: "20231205-b" }))).toBe("b");
    expect(shown(filters({ words: "枋湖 不在" }))).toBe("");
  });
});

describe("counts", () => {
  test("of a facet are what its other choices would show", () => {
    const counts = counted(ALL, filters({}, { severity: new Set(["high"]) }), NOW);
    expect(counts.severity.get("high")).toBe(1);
    expect(counts.severity.get("medium")).toBe(1);
    expect(counts.platform.get("p09")).toBe(1);
    expect(counts.state.get("closed")).toBe(1);
    expect(counts.overdue).toBe(1);
  });
});

describe("the light of a deadline", () => {
  const limited = (minutes: number, more = {}): Parameters<typeof lightAt>[0] =>
    incident("x", { opened: "2023-12-05T00:00:00.000Z", deadline: new Date(Date.parse("2023-12-05T00:00:00.000Z") + minutes * 60_000).toISOString(), ...more });
  const at = (minutes: number): number => Date.parse("2023-12-05T00:00:00.000Z") + minutes * 60_000;

  test("is green, yellow from 80 % on, red past it", () => {
    expect(lightAt(limited(100), at(79.9))).toBe("green");
    expect(lightAt(limited(100), at(80))).toBe("yellow");
    expect(lightAt(limited(100), at(100))).toBe("yellow");
    expect(lightAt(limited(100), at(100.1))).toBe("red");
    expect(lightAt(incident("x"), at(5))).toBe("none");
  });

  test("is that of the closing once it is closed, and counts from where the limit does", () => {
    expect(lightAt(limited(100, { closed: "2023-12-05T00:30:00.000Z" }), at(500))).toBe("green");
    expect(lightAt(limited(100, { limit: { from: "2023-12-05T01:00:00.000Z", deadline: "2023-12-05T01:40:00.000Z", light: "green" } }), at(85))).toBe("green");
  });
});
