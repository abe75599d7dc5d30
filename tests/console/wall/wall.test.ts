// The wall for as long as it is asked to (HUB_WALL_SECONDS), before a real hub serve whose city changes all the time (tests/system/89_wall.sh): what it holds does not grow.

import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Screen } from "../browser/screen";

const SECONDS = Number(process.env["HUB_WALL_SECONDS"] ?? 120);
const WARM_S = Math.min(30, SECONDS / 4);
const SAMPLES = 60;
const GROWTH = 1.1; // of what is held, from the first third to the last one

interface Sample {
  at: number;
  heap: number; // bytes, after the garbage was collected
  nodes: number;
  listeners: number;
  heard: number; // bytes of the stream
}

let browser: Browser;
let screen: Screen;
let cdp: CDPSession;
let heard = 0;

beforeAll(async () => {
  browser = await launch();
  screen = await Screen.open(browser, `${process.env["HUB_URL"] ?? ""}?wall`, { width: 1920, height: 1080 });
  await screen.page.locator("hub-wall .list > div").nth(11).waitFor({ timeout: 60_000 });
  cdp = await screen.context.newCDPSession(screen.page);
  await cdp.send("Performance.enable");
  await cdp.send("Network.enable");
  cdp.on("Network.dataReceived", (part) => { heard += part.dataLength; });
});

afterAll(async () => {
  await screen.close();
  await browser.close();
});

async function sample(began: number): Promise<Sample> {
  await cdp.send("HeapProfiler.collectGarbage");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const value = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  return { at: (performance.now() - began) / 1000, heap: value("JSHeapUsedSize"), nodes: value("Nodes"), listeners: value("JSEventListeners"), heard };
}

function middle(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

test("heap, nodes and listeners stay as many as they were", async () => {
  const samples: Sample[] = [];
  const began = performance.now();
  const step = Math.max(1, (SECONDS - WARM_S) / SAMPLES);
  for (let next = WARM_S; next <= SECONDS; next += step) {
    await screen.page.waitForTimeout(Math.max(0, next * 1000 - (performance.now() - began)));
    const now = await sample(began);
    samples.push(now);
    console.log(`${now.at.toFixed(0)} s: heap ${(now.heap / 1e6).toFixed(2)} MB, ${now.nodes} nodes, ${now.listeners} listeners, ${(now.heard / 1e6).toFixed(1)} MB heard`);
  }
  const third = Math.floor(samples.length / 3);
  expect(heard / SECONDS, "bytes a second of the city").toBeGreaterThan(1000);
  expect(await screen.page.locator("hub-band .band").count(), "the red band").toBe(0);
  for (const name of ["heap", "nodes", "listeners"] as const) {
    const first = middle(samples.slice(0, third).map((each) => each[name]));
    const last = middle(samples.slice(-third).map((each) => each[name]));
    console.log(`${name}: ${first} in the first third, ${last} in the last`);
    expect(last, name).toBeLessThan(first * GROWTH);
  }
}, (SECONDS + 120) * 1000);
