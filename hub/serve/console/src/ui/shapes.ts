// Severities and clusters drawn on a canvas, in the shapes of the list.

import type { Severity } from "../model/types";
import { SEVERITIES } from "../model/types";

export interface Palette {
  severity: Record<Severity, string>;
  surface: string;
  ink: string;
  line: string;
  accent: string;
  font: string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  const severity = Object.fromEntries(SEVERITIES.map((each) => [each, value(`--${each}`)])) as Record<Severity, string>;
  return { severity, surface: value("--surface"), ink: value("--ink"), line: value("--line-strong"), accent: value("--accent"), font: style.fontFamily };
}

function outline(to: CanvasRenderingContext2D, severity: Severity, x: number, y: number, r: number): void {
  to.beginPath();
  if (severity === "critical") {
    to.moveTo(x, y - r * 1.15);
    to.lineTo(x + r * 1.15, y);
    to.lineTo(x, y + r * 1.15);
    to.lineTo(x - r * 1.15, y);
    to.closePath();
  } else if (severity === "high") {
    to.moveTo(x, y - r);
    to.lineTo(x + r * 1.05, y + r * 0.85);
    to.lineTo(x - r * 1.05, y + r * 0.85);
    to.closePath();
  } else {
    to.arc(x, y, severity === "medium" ? r * 0.8 : severity === "low" ? r * 0.7 : r * 0.45, 0, 2 * Math.PI);
  }
}

export function drawShape(to: CanvasRenderingContext2D, paint: Palette, severity: Severity, x: number, y: number, r: number): void {
  outline(to, severity, x, y, r);
  to.lineWidth = severity === "low" ? 5 : 3.5;
  to.strokeStyle = paint.surface;
  to.stroke();
  outline(to, severity, x, y, r);
  if (severity === "low") {
    to.fillStyle = paint.surface;
    to.fill();
    to.lineWidth = 2.5;
    to.strokeStyle = paint.severity.low;
    to.stroke();
    return;
  }
  to.fillStyle = paint.severity[severity] ?? paint.severity.info;
  to.fill();
}

export function drawRing(to: CanvasRenderingContext2D, colour: string, x: number, y: number, r: number, width: number): void {
  to.beginPath();
  to.arc(x, y, r, 0, 2 * Math.PI);
  to.lineWidth = width;
  to.strokeStyle = colour;
  to.stroke();
}

export function clusterRadius(count: number): number {
  return 14 + Math.min(14, Math.log2(count) * 2);
}

/** A disc with the count; its rim tells how grave its members are, as shares of the circle, from the gravest on. */
export function drawCluster(to: CanvasRenderingContext2D, paint: Palette, counts: readonly number[], x: number, y: number, scale: number): void {
  const total = counts.reduce((sum, each) => sum + each, 0);
  const r = clusterRadius(total) * scale;
  to.beginPath();
  to.arc(x, y, r, 0, 2 * Math.PI);
  to.fillStyle = paint.surface;
  to.fill();
  let from = -Math.PI / 2;
  counts.forEach((count, at) => {
    if (count === 0) return;
    const until = from + (count / total) * 2 * Math.PI;
    to.beginPath();
    to.arc(x, y, r - 1.5 * scale, from, until);
    to.lineWidth = 3 * scale;
    to.strokeStyle = paint.severity[SEVERITIES[at] as Severity];
    to.stroke();
    from = until;
  });
  to.fillStyle = paint.ink;
  to.font = `600 ${Math.round((total > 999 ? 11 : 12) * scale)}px ${paint.font}`;
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.fillText(String(total), x, y + 0.5);
}
