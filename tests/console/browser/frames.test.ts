// Ten thousand open incidents while fifty changes a second come in: no task of the page's thread takes 50 ms of it, by the clock of that thread.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Mock, Screen } from "./screen";

const SECONDS = Number(process.env["HUB_FRAMES_SECONDS"] ?? 8);
const LONG_MS = 50;

interface Traced {
  name: string;
  pid: number;
  tid: number;
  tdur?: number; // microseconds of the thread
  args?: { name?: string };
}

let browser: Browser;

beforeAll(async () => { browser = await launch(); });
afterAll(() => browser.close());

/** Of the page's own thread, the longest first. */
function tasksOf(trace: Buffer): number[] {
  const events = (JSON.parse(trace.toString()) as { traceEvents: Traced[] }).traceEvents;
  const mains = new Set(events.filter((each) => each.name === "thread_name" && each.args?.name === "CrRendererMain").map((each) => `${each.pid}:${each.tid}`));
  return events.filter((each) => /RunTask$/.test(each.name) && each.tdur !== undefined && mains.has(`${each.pid}:${each.tid}`))
    .map((each) => (each.tdur ?? 0) / 1000).sort((one, other) => other - one);
}

test("no frame waits for 50 ms, whether it is looked at, scrolled or walked through", async () => {
  const mock = await Mock.start("--incidents", "10000");
  const screen = await Screen.open(browser, mock.url);
  const { page } = screen;
  await expect.poll(() => page.locator("hub-list header .count").innerText(), { timeout: 40_000 }).toBe("10,000 件");
  expect(await page.locator("hub-list .row").count()).toBeLessThan(40);
  await mock.tell("rate", { per_s: 50 });
  await browser.startTracing(page, { categories: ["toplevel"] });
  await page.locator("hub-list .rows").hover();
  for (let step = 0; step < SECONDS * 2; step++) {
    await page.mouse.wheel(0, step % 4 === 3 ? -1800 : 900);
    await page.keyboard.press("j");
    await page.waitForTimeout(500);
  }
  const tasks = tasksOf(await browser.stopTracing());
  const total = tasks.reduce((sum, each) => sum + each, 0);
  console.log(`10,000 incidents, 50 changes/s, ${SECONDS} s: ${tasks.length} tasks, ${total.toFixed(0)} ms; the longest ${tasks.slice(0, 5).map((each) => each.toFixed(0)).join(", ")} ms`);
  expect(tasks.length).toBeGreaterThan(100);
  expect(tasks[0]).toBeLessThan(LONG_MS);
  await mock.tell("rate", { per_s: 0 });
  await screen.close();
  await mock.stop();
});
