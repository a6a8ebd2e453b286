/**
 * @file Panels side by side whose two axes have the same unit of length, so that circles are round and distances true.
 */

import type { loadPlot } from "../figure-document.ts";
import { leftMargin, type PanelAxis } from "../panel.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import type { Plane } from "../plane.ts";

/** What all panels share. */
export interface EqualPanelOptions {
  /** Name and range of the data on each axis; the range is widened where the panel has room. */
  x: { label: string; range: readonly [number, number] };
  y: { label: string; range: readonly [number, number] };
  /** Width of all panels together, and height of each [px]. */
  width: number;
  height: number;
  /** Room right of each panel's axes [px]. */
  right?: number;
}

/** Draw panels on the same two axes. */
export function equalPanels(
  loaded: Awaited<ReturnType<typeof loadPlot>>,
  panels: readonly { title?: string; draw: (plane: Plane) => string }[],
  { x, y, width, height, right = 14 }: EqualPanelOptions,
): { markup: string; height: number } {
  const columns = Math.max(1, Math.min(panels.length, Math.floor(width / NARROWEST)));
  const hasHead = panels.length > 1 || panels.some((p) => p.title !== undefined);
  const down = height - (hasHead ? 21 : 10) - BELOW;
  // Names of ticks need room, which changes the range, which changes the ticks: the second round settles it.
  let vertical: PanelAxis = { label: y.label, domain: padded(y.range), ticks: 5 };
  for (let round = 0; round < 2; round++) {
    const across = width / columns - right - leftMargin(vertical);
    const unit = Math.max(span(padded(x.range)) / across, span(padded(y.range)) / down);
    vertical = { ...vertical, domain: centred(y.range, unit * down) };
  }
  const across = width / columns - right - leftMargin(vertical);
  const horizontal: PanelAxis = {
    label: x.label,
    domain: centred(x.range, (span(vertical.domain) / down) * across),
    ticks: Math.max(3, Math.floor(across / 50)),
  };
  const drawn = panels.map(
    ({ title, draw }): GridPanel => ({
      title,
      x: horizontal,
      y: vertical,
      draw,
    }),
  );
  return panelGrid(loaded, drawn, { width, height, columns, right });
}

// Implementation

const NARROWEST = 190;
/** Room below the axes for ticks and a name [px]; see `renderPanel`. */
const BELOW = 36;

function span([low, high]: readonly [number, number]): number {
  return high - low;
}

function padded([low, high]: readonly [number, number]): [number, number] {
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - pad, high + pad];
}

function centred([low, high]: readonly [number, number], length: number): [number, number] {
  const middle = (low + high) / 2;
  return [middle - length / 2, middle + length / 2];
}
