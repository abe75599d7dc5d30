// What happens when the line is cut, and who may be there at all.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Mock, Screen } from "./screen";

let browser: Browser;

beforeAll(async () => { browser = await launch(); });
afterAll(() => browser.close());

test("after a cut everything that was missed is there, each in its newest version", async () => {
  const mock = await Mock.start("--incidents", "40");
  const screen = await Screen.open(browser, mock.url);
  const { page } = screen;
  await page.locator(".line.live").waitFor();
  await mock.tell("cut", { on: true });
  await page.locator(".line.waiting").waitFor();
  const made = await mock.tell("publish", { title: "断线时的新事件" });
  for (let change = 1; change <= 30; change++) await mock.tell("publish", { incident: made["incident"], members: { reports: change, title: `断线时的第 ${change} 次更新` } });
  await mock.tell("cut", { on: false });
  await page.locator(".line.live").waitFor();
  const row = page.locator(`hub-list .row[data-id="${made["incident"]}"]`);
  await expect.poll(() => row.getAttribute("title"), { timeout: 10_000 }).toBe("断线时的第 30 次更新");
  expect(await page.locator("hub-list header .count").innerText()).toBe("41 件");
  await screen.close();
  await mock.stop();
});

test("silence for over 30 s is a red band with its age, and goes when frames come", async () => {
  const mock = await Mock.start("--incidents", "40");
  const screen = await Screen.open(browser, mock.url);
  const { page } = screen;
  await page.locator(".line.live").waitFor();
  await mock.tell("silent", { on: true });
  await page.locator("hub-band .band").waitFor({ timeout: 45_000 });
  expect(await page.locator("hub-band .age").innerText()).toMatch(/^3\d 秒$/);
  await screen.shot("band");
  await mock.tell("silent", { on: false });
  await page.locator("hub-band .band").waitFor({ state: "detached", timeout: 30_000 });
  await screen.close();
  await mock.stop();
});

test("who is not logged in sees the door; a wrong password and an expired session are told", async () => {
  const mock = await Mock.start("--incidents", "40", "--login");
  const screen = await Screen.open(browser, mock.url);
  const { page } = screen;
  await page.locator("#user").fill("lin");
  await page.locator("#password").fill("wrong");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".trouble").innerText()).toBe("用户名或密码不对");
  expect(await screen.faults()).toEqual([]);
  await screen.shot("enter");
  await page.locator("#password").fill("secret");
  await page.keyboard.press("Enter");
  await page.locator("hub-list .row").first().waitFor();
  await mock.tell("expire");
  await page.locator("hub-enter").waitFor();
  expect(await page.locator(".trouble").innerText()).toContain("过期");
  expect(await page.locator("hub-list").count()).toBe(0);
  await screen.close();
  await mock.stop();
});

test("a viewer is offered nothing to do, by button or by key", async () => {
  const mock = await Mock.start("--incidents", "40", "--role", "viewer");
  const screen = await Screen.open(browser, mock.url);
  const { page } = screen;
  await page.locator("hub-list .row").first().click();
  await page.locator("hub-detail hub-acts").waitFor();
  expect(await page.locator("hub-acts button").count()).toBe(0);
  expect(await page.locator("hub-list [data-tick]").count()).toBe(0);
  for (const key of ["x", "m", "s", "a", "c"]) await page.keyboard.press(key);
  expect(await page.locator("dialog[open]").count()).toBe(0);
  await screen.close();
  await mock.stop();
});
