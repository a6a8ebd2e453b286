/**
 * @file The frame that the figures of self-organisation share: size, title and description.
 */

import type { FigureWidth } from "./style.ts";
import { element, escapeMarkup, figure } from "./svg.ts";

/** Options of every figure of self-organisation. */
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
