/**
 * @file Marks in the pixels of a panel: lines, bands, dots, bars and error bars, each as one path, cut at the axes.
 */

import type { Panel } from "./panel.ts";
import { COLOUR } from "./style.ts";
import { element, shortNumber } from "./svg.ts";
import { thinLine } from "./thin-line.ts";

/** A drawn panel with the ends of its axes. */
export interface Plane extends Panel {
  xDomain: readonly [number, number];
  yDomain: readonly [number, number];
}

/** How a line looks. */
export interface LineStyle {
  stroke: string;
  /** Line width [px]. */
  width?: number;
  /** Dashes as in SVG, `4 2`. */
  dash?: string;
  opacity?: number;
}

/** Points of a curve, shape `(point)` each. */
export interface Points {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** Marks under a common name, which assistive software reads and tests look for. */
export function named(name: string, ...children: string[]): string {
  const inside = children.join("");
  return inside === "" ? "" : element("g", { "aria-label": name }, inside);
}

/** A line through points with ascending x; values that are NaN, or that a log axis lacks, leave a gap. */
export function line(plane: Plane, { x, y }: Points, style: LineStyle): string {
  const px: number[] = [];
  const py: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const at = plane.x(x[i]);
    if (!Number.isFinite(at)) continue;
    px.push(at);
    const height = plane.y(y[i]);
    py.push(Number.isFinite(height) ? height : Number.NaN);
  }
  if (px.length === 0) return "";
  const kept = thinLine(px, py, { x: 1, y: 1 });
  let d = "";
  let end = "";
  for (let k = 1; k < kept.length; k++) {
    const [i, j] = [kept[k - 1], kept[k]];
    const piece = clip([px[i], py[i]], [px[j], py[j]], plane.frame);
    if (!piece) continue;
    const from = pair(piece[0]);
    if (from !== end) d += `M${from}`;
    end = pair(piece[1]);
    d += `L${end}`;
  }
  return d === "" ? "" : stroked(d, style);
}

/** Steps: y[i] holds from x[i] to x[i + 1]; the last to the end of the axis. */
export function steps(plane: Plane, { x, y }: Points, style: LineStyle): string {
  return line(plane, stepPoints({ x, y }, plane.xDomain[1]), style);
}

/** Corners of a step curve that holds y[i] from x[i] on, drawn on to `end`. */
export function stepPoints({ x, y }: Points, end: number): { x: number[]; y: number[] } {
  const corners = { x: [] as number[], y: [] as number[] };
  for (let i = 0; i < x.length; i++) {
    const next = i + 1 < x.length ? x[i + 1] : Math.max(end, x[i]);
    corners.x.push(x[i], next);
    corners.y.push(y[i], y[i]);
  }
  return corners;
}

/** The area between two curves over ascending x, cut at the axes; a low end that a log axis lacks lies on the axis. */
export function band(
  plane: Plane,
  { x, low, high }: { x: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> },
  { fill, opacity }: { fill: string; opacity: number },
): string {
  const [bottom, top] = plane.yDomain;
  const inside = (v: number) => plane.y(Math.min(top, Math.max(bottom, v)));
  const upper: [number, number][] = [];
  const lower: [number, number][] = [];
  let d = "";
  const close = () => {
    const all = [...upper, ...lower.reverse()];
    if (upper.length > 1) d += `M${all.map(pair).join("L")}Z`;
    upper.length = 0;
    lower.length = 0;
  };
  for (let i = 0; i < x.length; i++) {
    const at = plane.x(x[i]);
    if (Number.isNaN(low[i]) || Number.isNaN(high[i])) close();
    else if (at >= plane.frame.left - 0.01 && at <= plane.frame.right + 0.01) {
      upper.push([at, inside(high[i])]);
      lower.push([at, inside(low[i])]);
    }
  }
  close();
  return d === "" ? "" : element("path", { d, fill, "fill-opacity": opacity });
}

/** Round dots as one path; those outside the axes are left out. */
export function dots(
  plane: Plane,
  { x, y }: Points,
  { r = 2, fill, opacity, edge }: { r?: number; fill: string; opacity?: number; edge?: string },
): string {
  const { left, right, top, bottom } = plane.frame;
  let d = "";
  for (let i = 0; i < x.length; i++) {
    const [at, height] = [plane.x(x[i]), plane.y(y[i])];
    // Written so that NaN is outside.
    if (at >= left - 0.5 && at <= right + 0.5 && height >= top - 0.5 && height <= bottom + 0.5) {
      d += `M${pair([at, height])}h0`;
    }
  }
  if (d === "") return "";
  const round = { fill: "none", "stroke-linecap": "round" };
  const rim = edge ? element("path", { d, ...round, stroke: edge, "stroke-width": 2 * r + 1.6 }) : "";
  return (
    rim + element("path", { d, ...round, stroke: fill, "stroke-width": 2 * r, "stroke-opacity": opacity })
  );
}

