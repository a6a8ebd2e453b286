/**
 * @file Places and names of axis ticks: round numbers, few of them.
 */

import { pow10 } from "../core/index.ts";
import { decade, formatFixed, formatNumber, formatPowerOfTen } from "./number-format.ts";

/** Ticks of one axis: where, and what they are called. */
export interface Ticks {
  values: number[];
  labels: string[];
}

/** Multiples of 1, 2 or 5 × 10^k inside low … high, about `count` of them. */
export function linearTicks(low: number, high: number, count = 5): Ticks {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return { values: [low], labels: [formatNumber(low)] };
  const rough = span / count;
  const k = decade(rough);
  const lead = rough / pow10(k);
  const digit = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10;
  // Divide by a whole power where k < 0: 3 · 0.1 is not 0.3.
  const place = (i: number) => (k < 0 ? (i * digit) / pow10(-k) : i * digit * pow10(k));
  const step = place(1);
  const values: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * span; i++) values.push(place(i) + 0); // + 0: no −0
  const finest = digit === 10 ? k + 1 : k;
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const isAwkward = largest >= 1e5 || finest < -4;
  return {
    values,
    labels: isAwkward ? powerLabels(values, finest) : values.map((v) => formatFixed(v, Math.max(0, -finest))),
  };
}

/** Powers of ten inside low … high; with 2 and 5 times them where fewer than three fit. Both ends positive. */
export function logTicks(low: number, high: number): Ticks {
  const collect = (digits: readonly number[]) => {
    const out: number[] = [];
    for (let k = decade(low); k <= decade(high); k++) {
      for (const d of digits) {
        const v = k < 0 ? d / pow10(-k) : d * pow10(k);
        if (v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) out.push(v);
      }
    }
    return out;
  };
  let values = collect([1]);
  if (values.length < 3) values = collect([1, 2, 5]);
  // A label for at most seven decades, evenly thinned.
  const every = Math.ceil(values.length / 7);
  values = values.filter((_, i) => i % every === 0);
  // One way of writing for the whole axis: 0.001 beside 10⁻⁴ reads as two scales.
  const isPlain = values.every((v) => v >= 0.9e-3 && v < 9.9e3);
  return { values, labels: values.map(isPlain ? plainLabel : powerLabel) };
}

// Implementation

/** Names with one power of ten for the whole axis: `0.8×10⁻⁴`, `1.0×10⁻⁴`. @param finest - Power of the last digit. */
function powerLabels(values: readonly number[], finest: number): string[] {
  const most = Math.max(...values.map(Math.abs));
  if (!(most > 0)) return values.map((v) => formatNumber(v));
  const k = decade(most);
  const unit = formatPowerOfTen(k);
  const scaled = (v: number) => (k < 0 ? v * pow10(-k) : v / pow10(k));
  return values.map((v) => (v === 0 ? "0" : `${formatFixed(scaled(v), Math.max(0, k - finest))}×${unit}`));
}

function plainLabel(v: number): string {
  return formatFixed(v, Math.max(0, -decade(v)));
}

function powerLabel(v: number): string {
  const k = decade(v);
  const digit = Math.round(v / pow10(k));
  return digit === 1 ? formatPowerOfTen(k) : `${digit}×${formatPowerOfTen(k)}`;
}
