// What attackers wrote into every text of every platform, before the real hub serve (tests/system/84_hostile.sh): list, detail, facets, search, wall, both languages. Nothing of it is
// obeyed; which of the attack's marks were seen as text is written to HUB_SEEN.

import { writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Screen } from "../browser/screen";

const URL_OF = process.env["HUB_URL"] ?? "";
const ATTACK = "<img src=x onerror=window.__pwned=1>";
const MARK = /zqp\d\dx\d+qz/g;

interface Shown {
  text: string;
  wrong: string[]; // elements that only an attack can have made
}

const seen = new Set<string>();
let browser: Browser;
let screen: Screen;

/** In the page: every text and attribute of the document, through all shadow roots. */
function look(): Shown {
  const texts: string[] = [];
  const wrong: string[] = [];
  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) texts.push(node.textContent ?? "");
    if (node instanceof Element) {
      for (const each of node.attributes) {
        texts.push(each.value);
        if (/^on/i.test(each.name) || /^\s*javascript:/i.test(each.value)) wrong.push(`${node.tagName} ${each.name}=${each.value}`);
      }
      if (node instanceof HTMLInputElement) texts.push(node.value);
      if ((node.tagName === "IMG" && node.getAttribute("src") === "x") || (node.tagName === "SCRIPT" && node.textContent !== "")) wrong.push(node.outerHTML);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
    for (const child of node.childNodes) walk(child);
  };
  walk(document.documentElement);
  return { text: texts.join("\n"), wrong };
}

async function watch(): Promise<string> {
  const { text, wrong } = await screen.page.evaluate(look);
  expect(wrong, screen.page.url()).toEqual([]);
  for (const [mark] of text.matchAll(MARK)) seen.add(mark);
  return text;
}

/** What a page that obeyed would have left behind. */
async function unharmed(): Promise<void> {
  const state = await screen.page.evaluate("({ pwned: window.__pwned, violations: window.__violations })");
  expect(state).toEqual({ violations: [] });
}

async function open(path: string, options: Parameters<typeof Screen.open>[2] = {}): Promise<Screen> {
  const opened = await Screen.open(browser, `${URL_OF}${path}`, options);
  await opened.page.addInitScript("window.__violations = []; addEventListener('securitypolicyviolation', (event) => window.__violations.push(event.blockedURI + ' ' + event.violatedDirective))");
  await opened.page.reload();
  return opened;
}

async function incidents(): Promise<{ id: string; number: string }[]> {
  const found: { id: string; number: string }[] = [];
  for (let next: string | undefined = `${URL_OF}v1/collections/incidents/items?limit=100`; next !== undefined;) {
    const page = (await (await fetch(next)).json()) as { features: { id: string; properties: { number: string } }[]; links: { rel: string; href: string }[] };
    found.push(...page.features.map((each) => ({ id: each.id, number: each.properties.number })));
    const href = page.links.find((each) => each.rel === "next")?.href;
    next = href === undefined ? undefined : new URL(href, URL_OF).href;
  }
  return found;
}

beforeAll(async () => {
  browser = await launch();
  screen = await open("");
  await screen.page.locator("hub-list .row").first().waitFor({ timeout: 30_000 });
});

afterAll(async () => {
  writeFileSync(process.env["HUB_SEEN"] ?? "seen.json", JSON.stringify([...seen]));
  await screen.close();
  await browser.close();
});

test("the list, its facets unfolded, and the platforms' lights", async () => {
  const { page } = screen;
  for (const more of await page.locator("hub-facets .more").all()) await more.click();
  const rows = page.locator("hub-list .rows");
  const high = await rows.evaluate((element) => element.scrollHeight);
  for (let at = 0; at < high; at += 500) {
    await rows.evaluate((element, top) => { element.scrollTop = top; }, at);
    await page.waitForFunction("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
    await watch();
  }
  await page.locator("hub-lamps .bar button").first().click();
  await page.locator("hub-lamps table").waitFor();
  await watch();
  await page.keyboard.press("Escape");
  await unharmed();
});

test("every incident: reports, why, twins, history", async () => {
  const { page } = screen;
  const all = await incidents();
  expect(all.length).toBeGreaterThan(20);
  let shown = 0;
  for (const { id, number } of all) {
    await page.evaluate((to) => { location.hash = to; }, id);
    await page.locator("hub-detail .number", { hasText: number }).waitFor();
    await page.locator("hub-history").waitFor();
    await page.locator("hub-reports article").first().waitFor();
    const text = await watch();
    shown += Number(text.includes(ATTACK));
  }
  console.log(`${all.length} incidents, ${shown} of them show the attack whole`);
  expect(shown).toBeGreaterThan(10);
  await screen.shot("hostile");
  await unharmed();
}, 300_000);

test("search and English", async () => {
  const { page } = screen;
  await page.locator("hub-head input").fill(ATTACK);
  await page.keyboard.press("Enter");
  await page.locator("hub-list .row", { hasText: "onerror" }).first().waitFor();
  await watch();
  await page.locator("hub-head [data-language]").click();
  await page.locator("hub-list .row").first().click();
  await page.locator("hub-why").waitFor();
  await watch();
  await unharmed();
});

test("the wall", async () => {
  await screen.close();
  screen = await open("?wall", { width: 1920, height: 1080 });
  await screen.page.locator("hub-wall .list > div").first().waitFor({ timeout: 30_000 });
  await watch();
  await screen.shot("hostile-wall");
  await unharmed();
});

test("the bulletin's page", async () => {
  await screen.close();
  screen = await Screen.open(browser, URL_OF, { friends: ["null"] });
  const bulletin = process.env["HUB_BULLETIN"];
  expect(bulletin).toBeDefined();
  await screen.page.goto(`file://${bulletin ?? ""}`);
  await watch();
  expect(await screen.page.evaluate("window.__pwned")).toBeUndefined();
});
