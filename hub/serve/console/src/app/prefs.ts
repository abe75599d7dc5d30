// What a person chose for this browser: language, theme, sound, folded facets.

import { speak, type Language } from "../text/say";

export interface Prefs {
  language: Language;
  theme: "light" | "dark" | "system";
  sound: boolean;
  facets: boolean;
}

const KEY = "hub.prefs";

function load(): Prefs {
  const fallback: Prefs = { language: "zh", theme: "system", sound: true, facets: true };
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Prefs>) };
  } catch {
    return fallback;
  }
}

export const prefs = load();

export function isDark(): boolean {
  return prefs.theme === "dark" || (prefs.theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

export function applyPrefs(theme = isDark() ? "dark" : "light"): void {
  document.documentElement.dataset["theme"] = theme;
  speak(prefs.language);
}

export function setPrefs(change: Partial<Prefs>): void {
  Object.assign(prefs, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // A browser that keeps nothing still shows it.
  }
  applyPrefs();
}
