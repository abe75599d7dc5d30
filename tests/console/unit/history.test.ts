import { expect, test } from "vitest";
import { toldOf } from "../../../hub/serve/console/src/model/history";
import type { Moment } from "../../../hub/serve/console/src/model/types";

const at = (minute: number): string => `2023-12-05T00:${String(minute).padStart(2, "0")}:00.000Z`;
const version = (minute: number, number: number, more: Partial<Moment> = {}): Moment => ({ at: at(minute), kind: "version", version: number, change: "updated", state: "filed", state_before: "filed", ...more });

test("of one moment the newer version is told first", () => {
  const told = toldOf([version(1, 5, { change: "closed" }), version(1, 6, { change: "reopened" })]);
  expect(told.map((each) => each.version)).toEqual([6, 5]);
});

test("the report that an incident began with stands under those of the same moment, and under what was made of it", () => {
  const report = (event: string): Moment => ({ at: at(1), kind: "report", event, platform: "p01" });
  const told = toldOf([report("p01::1:1"), report("p01::2:1"), version(1, 3, { kind: "state" })]);
  expect(told.map((each) => each.event ?? each.version)).toEqual([3, "p01::2:1", "p01::1:1"]);
});

test("updates in a row that change no state are one line", () => {
  const told = toldOf([version(1, 2), version(2, 3), version(3, 4), version(4, 5, { kind: "state", state: "dispatched" }), version(5, 6, { state: "dispatched", state_before: "dispatched" })]);
  expect(told.map((each) => [each.version, each.times])).toEqual([[6, 1], [5, 1], [4, 3]]);
});

test("what a report or a command did is told once", () => {
  const told = toldOf([
    { at: at(1), kind: "report", event: "p01::1:1", platform: "p01" }, version(1, 1, { change: "opened", cause: "p01::1:1" }),
    { at: at(2), kind: "command", command: { id: "cmd:1", verb: "close", by: "user:lin", at: at(2) } }, version(2, 2, { change: "closed", cause: "cmd:1" }),
    { at: at(3), kind: "link", event: "p01::1:1" },
  ]);
  expect(told.map((each) => each.kind)).toEqual(["command", "report"]);
});
