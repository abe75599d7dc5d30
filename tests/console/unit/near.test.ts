import { expect, test } from "vitest";
import { metresBetween, nearOf } from "../../../hub/serve/console/src/model/near";
import { incident } from "./incidents";

// Vincenty on WGS 84 gives 101.4 m for a thousandth of a degree of longitude here, and 110.8 m for one of latitude.
test("metres are those of the district", () => {
  expect(metresBetween({ lon: 118.12, lat: 24.52 }, { lon: 118.121, lat: 24.52 })).toBeCloseTo(101.4, -0.5);
  expect(metresBetween({ lon: 118.12, lat: 24.52 }, { lon: 118.12, lat: 24.521 })).toBeCloseTo(110.8, -0.5);
});

test("suggested ones come first, then the nearest that are open, of its zone, within 500 m", () => {
  const at = (lon: number) => ({ lon, lat: 24.52 });
  const it = incident("it", { position: at(118.12), suggested: [{ incident: "twin", score: 1 }] });
  const all = [
    it, incident("far", { position: at(118.126) }), incident("second", { position: at(118.122) }), incident("first", { position: at(118.121) }),
    incident("twin", { position: at(118.14) }), incident("closed", { state: "closed", position: at(118.12) }), incident("gone", { merged_into: "it", position: at(118.12) }),
    incident("other", { zone: "350203", position: at(118.12) }),
  ];
  expect(nearOf(it, all, 8).map((each) => each.incident.incident)).toEqual(["twin", "first", "second"]);
  expect(nearOf(it, all, 2).map((each) => each.incident.incident)).toEqual(["twin", "first"]);
});
