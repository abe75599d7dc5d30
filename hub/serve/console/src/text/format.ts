// Times and numbers as people read them. Clock times are those of the city, wherever the browser stands.

import { languageNow, say } from "./say";

const ZONE = "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const short = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

export function clockOf(at: number): string {
  return clock.format(at);
}

/** 14:32 today, 12-05 14:32 this year, 2023-12-05 14:32 before. */
export function momentOf(text: string | undefined, now: number): string {
  const at = text === undefined ? NaN : Date.parse(text);
  if (Number.isNaN(at)) return "";
  const date = day.format(at);
  const today = day.format(now);
  if (date === today) return short.format(at);
  return `${date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date} ${short.format(at)}`;
}

export function spanOf(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 1) return say("seconds", { n: Math.floor(Math.abs(ms) / 1000) });
  if (minutes < 60) return say("minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return hours < 10 && minutes % 60 > 0 ? say("hours_minutes", { h: hours, m: minutes % 60 }) : say("hours", { n: hours });
  }
  const days = Math.floor(hours / 24);
  return days < 10 && hours % 24 > 0 ? say("days_hours", { d: days, h: hours % 24 }) : say("days", { n: days });
}

/** Its largest unit alone. */
export function roughOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return say("seconds", { n: seconds });
  if (seconds < 3600) return say("minutes", { n: Math.floor(seconds / 60) });
  return seconds < 86_400 ? say("hours", { n: Math.floor(seconds / 3600) }) : say("days", { n: Math.floor(seconds / 86_400) });
}

export function agoOf(text: string | undefined, now: number): string {
  const at = text === undefined ? NaN : Date.parse(text);
  if (Number.isNaN(at)) return "";
  return now - at < 60_000 ? say("just_now") : say("ago", { t: spanOf(now - at) });
}

export function countOf(value: number | undefined): string {
  return value === undefined ? "–" : value.toLocaleString(languageNow() === "zh" ? "zh-CN" : "en-GB");
}

/** Thousandths of a log-odds point, with one decimal and its sign. */
export function pointsOf(thousandths: number, isSigned = true): string {
  const text = (Math.abs(thousandths) / 1000).toFixed(1);
  return (thousandths < 0 ? "−" : isSigned ? "+" : "") + text;
}

/** Facts in a row: a wide blank parts them in Chinese, a comma in English. */
export function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(languageNow() === "zh" ? "\u2002" : ", ");
}

export function badgeOf(platform: string): string {
  return platform.replace(/^p/, "").slice(0, 3);
}
