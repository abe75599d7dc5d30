// Every request to hub serve, and what it says when it refuses.

import type {
  Category, Detail, Figures, Given, Known, Me, Page, Platform, Settings, Verb, Words,
} from "../model/types";

export interface Problem {
  status: number;
  title: string;
  detail?: string;
  request?: string;
  retry?: number;
}

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

/** Nobody answers: the network or hub serve is away. */
export class Away extends Error {}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
  const problem: Problem = { status: answer.status, title: body.title ?? `HTTP ${answer.status}` };
  const request = answer.headers.get("X-Request-Id");
  const retry = Number(answer.headers.get("Retry-After"));
  if (body.detail !== undefined) problem.detail = body.detail;
  if (request !== null) problem.request = request;
  if (retry > 0) problem.retry = retry;
  return problem;
}

export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new Away(path);
  }
  if (!answer.ok) throw new Refusal(await problemOf(answer));
  return answer;
}

async function read<T>(path: string, init?: RequestInit): Promise<T> {
  return (await ask(path, init)).json() as Promise<T>;
}

const ITEMS = "/v1/collections/incidents/items";

export const api = {
  me: () => read<Me>("/v1/me"),
  settings: () => read<Settings>("/settings.json"),
  items: (search: URLSearchParams) => read<Page>(`${ITEMS}?${search}`),
  next: (page: Page): Promise<Page> | undefined => {
    const link = page.links.find((each) => each.rel === "next");
    return link ? read<Page>(here(link.href)) : undefined;
  },
  detail: (id: string) => read<Detail>(`/v1/incidents/${encodeURIComponent(id)}`),
  platforms: () => read<Platform[] | { platforms: Platform[] }>("/v1/platforms").then((list) => (Array.isArray(list) ? list : list.platforms)),
  figures: () => read<Figures>("/v1/figures"),
  categories: () => read<Category[] | { categories: Category[] }>("/v1/categories").then((list) => (Array.isArray(list) ? list : list.categories)),
  people: () => read<{ users: Known[]; keys: Known[] }>("/v1/people"),
  regions: () => read<GeoJSON.FeatureCollection>("/v1/regions"),
  find: (number: string) => read<Record<string, unknown>>(`/v1/find?number=${encodeURIComponent(number)}`),
  enter: (user: string, password: string) =>
    ask("/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, password }) }),
  leave: (csrf: string | undefined) => ask("/v1/session", { method: "DELETE", headers: csrf === undefined ? {} : { "X-CSRF-Token": csrf } }),
  command: (id: string, wait: number) => read<Outcome>(`/v1/commands/${encodeURIComponent(id)}?wait=${wait}`),
};

export interface Order {
  verb: Verb;
  incident?: string;
  incidents?: string[];
  events?: string[];
  command?: string;
  args?: { org?: string };
  note?: string;
}

export interface Outcome extends Given {
  command: string;
  reason_words?: Words;
  incident?: string;
}

/** The command is in the log when this returns; its outcome is asked for by its id. `key` is one per decision of a person. */
export async function order(what: Order, key: string, match?: string, csrf?: string): Promise<{ command: string }> {
  const headers: Record<string, string> = { "Content-Type": "application/json", "Idempotency-Key": key };
  if (match !== undefined) headers["If-Match"] = match;
  if (csrf !== undefined) headers["X-CSRF-Token"] = csrf;
  return read("/v1/commands", { method: "POST", headers, body: JSON.stringify(what) });
}

/** A link of an answer, at our own origin whatever host it names. */
function here(href: string): string {
  const url = new URL(href, location.href);
  return url.pathname + url.search;
}
