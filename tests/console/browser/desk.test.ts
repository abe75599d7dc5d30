import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launch, Mock, Screen } from "./screen";

let browser: Browser;
let mock: Mock;
let screen: Screen;

beforeAll(async () => { browser = await launch(); });
afterAll(() => browser.close());

beforeEach(async () => {
  mock = await Mock.start("--incidents", "60");
  screen = await Screen.open(browser, mock.url);
  await screen.page.locator("hub-list .row").first().waitFor();
  await screen.page.locator(".line.live").waitFor();
});

afterEach(async () => {
  await screen.close();
  await mock.stop();
});

const row = (text: string) => screen.page.locator("hub-list .row", { hasText: text });
const notice = (kind: string) => screen.page.locator(`hub-notices .notice[data-kind=${kind}]`);

test("a new incident stands on top of the list, and tells why when it is opened", async () => {
  const { page } = screen;
  const made = await mock.tell("publish", { code: "E0403", members: { severity: "critical", reports: 3, platforms: ["p01", "p09"] } });
  const first = page.locator("hub-list .row").first();
  await expect.poll(() => first.getAttribute("data-id")).toBe(made["incident"]);
  await first.click();
  await page.locator("hub-reports article").nth(2).waitFor();
  expect(await page.locator("hub-why .bars").first().innerText()).toContain("相距 36 米");
  expect(await page.locator("hub-reports mark").count()).toBeGreaterThan(0);
  expect(page.url()).toContain(`#${made["incident"]}`);
});

test("rows that are read do not move: what is new gathers until it is asked for", async () => {
  const { page } = screen;
  const top = await page.locator("hub-list .row").first().getAttribute("data-id");
  await page.locator("hub-list .rows").evaluate((rows) => { rows.scrollTop = 640; });
  await expect.poll(() => page.locator("hub-list .row").first().getAttribute("data-id")).not.toBe(top); // the rows follow the scroll a frame later
  const seen = await page.locator("hub-list .row").nth(8).getAttribute("data-id");
  await mock.tell("publish", { title: "另一件" });
  await page.locator("hub-list .fresh").waitFor();
  expect(await page.locator("hub-list .row").nth(8).getAttribute("data-id")).toBe(seen);
  await page.locator("hub-list .fresh").click();
  await expect.poll(() => page.locator("hub-list .row").first().getAttribute("title")).toBe("另一件");
});

test("two are merged by the keyboard, the survivor is a choice, and undo is offered", async () => {
  const { page } = screen;
  for (const key of ["j", "x", "j", "x", "m"]) await page.keyboard.press(key);
  await page.locator("hub-dialog-merge .choices label").nth(1).click();
  const survivor = await page.locator("hub-dialog-merge .choices label.on .small.quiet").innerText();
  await screen.shot("merge");
  await page.locator("hub-dialog-merge button.main").click();
  await notice("done").waitFor();
  expect(await page.locator("hub-detail .number").innerText()).toBe(survivor.split(/\s/)[0]);
  expect(await notice("done").locator("[data-undo]").count()).toBe(1);
  await page.keyboard.press("u");
  await page.locator("hub-notices .notice[data-verb=undo][data-kind=done]").waitFor();
});

test("some reports leave by a split, never none and never all", async () => {
  const { page } = screen;
  await row("×").first().click();
  await page.locator("hub-acts [data-verb=split]").click();
  const boxes = page.locator("hub-dialog-split input[type=checkbox]");
  await boxes.first().waitFor();
  expect(await page.locator("hub-dialog-split button.main").isDisabled()).toBe(true);
  for (const box of await boxes.all()) await box.check();
  expect(await page.locator("hub-dialog-split button.main").isDisabled()).toBe(true);
  await boxes.first().uncheck();
  await page.locator("hub-dialog-split button.main").click();
  await notice("done").waitFor();
});

test("a suggested twin is told to be the same problem", async () => {
  const { page } = screen;
  await page.locator("hub-facets .choice", { hasText: "疑似重复" }).click();
  await page.locator("hub-list .row").first().click();
  await page.locator("hub-twins .twin button.line").first().click();
  await page.locator("hub-dialog-merge button.main").click();
  await notice("done").waitFor();
});

test("a suggested twin is told to be another one, and is suggested no more", async () => {
  const { page } = screen;
  await page.locator("hub-facets .choice", { hasText: "疑似重复" }).click();
  await page.locator("hub-list .row").first().click();
  const twin = page.locator("hub-twins .twin");
  await twin.first().waitFor();
  const ids = [page.url().split("#")[1], await twin.first().getAttribute("data-twin")];
  const asked = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/v1/commands"));
  await twin.first().locator("button", { hasText: "不是同一件" }).click();
  expect((await asked).postDataJSON()).toEqual({ verb: "apart", incidents: ids });
  await page.locator("hub-notices .notice[data-verb=apart][data-kind=done]").waitFor();
  await twin.waitFor({ state: "detached" });
  expect(await page.locator("hub-twins p").innerText()).toContain("没有疑似重复");
});

