/**
 * @file A fitted power law as a straight piece on log–log axes, laid through the points of its window.
 */

import { exp, log, pow } from "../../core/index.ts";
import { formatExact, formatFixed, formatPowerOfTen } from "../number-format.ts";
import { type LineStyle, line, type Plane, type Points } from "../plane.ts";

/** A power law y ∝ x^slope found elsewhere. */
export interface PowerLawLine {
  /** Slope on log–log axes: −α for a density x^−α, γ for ⟨S⟩ ∝ T^γ. */
  slope: number;
  standardError?: number;
  /** Window of the fit, in data units, both > 0. */
  from: number;
  to: number;
  /** A point the line passes through; else the middle, in the logarithm, of the points in the window. */
  through?: readonly [x: number, y: number];
  /** Letter of the exponent. */
  symbol?: string;
  /** A line about the fit, e.g. its likelihood ratio against another law. */
  note?: string;
}

/** The fitted piece; nothing where no point lies in its window. */
export function powerLawLine(plane: Plane, points: Points, fit: PowerLawLine, style: LineStyle): string {
  const factor = prefactor(points, fit);
  if (factor === undefined) return "";
  const x = [fit.from, fit.to];
  return line(plane, { x, y: x.map((v) => factor * pow(v, fit.slope)) }, style);
}

/** `α = 1.37 ± 0.01`, and the window below it. @param sign - −1 where the exponent is minus the slope. */
export function powerLawNote(fit: PowerLawLine, symbol: string, sign: 1 | -1): string[] {
  const error = fit.standardError === undefined ? "" : ` ± ${formatFixed(fit.standardError, 3)}`;
  const decimals = fit.standardError !== undefined && fit.standardError < 0.095 ? 3 : 2;
  const value = formatFixed(sign * fit.slope, decimals);
  const window = `fitted on ${endName(fit.from)} … ${endName(fit.to)}`;
  return [`${fit.symbol ?? symbol} = ${value}${error}`, window, ...(fit.note ? [fit.note] : [])];
}

// Implementation

function prefactor({ x, y }: Points, { slope, from, to, through }: PowerLawLine): number | undefined {
  if (through) return through[1] / pow(through[0], slope);
  let sum = 0;
  let n = 0;
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] >= from && x[i] <= to && y[i] > 0)) continue;
    sum += log(y[i]) - slope * log(x[i]);
    n += 1;
  }
  return n > 0 ? exp(sum / n) : undefined;
}

function endName(v: number): string {
  for (let k = 3; k < 15; k++) if (v === Number(`1e${k}`)) return formatPowerOfTen(k);
  return formatExact(v);
}
