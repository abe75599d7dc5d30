// One text in the language of the person, and which that is.

import { en } from "./en";
import { zh, type Word } from "./zh";
import type { Category, Platform, Words } from "../model/types";

export type Language = "zh" | "en";

let language: Language = "zh";

export function languageNow(): Language {
  return language;
}

export function speak(next: Language): void {
  language = next;
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

export function say(word: Word, values: Record<string, string | number> = {}): string {
  const text = (language === "zh" ? zh : en)[word];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** A word made of a part and a value that others may add to: unknown ones are shown as they are. */
export function sayOf(part: "state" | "severity" | "change" | "verb" | "lamp" | "role", value: string): string {
  const word = `${part}_${value}`;
  return word in zh ? say(word as Word) : value;
}

export function pick(words: Words | undefined): string {
  return words === undefined ? "" : words[language];
}

export function nameOf(thing: Platform | Category): string {
  return language === "en" && thing.name_en ? thing.name_en : thing.name;
}
