/**
 * @file Eigenvalues of recurrent weights in the complex plane, before and after training, with the circle of radius 1.
 */

import { checkedRange, checkLengths, checkSome } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { formatNumber } from "../number-format.ts";
import { place } from "../panel.ts";
import { dots, named, type Plane } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { element } from "../svg.ts";
import { equalPanels } from "./equal-panels.ts";

/** Eigenvalues of one matrix. */
export interface Spectrum {
  title: string;
  /** Real and imaginary parts, shape `(eigenvalue)` each. */
  re: ArrayLike<number>;
  im: ArrayLike<number>;
}

/** Spectra that are compared, e.g. before and after training. */
export interface SpectrumData {
  spectra: readonly Spectrum[];
}

/**
 * Eigenvalue spectra as an SVG string, a panel each on the same axes; a unit of length is as long down as across.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await eigenvalueSpectrum({ spectra: [{ title: "before", ...eigenvalues(w0) }, { title: "after", ...eigenvalues(w) }] })
 */
export async function eigenvalueSpectrum(
  { spectra }: SpectrumData,
  { width = "double", panelHeight = 7, title = "Eigenvalue spectrum", description }: FigureOptions = {},
): Promise<string> {
  checkSome(WHERE, spectra, "spectrum");
  for (const { title: name, re, im } of spectra) checkLengths(`${WHERE}: "${name}"`, { re, im });
  const re = checkedRange(WHERE, [...spectra.map((s) => s.re), [-1, 1]], { what: "eigenvalue" });
  const im = checkedRange(WHERE, [...spectra.map((s) => s.im), [-1, 1]], { what: "eigenvalue" });
  const total = pixelWidth(width);
  const drawn = equalPanels(
    await loadPlot(),
    spectra.map((s, i) => ({
      title: `${s.title}: spectral radius ${formatNumber(radiusOf(s))}`,
      draw: (plane) => marks(plane, s, spectra.length > 1 && i === 0 ? COLOUR.null : OKABE_ITO.blue),
    })),
    {
      x: { label: "Real part", range: re },
      y: { label: "Imaginary part", range: im },
      width: total,
      height: panelHeight * PIXELS_PER_CM,
    },
  );
  const radii = spectra.map((s) => `${s.title} ${formatNumber(radiusOf(s))}`).join(", ");
  const said = `Eigenvalues in the complex plane with the unit circle; spectral radius ${radii}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    place(0, 0, drawn.markup),
  );
}

// Implementation

const WHERE = "eigenvalueSpectrum";

function radiusOf({ re, im }: Spectrum): number {
  let most = 0;
  for (let i = 0; i < re.length; i++) most = Math.max(most, Math.sqrt(re[i] * re[i] + im[i] * im[i]));
  return most;
}

function marks(plane: Plane, spectrum: Spectrum, fill: string): string {
  const { re, im } = spectrum;
  const circle = element("circle", {
    cx: plane.x(0),
    cy: plane.y(0),
    r: plane.x(1) - plane.x(0),
    fill: "none",
    stroke: COLOUR.quiet,
    "stroke-width": 0.9,
    "stroke-dasharray": "4 3",
  });
  return (
    named("unit circle", circle) +
    named("eigenvalues", dots(plane, { x: re, y: im }, { r: 2, fill, opacity: 0.75 }))
  );
}
