// Commands of a person: given, waited for, told, and undone if wished.

import { desk } from "./desk";
import { api, Away, order, Refusal, type Order, type Outcome } from "../net/api";
import type { Incident } from "../model/types";
import { joined } from "../text/format";
import { pick, say, sayOf } from "../text/say";
import { isNewer } from "../model/order";

export interface Notice {
  key: string;
  kind: "waiting" | "done" | "refused" | "failed" | "slow";
  order: Order;
  title: string;
  text?: string;
  command?: string;
  until: number; // by performance.now(): gone then
  again?: () => void;
  isStale?: boolean;
}

const UNDO_MS = 60_000;
const TELL_MS = 12_000;
const MOST = 2; // more would hide the desk; all of them stand in the history
const WAIT_S = 10;
const WAITS = 6;

export const notices: Notice[] = [];

export function etagOf(incident: Pick<Incident, "epoch" | "version">): string {
  return `"${incident.epoch}.${incident.version}"`;
}

function put(notice: Notice): void {
  const at = notices.findIndex((each) => each.key === notice.key);
  if (at >= 0) notices[at] = notice;
  else notices.unshift(notice);
  notices.length = Math.min(notices.length, MOST);
  desk.tell();
}

export function dismiss(key: string): void {
  const at = notices.findIndex((each) => each.key === key);
  if (at >= 0) notices.splice(at, 1);
  desk.tell();
}

export function sweepNotices(): void {
  const now = performance.now();
  const kept = notices.filter((each) => each.until > now);
  if (kept.length === notices.length) return;
  notices.splice(0, notices.length, ...kept);
  desk.tell();
}

function problemWords(cause: unknown): string {
  if (cause instanceof Away) return say("problem_away");
  if (!(cause instanceof Refusal)) return String(cause);
  const { status, detail, title, request } = cause.problem;
  const known = [403, 404, 409, 412, 422, 428, 429, 503].includes(status)
    ? say(`problem_${status}` as "problem_403") : title;
  return joined([known, detail, request === undefined ? undefined : `${say("request")} ${request}`]);
}

/** Who was quicker: the versions between the one that was seen and the present one. */
async function staleWords(seen: Incident): Promise<string> {
  const detail = await api.detail(seen.incident).catch(() => undefined);
  const now = detail?.incident;
  if (!now || !isNewer(now, seen)) return say("problem_412");
  const between = (detail?.history ?? []).filter((moment) => moment.kind === "version" && (moment.version ?? 0) > seen.version);
  const changes = between.length > 0 ? between.map((moment) => sayOf("change", moment.change ?? "updated")) : [sayOf("change", now.change)];
  const by = (detail?.commands ?? []).filter((each) => each.at > seen.at).map((each) => each.by);
  const what = [...new Set(changes)].join("、") + (by.length > 0 ? ` (${[...new Set(by)].join(", ")})` : "");
  desk.store.put(now);
  desk.dispatchEvent(new CustomEvent("version", { detail: now.incident }));
  return say("stale_what", { a: seen.version, b: now.version, c: what });
}

export async function give(what: Order, seen?: Incident, key: string = makeKey()): Promise<void> {
  const verb = sayOf("verb", what.verb);
  const notice = (kind: Notice["kind"], ms: number, more: Partial<Notice> = {}): void =>
    put({ key, kind, order: what, title: say(`cmd_${kind}`, { v: verb }), until: performance.now() + ms, ...more });
  notice("waiting", 10 * UNDO_MS);
  try {
    const given = await order(what, key, seen ? etagOf(seen) : undefined, desk.me?.csrf);
    notice("waiting", 10 * UNDO_MS, { command: given.command });
    const outcome = await outcomeOf(given.command);
    if (outcome === undefined) return notice("slow", UNDO_MS, { command: given.command });
    if (outcome.state === "refused") {
      return notice("refused", 3 * TELL_MS, { text: pick(outcome.reason_words) || (outcome.reason ?? "") });
    }
    if (what.verb === "merge") desk.untick();
    notice("done", what.verb === "undo" ? TELL_MS : UNDO_MS, { command: given.command });
  } catch (cause) {
    const isStale = cause instanceof Refusal && cause.problem.status === 412 && seen !== undefined;
    if (!isStale) return notice("failed", 3 * TELL_MS, { text: problemWords(cause), again: () => void give(what, seen, key) });
    const text = `${say("stale")}: ${await staleWords(seen)}`;
    const fresh = desk.store.get(seen.incident) ?? seen;
    notice("failed", UNDO_MS, { text, isStale: true, again: () => { dismiss(key); void give(what, fresh); } });
  }
}

async function outcomeOf(id: string): Promise<Outcome | undefined> {
  for (let tries = 0; tries < WAITS; tries++) {
    const outcome = await api.command(id, WAIT_S);
    if (outcome.state !== "waiting") return outcome;
  }
  return undefined;
}

function makeKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The last command that was done and may still be undone. */
export function undoLast(): void {
  const last = notices.find((each) => each.kind === "done" && each.command !== undefined && each.order.verb !== "undo");
  if (last) undo(last.command as string, last.key);
}

export function undo(command: string, notice?: string): void {
  if (notice !== undefined) dismiss(notice);
  void give({ verb: "undo", command });
}