test("who merges one is asked with which of those near by", async () => {
  const { page } = screen;
  await page.locator("hub-facets .choice", { hasText: "疑似重复" }).click();
  await page.locator("hub-list .row").first().click();
  await page.locator("hub-acts [data-verb=merge]").click();
  const choices = page.locator("hub-dialog-near .choices label");
  await choices.first().waitFor();
  expect(await choices.first().innerText()).toContain("疑似重复");
  expect(await page.locator("hub-dialog-near button.main").isDisabled()).toBe(true);
  await screen.shot("near");
  await choices.first().click();
  await page.locator("hub-dialog-near button.main").click();
  expect(await page.locator("hub-dialog-merge .choices label").count()).toBe(2);
  await page.locator("hub-dialog-merge button.main").click();
  await notice("done").waitFor();
});

test("an order on what somebody has changed meanwhile says so, and may be given again", async () => {
  const { page } = screen;
  await page.locator("hub-list .row").first().click();
  const id = page.url().split("#")[1];
  await page.locator("hub-detail .body hub-history").waitFor();
  await page.route("**/v1/stream/**", (route) => route.abort());
  await mock.tell("silent", { on: true });
  await mock.tell("publish", { incident: id, change: "assigned", members: { state: "dispatched" } });
  await page.keyboard.press("c");
  await page.locator("hub-dialog-text button.main").click();
  await expect.poll(() => notice("failed").innerText()).toMatch(/第 \d+ 版 → 第 \d+ 版.*派遣/s);
  await screen.shot("stale");
  await notice("failed").locator("button.strong").click();
  await notice("done").waitFor();
  await mock.tell("silent", { on: false });
});

test("facets narrow the list, and each says how many it would show", async () => {
  const { page } = screen;
  const choice = page.locator("hub-facets .choice[data-facet=severity][data-value=medium]");
  const count = await choice.locator(".n").innerText();
  await choice.click();
  await expect.poll(() => page.locator("hub-list header .count").innerText()).toBe(`${count} 件`);
  await page.keyboard.press("/");
  await page.keyboard.type("没有这样的词");
  await page.locator("hub-list .empty").waitFor();
  await screen.shot("empty");
  await page.locator("hub-list .empty button").click();
  await expect.poll(() => page.locator("hub-list header .count").innerText()).not.toBe("0 件");
});

test("every key of the help overlay does what it says", async () => {
  const { page } = screen;
  await page.keyboard.press("?");
  await page.locator("hub-help dialog[open]").waitFor();
  await screen.shot("help");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  expect(await page.locator("hub-list .row").first().getAttribute("aria-selected")).toBe("true");
  await page.locator("hub-detail hub-acts").waitFor();
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.shadowRoot.activeElement.className")).toBe("body");
  await page.keyboard.press("a");
  await page.locator("hub-dialog-text input").fill("禾山中队");
  await screen.shot("assign");
  await page.keyboard.press("Enter");
  await notice("done").waitFor();
  await expect.poll(() => page.locator("hub-detail .facts").innerText()).toContain("禾山中队");
  await page.keyboard.press("f");
  await page.locator("hub-facets.folded").waitFor();
  await page.keyboard.press("Escape");
  expect(await page.locator("hub-detail").count()).toBe(0);
  await page.keyboard.press("w");
  await page.locator("hub-wall").waitFor();
});

test("whatever a platform wrote is shown as text", async () => {
  const { page } = screen;
  const hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>'\"--;DROP TABLE x{{7*7}}${7*7}";
  await mock.tell("publish", { title: hostile, members: { place: { address: hostile, subdistrict: hostile, grid: hostile }, assigned_to: { org: hostile }, category: { code: "X1", name: hostile }, number: hostile } });
  await row("<img src=x").first().click();
  await page.locator("hub-detail h2").waitFor();
  expect(await page.locator("hub-detail h2").innerText()).toContain(hostile);
  expect(await page.locator("hub-detail .number").innerText()).toBe(hostile);
  expect(await page.locator("img[src=x]").count()).toBe(0);
});

test("the language changes at once, and stays", async () => {
  const { page } = screen;
  await page.locator("[data-language]").click();
  await expect.poll(() => page.locator("hub-facets h2").innerText()).toBe("Filters");
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  await page.reload();
  await expect.poll(() => page.locator("hub-facets h2").innerText()).toBe("Filters");
});

test("a sound that the browser blocks says so, counts what was missed, and begins by a click", async () => {
  const { page } = screen;
  const sound = page.locator("hub-head [data-sound]");
  // Whatever the driver asks a page counts as a gesture of its user's: a sound begins as blocked as if nobody had asked yet.
  await page.addInitScript("const Real = AudioContext; window.AudioContext = class extends Real { constructor() { super(); void this.suspend(); } };");
  await page.reload();
  await page.locator(".line.live").waitFor();
  await expect.poll(() => sound.getAttribute("data-sound")).toBe("blocked");
  expect(await sound.getAttribute("aria-label")).toContain("拦截");
  await mock.tell("publish", { code: "E0403", members: { severity: "critical" } });
  await expect.poll(() => sound.innerText()).toBe("漏响 1 次");
  await screen.shot("sound");
  await sound.click();
  await expect.poll(() => sound.getAttribute("data-sound")).toBe("on");
  expect(await sound.innerText()).toBe("");
  await sound.click();
  await expect.poll(() => sound.getAttribute("data-sound")).toBe("off");
});
