/**
 * @file The function logistic regression minimises: the mean of −log p(class | state) with p = softmax(W x + b), plus
 * λ |W|² / 2 over the rows; its gradient and its curvature. After Bishop (2006), section 4.3.4.
 */

import { scoreRow } from "./classifier.ts";
import { type LabelledStates, StateRows } from "./labelled-states.ts";
import type { ConvexObjective } from "./newton.ts";
import { softmax } from "./softmax.ts";

/** Variables are Wᵀ, shape `(unit, class)`, then b, shape `(class)`. Keeps p, shape `(row, class)`. */
export class SoftmaxObjective implements ConvexObjective {
  readonly size: number;
  readonly #blocks: { rows: StateRows; labels: ArrayLike<number> }[];
  readonly #units: number;
  readonly #classes: number;
  readonly #lambda: number;
  readonly #count: number;
  readonly #probability: Float64Array;
  #point: Float64Array;

  /** Blocks are checked before. @param options.lambda - λ of the sum over the rows. */
  constructor(
    blocks: readonly LabelledStates[],
    { units, classes, lambda }: { units: number; classes: number; lambda: number },
  ) {
    this.size = (units + 1) * classes;
    this.#blocks = blocks.map(({ states, labels }) => ({
      rows: new StateRows("logistic", states, units),
      labels,
    }));
    let count = 0;
    for (const { labels } of blocks) for (let t = 0; t < labels.length; t++) if (labels[t] >= 0) count++;
    this.#units = units;
    this.#classes = classes;
    this.#lambda = lambda / count;
    this.#count = count;
    this.#probability = new Float64Array(count * classes);
    this.#point = new Float64Array(this.size);
  }

  value(x: Float64Array): number {
    const classes = this.#classes;
    const weights = this.#split(x);
    const row = new Float64Array(classes);
    this.#point = x.slice();
    let loss = 0;
    this.#each((rows, label, r) => {
      scoreRow(rows, weights, row);
      const own = row[label];
      loss += softmax(row) - own;
      this.#probability.set(row, r * classes);
    });
    let squares = 0;
    for (let k = 0; k < weights.byUnit.length; k++) squares += weights.byUnit[k] * weights.byUnit[k];
    return loss / this.#count + (this.#lambda / 2) * squares;
  }

  gradient(out: Float64Array): void {
    const classes = this.#classes;
    const row = new Float64Array(classes);
    out.fill(0);
    this.#each((rows, label, r) => {
      for (let c = 0; c < classes; c++) row[c] = this.#probability[r * classes + c];
      row[label] -= 1;
      this.#addOuter(rows, row, out);
    });
    this.#finish(out, this.#point);
  }

  /** Σ over the rows of (diag p − p pᵀ) V x, times xᵀ. */
  curvature(v: Float64Array, out: Float64Array): void {
    const classes = this.#classes;
    const direction = this.#split(v);
    const row = new Float64Array(classes);
    out.fill(0);
    this.#each((rows, _, r) => {
      scoreRow(rows, direction, row);
      let mean = 0;
      for (let c = 0; c < classes; c++) mean += this.#probability[r * classes + c] * row[c];
      for (let c = 0; c < classes; c++) row[c] = this.#probability[r * classes + c] * (row[c] - mean);
      this.#addOuter(rows, row, out);
    });
    this.#finish(out, v);
  }

  diagonal(out: Float64Array): void {
    const classes = this.#classes;
    out.fill(0);
    this.#each((rows, _, r) => {
      for (let a = 0; a <= rows.count; a++) {
        const at = (a < rows.count ? rows.index[a] : this.#units) * classes;
        const square = a < rows.count ? rows.value[a] * rows.value[a] : 1;
        for (let c = 0; c < classes; c++) {
          const p = this.#probability[r * classes + c];
          out[at + c] += square * p * (1 - p);
        }
      }
    });
    this.#finish(out, new Float64Array(this.size).fill(1));
  }

  /** Visit the rows that have a label. */
  #each(visit: (rows: StateRows, label: number, r: number) => void): void {
    let r = 0;
    for (const { rows, labels } of this.#blocks) {
      for (let t = 0; t < rows.steps; t++) {
        if (labels[t] < 0) continue;
        rows.read(t);
        visit(rows, labels[t], r++);
      }
    }
  }

  #addOuter(rows: StateRows, row: Float64Array, out: Float64Array): void {
    const classes = this.#classes;
    for (let a = 0; a < rows.count; a++) {
      const at = rows.index[a] * classes;
      const x = rows.value[a];
      for (let c = 0; c < classes; c++) out[at + c] += x * row[c];
    }
    const at = this.#units * classes;
    for (let c = 0; c < classes; c++) out[at + c] += row[c];
  }

  /** Mean over the rows, plus the penalty of the weights `of`; b is not penalised. */
  #finish(out: Float64Array, of: Float64Array): void {
    for (let k = 0; k < this.size; k++) out[k] /= this.#count;
    for (let k = 0; k < this.#units * this.#classes; k++) out[k] += this.#lambda * of[k];
  }

  #split(x: Float64Array): { byUnit: Float64Array; intercept: Float64Array } {
    const cut = this.#units * this.#classes;
    return { byUnit: x.subarray(0, cut), intercept: x.subarray(cut) };
  }
}