/** A small square around a place in pixels. */
export function square(x: number, y: number, { fill, edge }: { fill: string; edge?: string }): string {
  const side = 5.6;
  const box = { x: x - side / 2, y: y - side / 2, width: side, height: side };
  return element("rect", { ...box, fill, stroke: edge, "stroke-width": edge && 0.8 });
}

/** Bars of a histogram as one path. @param edges - Shape `(bin + 1)`. */
export function bars(
  plane: Plane,
  { edges, heights }: { edges: ArrayLike<number>; heights: ArrayLike<number> },
  { fill, opacity, gap = 0.5 }: { fill: string; opacity?: number; gap?: number },
): string {
  const { left, right, top, bottom } = plane.frame;
  let d = "";
  for (let i = 0; i < heights.length; i++) {
    const from = Math.max(left, plane.x(edges[i]));
    const to = Math.min(right, plane.x(edges[i + 1]));
    const height = plane.y(heights[i]);
    if (!(to > from) || !(height < bottom)) continue;
    const trim = to - from > 4 * gap ? gap / 2 : 0;
    const y = Math.max(top, height);
    d += `M${pair([from + trim, bottom - 0.4])}V${shortNumber(y)}H${shortNumber(to - trim)}V${shortNumber(bottom - 0.4)}Z`;
  }
  return d === "" ? "" : element("path", { d, fill, "fill-opacity": opacity });
}

/** Vertical bars from low to high, cut at the axes. */
export function errorBars(
  plane: Plane,
  { x, low, high }: { x: ArrayLike<number>; low: ArrayLike<number>; high: ArrayLike<number> },
  style: LineStyle,
): string {
  const [bottom, top] = plane.yDomain;
  const { left, right } = plane.frame;
  let d = "";
  for (let i = 0; i < x.length; i++) {
    const at = plane.x(x[i]);
    if (!(at >= left - 0.5 && at <= right + 0.5) || !(high[i] >= bottom && low[i] <= top)) continue;
    const from = plane.y(Math.max(bottom, low[i]));
    d += `M${pair([at, from])}V${shortNumber(plane.y(Math.min(top, high[i])))}`;
  }
  return d === "" ? "" : stroked(d, style);
}

/** A straight line across the axes at a height. */
export function level(plane: Plane, y: number, style: LineStyle): string {
  const { left, right, top, bottom } = plane.frame;
  const at = plane.y(y);
  if (!(at >= top - 0.01 && at <= bottom + 0.01)) return "";
  return stroked(`M${pair([left, at])}H${shortNumber(right)}`, style);
}

/** A straight line down the axes at a place. */
export function upright(plane: Plane, x: number, style: LineStyle): string {
  const { left, right, top, bottom } = plane.frame;
  const at = plane.x(x);
  if (!(at >= left - 0.01 && at <= right + 0.01)) return "";
  return stroked(`M${pair([at, top])}V${shortNumber(bottom)}`, style);
}

/** A stretch of the horizontal axis, shaded over the whole height. */
export function stretch(plane: Plane, { from, to }: { from: number; to: number }, opacity = 0.08): string {
  const { left, right, top, bottom } = plane.frame;
  const start = Math.max(left, plane.x(from));
  const end = Math.min(right, plane.x(to));
  if (!(end > start)) return "";
  const box = { x: start, y: top, width: end - start, height: bottom - top };
  return element("rect", { ...box, fill: COLOUR.null, "fill-opacity": opacity });
}

/** A path of lines. */
export function stroked(d: string, { stroke, width = 1.25, dash, opacity }: LineStyle): string {
  return element("path", {
    d,
    fill: "none",
    stroke,
    "stroke-width": width,
    "stroke-dasharray": dash,
    "stroke-opacity": opacity,
    "stroke-linejoin": "round",
  });
}

// Implementation

type Place = readonly [number, number];

function pair([x, y]: Place): string {
  return `${shortNumber(x)},${shortNumber(y)}`;
}

/** The part of a piece inside the frame (Liang & Barsky 1984); undefined if there is none. */
function clip(a: Place, b: Place, frame: Panel["frame"]): [Place, Place] | undefined {
  let from = 0;
  let to = 1;
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const sides = [
    [-dx, a[0] - frame.left],
    [dx, frame.right - a[0]],
    [-dy, a[1] - frame.top],
    [dy, frame.bottom - a[1]],
  ];
  for (const [p, q] of sides) {
    if (Number.isNaN(p) || Number.isNaN(q)) return undefined;
    if (p === 0 && q < -1e-9) return undefined;
    if (p < 0) from = Math.max(from, q / p);
    if (p > 0) to = Math.min(to, q / p);
  }
  if (from > to) return undefined;
  const at = (t: number): Place => [a[0] + t * dx, a[1] + t * dy];
  return [from === 0 ? a : at(from), to === 1 ? b : at(to)];
}
