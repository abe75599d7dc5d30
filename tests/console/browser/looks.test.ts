// Both themes, both languages, desk and wall: nothing that axe-core calls serious, nothing cut off, no other host asked.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, Mock, Screen } from "./screen";

let browser: Browser;
let mock: Mock;

beforeAll(async () => {
  browser = await launch();
  mock = await Mock.start("--incidents", "320");
});
afterAll(async () => {
  await browser.close();
  await mock.stop();
});

describe.each([["light", "zh"], ["dark", "en"]] as const)("%s, %s", (theme, language) => {
  test("the desk of a laptop, with its detail, its platforms and its help", async () => {
    const screen = await Screen.open(browser, mock.url, { theme, language });
    const { page } = screen;
    await page.locator("hub-list .row").first().waitFor();
    await screen.shot(`desk-${theme}-${language}`);
    await page.locator("hub-list .row", { hasText: "×5" }).first().click();
    await page.locator("hub-why .bars").first().waitFor();
    expect(await screen.faults()).toEqual([]);
    await screen.shot(`detail-${theme}-${language}`);
    await page.locator("hub-detail .body").evaluate((body) => { body.scrollTop = 1e6; });
    await screen.shot(`history-${theme}-${language}`);
    await page.locator("hub-lamps .bar > button").nth(9).click();
    await page.locator("hub-chart canvas").waitFor();
    expect(await screen.faults()).toEqual([]);
    await screen.shot(`platforms-${theme}-${language}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    expect(await screen.faults()).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")).toBe(true);
    await screen.close();
  });

  test("the wall", async () => {
    const screen = await Screen.open(browser, `${mock.url}?wall`, { width: 1920, height: 1080, theme, language });
    await screen.page.locator("hub-wall .list > div").nth(11).waitFor();
    expect(await screen.faults()).toEqual([]);
    expect(await screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")).toBe(true);
    await screen.shot(`wall-${language}`);
    await screen.page.setViewportSize({ width: 3840, height: 2160 });
    expect(await screen.page.locator("hub-wall .list > div").first().evaluate((row) => getComputedStyle(row).fontSize)).toBe("56px");
    await screen.shot(`wall-2160-${language}`);
    await screen.close();
  });
});
