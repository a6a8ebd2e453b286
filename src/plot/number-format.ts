/**
 * @file Numbers as readers of a paper expect them: few digits, a true minus sign, powers of ten written out.
 */

import { pow10 } from "../core/index.ts";

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number with so many significant digits: `12.3`, `−0.045`, `1.2×10⁶`; `–` for NaN.
 *
 * @param digits - Significant digits, 1–17.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < Math.max(digits, 5)) {
    return trueMinus(value.toFixed(Math.min(20, Math.max(0, digits - 1 - exponent))));
  }
  return `${trueMinus(mantissa)}×${formatPowerOfTen(exponent)}`;
}

/** A number with so many decimals, `2.10`; `–` for NaN. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const text = value.toFixed(decimals);
  return trueMinus(Number(text) === 0 ? text.replace("-", "") : text);
}

/** A number with its sign, `+2.1`, `−0.3`, `0`. */
export function formatSigned(value: number, digits = 3): string {
  return value > 0 ? `+${formatNumber(value, digits)}` : formatNumber(value, digits);
}

/**
 * A number and its error, as many digits as the error tells: `4.56 ± 0.45`, `0.00 ± 0.49`, `(1.510 ± 0.092)×10⁻⁴`;
 * the number alone where the error is not finite or 0.
 */
export function formatEstimate(value: number, error: number): string {
  if (!Number.isFinite(value) || !(error > 0) || !Number.isFinite(error)) return formatNumber(value);
  // Rounded to two digits first: 0.0999 is written 0.10.
  const last = decade(Number(error.toExponential(1))) - 1;
  const first = decade(Math.max(Math.abs(value), error));
  // An error of rounding alone would drag its digits in.
  if (first - last > 6) return `${formatNumber(value)} ± ${formatNumber(error, 2)}`;
  if (first >= -3 && first < 5) {
    const decimals = Math.max(0, -last);
    return `${formatFixed(value, decimals)} ± ${formatFixed(error, decimals)}`;
  }
  const scaled = (v: number) => formatFixed(first < 0 ? v * pow10(-first) : v / pow10(first), first - last);
  return `(${scaled(value)} ± ${scaled(error)})×${formatPowerOfTen(first)}`;
}

/** 10ⁿ in superscript figures. */
export function formatPowerOfTen(n: number): string {
  const figures = [...String(Math.abs(n))].map((d) => SUPERSCRIPT[Number(d)]).join("");
  return `10${n < 0 ? "⁻" : ""}${figures}`;
}

/** A whole number with thin spaces between thousands: `16 954`; below 10 000 as it is. */
export function formatCount(value: number): string {
  const text = formatFixed(Math.round(value), 0);
  return Math.abs(value) < 10_000 ? text : text.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** A value written as short as possible without losing it, for values of a sweep: `0.95`, `10⁻⁵`. */
export function formatExact(value: number | string): string {
  if (typeof value === "string") return value;
  // Grid values such as 0.1 + 0.2 carry rounding in their last digits, which nobody typed.
  const [mantissa, power] = String(Number(value.toPrecision(12))).split("e");
  if (power === undefined) return trueMinus(mantissa);
  return mantissa === "1"
    ? formatPowerOfTen(Number(power))
    : `${trueMinus(mantissa)}×${formatPowerOfTen(Number(power))}`;
}

/** Whole power k with 10^k ≤ |value| < 10^(k + 1), value not 0. */
export function decade(value: number): number {
  // Shortest digits that name the value: 1e-11 is "1e-11", though its double lies a hair below.
  return Number(value.toExponential().split("e")[1]);
}

// Implementation

function trueMinus(text: string): string {
  return text.replace("-", "−");
}
