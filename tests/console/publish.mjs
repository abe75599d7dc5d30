// node publish.mjs URL UNTIL SEEN: a real Chromium before the console; when its list shows a row for the first time, seen by an observer within the page, is written to SEEN
// as "incident,ms since 1970" once the file UNTIL is there. Says "live" when the stream is. For tests/bench/serve.sh.

import { existsSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const [url, until, seen] = process.argv.slice(2);
const LOOK_MS = 200;

/** In the page: a list's row counts when it stands in the document, before the next frame is drawn. */
function observe(element) {
  const list = element.renderRoot;
  window.rowsSeen = new Map();
  const look = () => {
    const at = performance.timeOrigin + performance.now();
    for (const row of list.querySelectorAll(".row")) if (!window.rowsSeen.has(row.dataset.id)) window.rowsSeen.set(row.dataset.id, at);
  };
  look();
  new MutationObserver(look).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-id"] });
}

const browser = await chromium.launch({ executablePath: process.env.HUB_CHROMIUM ?? "/usr/bin/chromium", args: ["--headless", "--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
await page.goto(url);
await page.locator(".line.live").waitFor({ timeout: 60_000 });
await page.locator("hub-list").evaluate(observe);
console.log("live");
while (!existsSync(until)) await new Promise((done) => setTimeout(done, LOOK_MS));
const rows = await page.evaluate(() => [...window.rowsSeen]);
writeFileSync(seen, rows.map(([id, at]) => `${id},${at.toFixed(1)}\n`).join(""));
await browser.close();
