/**
 * @file The look of every figure: sizes of a printed column, type, and colours that the colour-blind can tell apart.
 */

import { CajalError } from "../core/index.ts";

/** One column (8.5 cm) or two (17.5 cm) of a journal page, or a width [cm]. */
export type FigureWidth = "single" | "double" | number;

/** CSS pixels in a centimetre; figures are laid out in pixels and declare their size in centimetres. */
export const PIXELS_PER_CM = 96 / 2.54;

/** Sans serif faces found on the usual systems; figures embed no font. */
export const FONT_FAMILY = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";

/** Type sizes [px]: 7 pt for ticks and notes, 8 pt for labels, 9 pt for panel letters. */
export const FONT_SIZE = { tick: 7 / 0.75, label: 8 / 0.75, letter: 9 / 0.75 } as const;

/** Colours of Okabe & Ito (2008), "Color universal design". */
export const OKABE_ITO = {
  black: "#000000",
  orange: "#e69f00",
  sky: "#56b4e9",
  green: "#009e73",
  yellow: "#f0e442",
  blue: "#0072b2",
  vermilion: "#d55e00",
  purple: "#cc79a7",
} as const;

/** What each colour is for. */
export const COLOUR = {
  ink: "#222222",
  quiet: "#666666",
  axis: "#444444",
  grid: "#e6e6e6",
  paper: "#ffffff",
  empirical: OKABE_ITO.vermilion,
  null: "#7f7f7f",
} as const;

/** Colours of series without one of their own, in order. */
export const SERIES_COLOURS: readonly string[] = [
  OKABE_ITO.blue,
  OKABE_ITO.vermilion,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.orange,
  OKABE_ITO.sky,
  OKABE_ITO.black,
];

/** For up to twelve series: the usual colours, then muted ones of Tol (2021), which differ from them for all eyes. */
export const MANY_COLOURS: readonly string[] = [
  ...SERIES_COLOURS,
  "#882255",
  "#999933",
  "#332288",
  "#44aa99",
  "#888888",
];

/** Colours of null models: grey for the first, quieter hues for others. */
export const NULL_COLOURS: readonly string[] = [
  COLOUR.null,
  OKABE_ITO.blue,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.orange,
];

/**
 * Width [px].
 *
 * @throws CajalError `bad-width` unless `single`, `double` or 4–60 cm.
 */
export function pixelWidth(width: FigureWidth): number {
  const cm = width === "single" ? 8.5 : width === "double" ? 17.5 : width;
  if (!(typeof cm === "number" && cm >= 4 && cm <= 60)) {
    throw new CajalError(`width must be "single", "double" or 4 … 60 cm, got ${String(width)}`, {
      code: "bad-width",
      where: "figure",
      hint: "Widths are in centimetres.",
    });
  }
  return cm * PIXELS_PER_CM;
}
