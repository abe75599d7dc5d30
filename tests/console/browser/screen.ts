// A real Chromium before a console. HUB_WWW is the built console; the server is the tests' own stand-in (mock.py).

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import axe from "axe-core";
import { expect } from "vitest";

const MOCK = fileURLToPath(new URL("../mock.py", import.meta.url));
const WWW = process.env["HUB_WWW"] ?? fileURLToPath(new URL("../../../hub/serve/console/dist", import.meta.url));
const SHOTS = process.env["HUB_SHOTS"];

export const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["HUB_CHROMIUM"] ?? "/usr/bin/chromium", args: FLAGS });
}

export class Mock {
  private constructor(private readonly process: ChildProcess, readonly url: string) {}

  static async start(...options: string[]): Promise<Mock> {
    expect(existsSync(`${WWW}/index.html`), `${WWW} holds no built console`).toBe(true);
    const child = spawn("/usr/bin/python3", [MOCK, WWW, "0", "--attached", ...options], { stdio: ["pipe", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    return new Mock(child, line.toString().trim());
  }

  async tell(what: string, data: object = {}): Promise<Record<string, unknown>> {
    const answer = await fetch(`${this.url}mock/${what}`, { method: "POST", body: JSON.stringify(data) });
    return (await answer.json()) as Record<string, unknown>;
  }

  async stop(): Promise<void> {
    this.process.kill();
    await once(this.process, "exit");
  }
}

/** A page that tells what went wrong in it, and whom it asked. */
export class Screen {
  readonly troubles: string[] = [];
  readonly strangers: string[] = [];

  private constructor(readonly page: Page, readonly context: BrowserContext) {}

  static async open(browser: Browser, url: string, options: { width?: number; height?: number; theme?: "light" | "dark"; language?: "zh" | "en"; friends?: string[] } = {}): Promise<Screen> {
    const context = await browser.newContext({ viewport: { width: options.width ?? 1366, height: options.height ?? 768 }, colorScheme: options.theme ?? "light" });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const screen = new Screen(page, context);
    page.on("pageerror", (error) => screen.troubles.push(error.message));
    page.on("console", (message) => { if (message.type() === "error" && !/Failed to load resource/.test(message.text())) screen.troubles.push(message.text()); });
    page.on("dialog", (dialog) => { screen.troubles.push(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
    const friends = [new URL(url).origin, ...(options.friends ?? [])];
    page.on("request", (request) => { if (!friends.includes(new URL(request.url()).origin)) screen.strangers.push(request.url()); });
    await page.addInitScript(`localStorage.getItem("hub.prefs") ?? localStorage.setItem("hub.prefs", '{"language":"${options.language ?? "zh"}"}')`);
    await page.goto(url);
    return screen;
  }

  async shot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: `${SHOTS}/${name}.png` });
  }

  /** Serious findings of axe-core, in words. */
  async faults(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })") as axe.AxeResults;
    return found.violations.filter((each) => each.impact === "serious" || each.impact === "critical")
      .flatMap((each) => each.nodes.map((node) => `${each.id}: ${String(node.target)} ${node.failureSummary ?? ""}`));
  }

  async close(): Promise<void> {
    expect(this.troubles).toEqual([]);
    expect(this.strangers).toEqual([]);
    await this.context.close();
  }
}
