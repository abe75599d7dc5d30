import type { Feature, Incident } from "../../../hub/serve/console/src/model/types";

/** An incident that only differs from others in what a test names. */
export function incident(id: string, members: Partial<Incident> = {}): Incident {
  return {
    incident: id, number: `20231205-${id.toUpperCase()}`, epoch: 1, version: 1, change: "opened", at: "2023-12-05T00:00:00.000Z", zone: "350206", state: "received",
    severity: "medium", category: { code: "E0504", name: "店外经营" }, title: "沿街店铺占道", opened: "2023-12-05T00:00:00.000Z", updated: "2023-12-05T00:00:00.000Z",
    founding: "p01::1:1", reports: 1, platforms: ["p01"], ...members,
  };
}

export function feature(of: Incident): Feature {
  const { position, ...properties } = of;
  return { type: "Feature", id: of.incident, geometry: position ? { type: "Point", coordinates: [position.lon, position.lat] } : null, properties };
}
