/**
 * @file Panels side by side or below each other, axes aligned, each with a letter; marks are drawn in pixels.
 */

import { logLabels, withoutLabels } from "./axis-ticks.ts";
import type { loadPlot } from "./figure-document.ts";
import { leftMargin, type PanelAxis, place, renderPanel } from "./panel.ts";
import type { Plane } from "./plane.ts";
import { FONT_SIZE } from "./style.ts";
import { text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

/** One panel of a grid. */
export interface GridPanel {
  title?: string;
  x: PanelAxis;
  y: PanelAxis;
  /** Height [px], where it differs from that of the grid. */
  height?: number;
  /** Marks and notes, in the panel's own pixels. */
  draw: (plane: Plane) => string;
}

/** Room for all panels together [px]. */
export interface GridOptions {
  /** Width of the grid, and height of a panel [px]. */
  width: number;
  height: number;
  /** Most panels in a row; fewer where they would become narrower than 190 px. */
  columns?: number;
  /** Room right of each panel's axes [px]. */
  right?: number;
  /** Room above the first row [px]. */
  top?: number;
}

/** A grid as markup, and the height it takes [px]. */
export function panelGrid(
  loaded: Awaited<ReturnType<typeof loadPlot>>,
  panels: readonly GridPanel[],
  { width, height, columns = 2, right = 14, top = 0 }: GridOptions,
): { markup: string; height: number } {
  const perRow = Math.max(1, Math.min(columns, panels.length, Math.floor(width / MIN_WIDTH)));
  const cell = width / perRow;
  const lefts = Array.from({ length: perRow }, (_, c) =>
    Math.max(...panels.filter((_, i) => i % perRow === c).map((p) => leftMargin(p.y))),
  );
  let y = top;
  let rowHeight = 0;
  const parts = panels.map((panel, i) => {
    const column = i % perRow;
    if (column === 0) {
      y += rowHeight;
      rowHeight = 0;
    }
    const size = { width: cell, height: panel.height ?? height };
    rowHeight = Math.max(rowHeight, size.height);
    const { x, y: vertical, title, draw } = panel;
    const hasHead = title !== undefined || panels.length > 1;
    const drawn = renderPanel(loaded, {
      ...size,
      x: withoutLabels(x),
      y: withoutLabels(vertical),
      left: lefts[column],
      right,
      top: hasHead ? 21 : 10,
      marks: () => [],
    });
    const plane = { ...drawn, xDomain: x.domain, yDomain: vertical.domain };
    const letter = panels.length > 1 ? LETTERS[i % LETTERS.length] : "";
    return place(
      column * cell,
      y,
      // Texts left empty by ticks without names.
      drawn.markup.replace(/<text [^>]*\/>/g, ""),
      logLabels(drawn, { x, y: vertical }),
      draw(plane),
      hasHead ? heading(letter, title ?? "", plane) : "",
    );
  });
  return { markup: parts.join(""), height: y + rowHeight };
}

// Implementation

const MIN_WIDTH = 190;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function heading(letter: string, title: string, { frame }: Plane): string {
  const style = { "font-size": FONT_SIZE.label, "font-weight": "bold" };
  const letterStyle = { "font-size": FONT_SIZE.letter, "font-weight": "bold" };
  const start = Math.max(frame.left, letter ? 6 + textWidth(letter, FONT_SIZE.letter, "bold") : 0);
  // Bold letters are wider by 7 %.
  const short = fitText(title, (frame.right + 8 - start) / 1.07, FONT_SIZE.label);
  return (letter ? text(2, 12, letter, letterStyle) : "") + (short ? text(start, 12, short, style) : "");
}
