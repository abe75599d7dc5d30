// Icons of our own: 16 px, one stroke width, the colour of the text around them.

import { svg, html, type TemplateResult } from "lit";
import type { Light, Severity } from "../model/types";
import { sayOf } from "../text/say";

const PATHS = {
  search: svg`<circle cx="7" cy="7" r="4.25"/><path d="m10.5 10.5 3.500 3.500"/>`,
  close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  sound: svg`<path d="M2.500 6v4h2.500l3.500 3V3L5 6zM11 6c1 1 1 3 0 4M13 4.500c2 2 2 5 0 7"/>`,
  mute: svg`<path d="M2.500 6v4h2.500l3.500 3V3L5 6zM11.500 6.500l3 3M14.500 6.500l-3 3"/>`,
  theme: svg`<circle cx="8" cy="8" r="5.25"/><path d="M8 2.750v10.500" /><path d="M8 2.750a5.250 5.250 0 0 1 0 10.500z" fill="currentColor" stroke="none"/>`,
  help: svg`<path d="M5.500 6a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .8-1 1.700M8 12.750v.01"/>`,
  person: svg`<circle cx="8" cy="5.500" r="2.750"/><path d="M2.750 14c.5-3 2.500-4.500 5.250-4.500s4.750 1.500 5.250 4.500"/>`,
  leave: svg`<path d="M9.500 3H3v10h6.500M7 8h7M11.500 5.500 14 8l-2.500 2.500"/>`,
  wall: svg`<path d="M2 3h12v8H2zM6 14h4M8 11v3"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  fit: svg`<path d="M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10"/>`,
  fold: svg`<path d="M10 4 6 8l4 4"/>`,
  unfold: svg`<path d="m6 4 4 4-4 4"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.500"/><path d="M8 5v3.250l2 1.250"/>`,
  late: svg`<path d="M8 2.250 14 13H2zM8 6.500v3M8 11.250v.01"/>`,
  twin: svg`<rect x="2.500" y="2.500" width="7.500" height="7.500" rx="1"/><path d="M12 6h1.500v7.500H6V12"/>`,
  link: svg`<path d="M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 0 1 4.500 4.500L11.500 9M4.500 7 3 8.500A3 3 0 0 0 7.500 13L9 11.500"/>`,
  pin: svg`<path d="M8 14s4.500-4 4.500-7.500a4.500 4.500 0 0 0-9 0C3.500 10 8 14 8 14z"/><circle cx="8" cy="6.500" r="1.500"/>`,
  check: svg`<path d="m3 8.500 3.500 3.500L13 4.500"/>`,
  dots: svg`<path d="M3 8h.01M8 8h.01M13 8h.01" stroke-width="2.500"/>`,
  undo: svg`<path d="M3 6h6.500a3.500 3.500 0 0 1 0 7H6M3 6l3-3M3 6l3 3"/>`,
  note: svg`<path d="M3 2.500h10v11H3zM5.500 6h5M5.500 9h3"/>`,
  people: svg`<circle cx="6" cy="5.500" r="2.500"/><path d="M1.500 13c.4-2.500 2-3.750 4.500-3.750S10.100 10.500 10.500 13M10.500 3.250a2.500 2.500 0 0 1 0 4.500M12 9.600c1.400.5 2.200 1.600 2.500 3.400"/>`,
  split: svg`<path d="M8 14V9M8 9 3.500 4.500M8 9l4.500-4.500M3.500 8V4.500H7M9 4.500h3.500V8"/>`,
  merge: svg`<path d="M3.500 2.500 8 7l4.500-4.500M8 7v6.500M5 10.500l3 3 3-3"/>`,
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): TemplateResult {
  return html`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}

const SHAPES: Record<Severity, TemplateResult> = {
  critical: svg`<path d="M8 1 15 8l-7 7-7-7z" fill="currentColor"/>`,
  high: svg`<path d="M8 2 15 14H1z" fill="currentColor"/>`,
  medium: svg`<circle cx="8" cy="8" r="5.500" fill="currentColor"/>`,
  low: svg`<circle cx="8" cy="8" r="4.500" fill="none" stroke="currentColor" stroke-width="2"/>`,
  info: svg`<circle cx="8" cy="8" r="2.500" fill="currentColor"/>`,
};

/** The shape of a severity, in its colour, with its word for who cannot see it. */
export function shape(severity: Severity, size = 14): TemplateResult {
  const word = sayOf("severity", severity);
  return html`<svg class=${severity} width=${size} height=${size} viewBox="0 0 16 16" role="img" aria-label=${word}><title>${word}</title>${SHAPES[severity] ?? SHAPES.info}</svg>`;
}

/** A deadline's light: full when past, half from 80 % on, a ring before. */
export function lightIcon(light: Light): TemplateResult {
  return icon(light === "red" ? "late" : "clock");
}
