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
  await expect.poll(() => row.getAttribute("title")).toBe("断线时的第 30 次更新");
  expect(await page.locator("hub-list header .count").innerText()).toBe("41 件");
  await screen.close();
  await mock.stop();
});

// Both at once: each takes its half minute.
test("silence for over 30 s is a red band with its age, at the desk and on the wall, which says before that it connects again", async () => {
  const mocks = await Promise.all([Mock.start("--incidents", "40"), Mock.start("--incidents", "40")]);
  const [quiet, cut] = mocks;
  const desk = await Screen.open(browser, quiet.url);
  const wall = await Screen.open(browser, `${cut.url}?wall`, { width: 1920, height: 1080 });
  await desk.page.locator(".line.live").waitFor();
  await wall.page.locator("hub-wall .list > div").nth(11).waitFor();
  await quiet.tell("silent", { on: true });
  await cut.tell("cut", { on: true });
  await wall.page.locator("hub-wall .again").waitFor();
  await wall.shot("wall-again");
  await desk.page.locator("hub-band .band").waitFor({ timeout: 45_000 });
  expect(await desk.page.locator("hub-band .age").innerText()).toMatch(/^3\d 秒$/);
  await desk.shot("band");
  await wall.page.locator("hub-band .band.wall").waitFor({ timeout: 45_000 });
  await wall.page.locator("hub-wall .again").waitFor({ state: "detached" });
  await wall.shot("wall-band");
  await quiet.tell("silent", { on: false });
  await cut.tell("cut", { on: false });
  for (const screen of [desk, wall]) {
    await screen.page.locator("hub-band .band").waitFor({ state: "detached" });
    await screen.close();
  }
  for (const mock of mocks) await mock.stop();
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

test("an administrator sees who may come in, and by which commands; nobody else is offered it", async () => {
  for (const role of ["administrator", "supervisor"]) {
    const mock = await Mock.start("--incidents", "40", "--role", role);
    const screen = await Screen.open(browser, mock.url);
    const { page } = screen;
    await page.locator(".line.live").waitFor();
    await page.locator("hub-head .who > button").click();
    if (role === "administrator") {
      await page.locator("hub-head [data-people]").click();
      await page.locator("hub-people table").nth(1).waitFor();
      expect(await page.locator("hub-people tbody tr").allInnerTexts()).toEqual(["lin\t管理员\t全部辖区", "chen\t调度员\t湖里区", "wall-1\t查看\t湖里区"]);
      expect(await page.locator("hub-people code").first().innerText()).toMatch(/^hub user add /);
      expect(await screen.faults()).toEqual([]);
      await screen.shot("people");
    } else {
      expect(await page.locator("hub-head [data-people]").count()).toBe(0);
    }
    await screen.close();
    await mock.stop();
  }
});
