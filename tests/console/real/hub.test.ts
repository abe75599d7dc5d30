// The console before the real hub serve: reports come in as platforms send them, orders go through Kafka and back. Run by tests/system/88_console.sh,
// which says where all of it is: HUB_URL, HUB_MAP_URL (of a hub serve whose basemap is at HUB_PORT_TILES), HUB_DROP (a folder of the vendor's files), HUB_PUBLISH and HUB_CRASH (commands), PASSWORD.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer as createWeb } from "node:http";
import { createServer, connect, type Server, type Socket } from "node:net";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Screen } from "../browser/screen";

const run = promisify(execFile);
const env = (name: string): string => process.env[name] ?? "";
const hub = new URL(env("HUB_URL") || "http://127.0.0.1:1/");

/** Between browser and hub serve: a line that can be cut. */
class Line {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private readonly server: Server = createServer((near) => {
    if (this.isCut) return near.destroy();
    const far = connect(Number(hub.port), hub.hostname);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => { this.sockets.delete(socket); near.destroy(); far.destroy(); });
    }
    near.pipe(far);
    far.pipe(near);
  });
  url = "";

  async open(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    this.url = `http://127.0.0.1:${(this.server.address() as { port: number }).port}/`;
  }

  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const socket of this.sockets) socket.destroy();
  }

  close(): void {
    this.cut(true);
    this.server.close();
  }
}

let numbers = 0;

/** As the hotline's vendor writes it; places are named in GCJ-02. */
function report(title: string, lon: number, lat: number, text = title, category = "店外经营"): void {
  const number = `HUB2023${String(++numbers).padStart(6, "0")}`;
  const date = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 19).replace("T", " ");
  writeFileSync(`${env("HUB_DROP")}/${number}.json`, JSON.stringify({
    record_number: number, ps_caption: "受理", date, note1: title, note2: text, note3: "", note4: category, note6: String(lon), note7: String(lat),
  }));
}

const line = new Line();
let browser: Browser;
let screen: Screen;

const row = (text: string) => screen.page.locator("hub-list .row", { hasText: text });
const titled = (title: string) => screen.page.locator(`hub-list .row[title="${title}"]`);
const notice = (kind: string, verb: string) => screen.page.locator(`hub-notices .notice[data-kind=${kind}][data-verb=${verb}]`);

async function enter(name: string): Promise<Screen> {
  const opened = await Screen.open(browser, line.url);
  await opened.page.locator("#user").fill(name);
  await opened.page.locator("#password").fill(env("PASSWORD"));
  await opened.page.keyboard.press("Enter");
  await opened.page.locator(".line.live").waitFor();
  return opened;
}

beforeAll(async () => {
  await line.open();
  browser = await launch();
  screen = await enter("lin");
});

afterAll(async () => {
  await screen.close();
  await browser.close();
  line.close();
});

test("a camera's event that is published appears by itself", async () => {
  const began = Date.now();
  await run("bash", [env("HUB_PUBLISH")]);
  await screen.page.locator("hub-list .row").first().waitFor();
  console.log(`from before mosquitto_pub to the row: ${Date.now() - began} ms`);
});

test("reports of one problem are one row, which says why", async () => {
  const { page } = screen;
  report("枋湖南路88号店铺占道经营", 118.12, 24.52, "枋湖南路88号多家店铺把货物摆到人行道上");
  await titled("枋湖南路88号店铺占道经营").waitFor();
  report("枋湖南路88号店铺占道经营", 118.12001, 24.52001, "枋湖南路88号多家店铺占用人行道摆放货物");
  await row("×2").waitFor();
  await row("×2").click();
  await page.locator("hub-why .bars").waitFor();
  expect(await page.locator("hub-reports mark").count()).toBeGreaterThan(0);
  const points = (await page.locator("hub-why .bars .points").allInnerTexts()).map((text) => Number(text.replace("−", "-")));
  const sum = points.pop() ?? 0;
  expect(Math.abs(points.reduce((total, each) => total + each, 0) - sum)).toBeLessThan(0.06 * points.length);
  expect(await screen.faults()).toEqual([]);
  await screen.shot("real-joined");
});

test("a split parts them, and undo brings them together again", async () => {
  const { page } = screen;
  await page.locator("hub-acts [data-verb=split]").click();
  await page.locator("hub-dialog-split input[type=checkbox]").nth(1).check();
  await page.locator("hub-dialog-split button.main").click();
  await notice("done", "split").waitFor();
  await expect.poll(() => titled("枋湖南路88号店铺占道经营").count()).toBe(2);
  await notice("done", "split").locator("[data-undo]").click();
  await notice("done", "undo").waitFor();
  await expect.poll(() => titled("枋湖南路88号店铺占道经营").count()).toBe(1);
});

test("two are merged, and the next report follows the operator's word", async () => {
  const { page } = screen;
  const heap = "店铺门口垃圾成堆";
  const shop = "金湖路12号水果店占道经营";
  report(heap, 118.13, 24.51, heap, "暴露垃圾");
  report(shop, 118.1304, 24.51);
  await titled(heap).waitFor();
  await titled(shop).waitFor();
  await page.keyboard.press("Escape");
  for (const title of [heap, shop]) {
    await titled(title).hover();
    await titled(title).locator("[data-tick]").click();
  }
  await page.keyboard.press("m");
  await page.locator("hub-dialog-merge .choices label").nth(1).waitFor();
  await page.locator("hub-dialog-merge button.main").click();
  await notice("done", "merge").waitFor();
  await page.locator("hub-reports article").nth(1).waitFor();
  report(shop, 118.1304, 24.51);
  await page.locator("hub-reports article").nth(2).waitFor();
});

