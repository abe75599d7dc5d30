// A short sound for a new grave incident. Browsers block sound until somebody clicks: that is said, and what was missed is counted.

import { prefs, setPrefs } from "./prefs";
import { desk } from "./desk";
import type { Incident } from "../model/types";

export type SoundState = "on" | "off" | "blocked";

const APART_MS = 2000; // many at once are one sound

let context: AudioContext | undefined;
let lastAt = -Infinity;
export let missed = 0;

function audio(): AudioContext | undefined {
  if (context === undefined && typeof AudioContext !== "undefined") {
    context = new AudioContext();
    context.onstatechange = () => desk.tell();
  }
  return context;
}

export function soundState(): SoundState {
  if (!prefs.sound) return "off";
  return audio()?.state === "running" ? "on" : "blocked";
}

/** By a click or a key: the only time when a browser lets sound begin. */
export async function switchSound(): Promise<void> {
  if (soundState() === "on") return setPrefs({ sound: false });
  setPrefs({ sound: true });
  await audio()?.resume();
  missed = 0;
  beep(660);
}

function beep(pitch: number): void {
  const to = audio();
  if (!to) return;
  const tone = to.createOscillator();
  const gain = to.createGain();
  tone.frequency.value = pitch;
  gain.gain.setValueAtTime(0.0001, to.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.2, to.currentTime + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, to.currentTime + 0.35);
  tone.connect(gain).connect(to.destination);
  tone.start();
  tone.stop(to.currentTime + 0.4);
}

export function alarm(incident: Incident): void {
  if (!prefs.sound || (incident.severity !== "critical" && incident.severity !== "high")) return;
  const now = performance.now();
  if (now - lastAt < APART_MS) return;
  lastAt = now;
  if (soundState() === "on") beep(incident.severity === "critical" ? 880 : 660);
  else missed++;
}
