/**
 * @file The frame that figures of self-organisation and of training share: size, title, description, and the key
 * below.
 */

import { place } from "./panel.ts";
import type { FigureWidth } from "./style.ts";
import { element, escapeMarkup, figure } from "./svg.ts";

/** Options of every such figure. */
export interface FigureOptions {
  width?: FigureWidth;
  /** Height of one panel [cm]. */
  panelHeight?: number;
  /** Name of the figure, for readers who cannot see it. */
  title?: string;
  /** What it shows, for readers who cannot see it; else made from the data. */
  description?: string;
}

/** Size [px], and what the figure says of itself. */
export interface FigureFrame {
  width: number;
  height: number;
  title: string;
  description: string;
}

/** A whole figure with its title and description. */
export function describedFigure(
  { width, height, title, description }: FigureFrame,
  ...children: string[]
): string {
  return figure(
    { width, height },
    title,
    element("title", {}, escapeMarkup(title)),
    element("desc", {}, escapeMarkup(description)),
    ...children,
  );
}

/** Markup from (0, 0), and the height it takes [px]. */
interface Block {
  markup: string;
  height: number;
}

/** A whole figure with its key below what is drawn. */
export function figureWithKey(frame: Omit<FigureFrame, "height">, drawn: Block, key: Block): string {
  return describedFigure(
    { ...frame, height: drawn.height + key.height },
    drawn.markup,
    place(0, drawn.height, key.markup),
  );
}