test("it is assigned and closed, and its history says by whom", async () => {
  const { page } = screen;
  await page.keyboard.press("a");
  await page.locator("hub-dialog-text input").fill("禾山中队");
  await page.keyboard.press("Enter");
  await notice("done", "assign").waitFor();
  await expect.poll(() => page.locator("hub-detail .facts").innerText()).toContain("禾山中队");
  await page.keyboard.press("c");
  await page.locator("hub-dialog-text textarea").fill("现场已清理");
  await page.locator("hub-dialog-text button.main").click();
  await notice("done", "close").waitFor();
  await expect.poll(() => page.locator("hub-history ol").innerText()).toMatch(/结案[\s\S]*lin[\s\S]*现场已清理[\s\S]*派遣/);
  await screen.shot("real-history");
});

test("whatever a platform wrote is shown as text", async () => {
  const hostile = "<img src=x onerror=alert(1)>'; DROP TABLE x; -- {{7*7}}";
  report(hostile, 118.16, 24.53);
  await row("DROP TABLE").first().waitFor();
  await row("DROP TABLE").first().click();
  await screen.page.locator("hub-reports article").waitFor();
  expect(await screen.page.locator("img[src=x]").count()).toBe(0);
});

test("the line is cut and PostgreSQL dies: a red band, then everything that was missed, in its newest version", async () => {
  const { page } = screen;
  line.cut(true);
  await run("bash", [env("HUB_CRASH")]);
  for (let at = 0; at < 8; at++) report(`断线时第${at}件`, 118.09 + at * 0.012, 24.49 + at * 0.008);
  await page.locator("hub-band .band").waitFor({ timeout: 45_000 });
  await expect.poll(() => page.locator("hub-band .age").innerText(), { timeout: 45_000 }).toBe("1 分"); // a minute without a line
  await screen.shot("real-band");
  line.cut(false);
  await page.locator("hub-band .band").waitFor({ state: "detached" });
  for (let at = 0; at < 8; at++) await titled(`断线时第${at}件`).waitFor({ state: "attached" });
}, 180_000);

test("a viewer may only look, and who has another zone sees nothing of this one", async () => {
  const viewer = await enter("guest");
  await viewer.page.locator("hub-list .row").first().click();
  await viewer.page.locator("hub-detail hub-acts").waitFor();
  expect(await viewer.page.locator("hub-acts button").count()).toBe(0);
  await viewer.close();
  const far = await enter("far");
  await far.page.locator("hub-list .empty").waitFor();
  expect(await far.page.locator("hub-list .row").count()).toBe(0);
  await far.page.goto(`${line.url}#${(await screen.page.locator("hub-list .row").first().getAttribute("data-id")) ?? ""}`);
  await far.page.reload();
  await expect.poll(() => far.page.locator("hub-detail .empty strong").innerText()).toContain("找不到");
  await far.close();
});

// A grey picture of one pixel, which a browser stretches to a tile.
const TILE = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4AwAA3gDdXeHJVgAAAABJRU5ErkJggg==", "base64");

test("a basemap that the site names is asked for its tiles, and no other origin for anything", async () => {
  const asked = new Set<string>();
  const tiles = createWeb((request, answer) => {
    asked.add(request.url ?? "");
    answer.writeHead(200, { "Content-Type": "image/png" }).end(TILE);
  });
  const stranger = createWeb((request, answer) => { asked.add(`stranger ${request.url ?? ""}`); answer.end(TILE); });
  await new Promise<void>((done) => tiles.listen(Number(env("HUB_PORT_TILES")), "127.0.0.1", done));
  await new Promise<void>((done) => stranger.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${env("HUB_PORT_TILES")}`;
  const other = `http://127.0.0.1:${(stranger.address() as { port: number }).port}/x.png`;
  const opened = await Screen.open(browser, env("HUB_MAP_URL"), { friends: [origin] });
  const { page } = opened;
  await page.locator("#user").fill("lin");
  await page.locator("#password").fill(env("PASSWORD"));
  await page.keyboard.press("Enter");
  await page.locator("hub-map img.leaflet-tile-loaded").first().waitFor();
  expect([...asked].every((url) => /^\/tiles\/\d+\/\d+\/\d+\.png$/.test(url)), [...asked].join(" ")).toBe(true);
  expect(await page.locator("hub-map .note").innerText()).toBe("底图：测试 GS(2023)0001");
  await opened.shot("real-basemap");
  const image = (url: string) => page.evaluate(`new Promise((done) => { const image = new Image(); image.onload = () => done("loaded"); image.onerror = () => done("refused"); image.src = ${JSON.stringify(url)}; })`);
  expect(await image(`${origin}/tiles/1/1/1.png`)).toBe("loaded");
  const before = opened.troubles.length;
  expect(await image(other)).toBe("refused");
  expect([...asked].filter((url) => url.startsWith("stranger"))).toEqual([]);
  expect(opened.troubles.splice(before).join(" ")).toContain("Content Security Policy");
  opened.strangers.splice(opened.strangers.indexOf(other), opened.strangers.includes(other) ? 1 : 0);
  await opened.close();
  tiles.close();
  stranger.close();
});

test("who is logged out meanwhile is asked to log in again", async () => {
  await screen.page.context().clearCookies();
  line.cut(true);
  line.cut(false);
  await screen.page.locator("hub-enter").waitFor();
  expect(await screen.page.locator("hub-enter .trouble").innerText()).toContain("过期");
});
