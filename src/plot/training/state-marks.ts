/**
 * @file Marks in the plane of two components: paths with their starts, ends and borders of periods; fixed points.
 */

import type { LegendEntry } from "../legend.ts";
import { dots, named, type Plane, square, stroked } from "../plane.ts";
import { COLOUR, OKABE_ITO } from "../style.ts";
import { element, shortNumber } from "../svg.ts";
import type { StatePath, StatePoint } from "./state-plane.ts";

/** A path: a ring at its start, a square at its end, small dots where periods start. */
export function pathMarks(
  plane: Plane,
  { label, x, y, dashed }: StatePath,
  { colour, periods }: { colour: string; periods: readonly { name: string; step: number }[] },
): string {
  const at: [number, number][] = [];
  for (let k = 0; k < x.length; k++) {
    if (!Number.isFinite(x[k]) || !Number.isFinite(y[k])) break;
    at.push([plane.x(x[k]), plane.y(y[k])]);
  }
  if (at.length === 0) return "";
  const kept = at.filter(
    ([px, py], k) => k === 0 || k === at.length - 1 || far([px, py], at[k - 1]) || k % 4 === 0,
  );
  const d = kept.map(([px, py], k) => `${k === 0 ? "M" : "L"}${shortNumber(px)},${shortNumber(py)}`).join("");
  const [startX, startY] = at[0];
  const [endX, endY] = at[at.length - 1];
  const borders = periods.filter(({ step }) => step > 0 && step < at.length);
  return named(
    label,
    stroked(d, { stroke: colour, width: 1.5, dash: dashed ? "4 2" : undefined }),
    ...borders.map(({ step }) => {
      const [px, py] = at[step];
      return element("circle", {
        cx: px,
        cy: py,
        r: 2,
        fill: colour,
        stroke: COLOUR.ink,
        "stroke-width": 0.7,
      });
    }),
    element("circle", {
      cx: startX,
      cy: startY,
      r: 3,
      fill: COLOUR.paper,
      stroke: colour,
      "stroke-width": 1.4,
    }),
    square(endX, endY, { fill: colour, edge: COLOUR.paper }),
  );
}

/** Fixed points on top: stable ones filled, others hollow with the more colour the more directions run away. */
export function pointMarks(plane: Plane, points: readonly StatePoint[]): string {
  return STABILITY.map(({ name, holds, fill, edge }) => {
    const own = points.filter(holds);
    const coordinates = { x: own.map((p) => p.x), y: own.map((p) => p.y) };
    return named(name, dots(plane, coordinates, { r: 3, fill, edge }));
  }).join("");
}

/** Key to the fixed points that occur. */
export function pointEntries(points: readonly StatePoint[]): LegendEntry[] {
  return STABILITY.flatMap(({ name, holds, fill, edge }) => {
    const count = points.filter(holds).length;
    return count === 0 ? [] : [{ label: `${name} (${count})`, swatch: { kind: "dot", fill, edge } as const }];
  });
}

/** Key to the marks on paths. */
export function periodEntries(periods: readonly { name: string; step: number }[]): LegendEntry[] {
  const inner = periods.filter(({ step }) => step > 0);
  return [
    { label: "start", swatch: { kind: "dot", fill: COLOUR.paper, edge: COLOUR.ink } },
    ...(inner.length > 0
      ? [
          {
            label: "new period",
            note: inner.map((p) => p.name).join(", "),
            swatch: { kind: "dot", fill: COLOUR.null, edge: COLOUR.ink } as const,
          },
        ]
      : []),
    { label: "end", swatch: { kind: "square", fill: COLOUR.ink } },
  ];
}

// Implementation

const STABILITY = [
  {
    name: "slow point",
    holds: (p: StatePoint) => Boolean(p.slow),
    fill: "#d9d9d9",
    edge: COLOUR.null,
  },
  {
    name: "unstable, 2+ directions",
    holds: (p: StatePoint) => !p.slow && p.unstable > 1,
    fill: OKABE_ITO.vermilion,
    edge: COLOUR.ink,
  },
  {
    name: "saddle, 1 unstable direction",
    holds: (p: StatePoint) => !p.slow && p.unstable === 1,
    fill: OKABE_ITO.yellow,
    edge: COLOUR.ink,
  },
  {
    name: "stable",
    holds: (p: StatePoint) => !p.slow && p.unstable === 0,
    fill: COLOUR.ink,
    edge: COLOUR.paper,
  },
] as const;

/** More than a third of a pixel apart. */
function far([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): boolean {
  return Math.abs(ax - bx) + Math.abs(ay - by) > 0.33;
}
