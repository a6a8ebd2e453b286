/**
 * @file Ticks that the common ones do not serve: whole steps far from 0, and names of powers on log axes.
 */

import { formatCount } from "./number-format.ts";
import type { Panel, PanelAxis } from "./panel.ts";
import { FONT_SIZE } from "./style.ts";
import { text } from "./svg.ts";
import { textWidth } from "./text-width.ts";
import { linearTicks, logTicks, type Ticks } from "./ticks.ts";

/** Whole steps written in full, as many as fit: `1 000 150` is told from `1 000 200`. @param width - Of the axis [px]. */
export function stepTicks([low, high]: readonly [number, number], width: number): Ticks {
  const label = textWidth(formatCount(high), FONT_SIZE.tick);
  const count = Math.max(1, Math.min(7, Math.floor(width / (1.7 * label + 8))));
  const ticks = linearTicks(low, high, count);
  const values = ticks.values.filter(Number.isInteger);
  return { values, labels: values.map(formatCount) };
}

/** Ticks of an axis, where they are not given. */
export function ticksOf({ ticks, log, domain }: PanelAxis): Ticks {
  if (typeof ticks === "object") return ticks;
  return log ? logTicks(...domain) : linearTicks(...domain, ticks ?? 5);
}

/** A log axis with its ticks but without their names, which {@link logLabels} writes. */
export function withoutLabels(axis: PanelAxis): PanelAxis {
  // Plot hands a log scale's tick format the value alone, so names that go by a tick's place would be lost.
  if (!axis.log || axis.hidden) return axis;
  const { values } = ticksOf(axis);
  return { ...axis, ticks: { values, labels: values.map(() => "") } };
}

/** Names of the ticks of those axes that are logarithmic; names that would touch the one before are left out. */
export function logLabels({ frame, x, y }: Panel, axes: { x: PanelAxis; y: PanelAxis }): string {
  const parts: string[] = [];
  if (axes.x.log && !axes.x.hidden) {
    const { values, labels } = ticksOf(axes.x);
    let end = Number.NEGATIVE_INFINITY;
    values.forEach((v, i) => {
      const half = textWidth(labels[i], FONT_SIZE.tick) / 2;
      if (x(v) - half < end + 4) return;
      end = x(v) + half;
      parts.push(
        text(x(v), frame.bottom + 6 + 0.71 * FONT_SIZE.tick, labels[i], { "text-anchor": "middle" }),
      );
    });
  }
  if (axes.y.log && !axes.y.hidden) {
    const { values, labels } = ticksOf(axes.y);
    values.forEach((v, i) => {
      parts.push(text(frame.left - 6, y(v) + 0.32 * FONT_SIZE.tick, labels[i], { "text-anchor": "end" }));
    });
  }
  return parts.join("");
}
