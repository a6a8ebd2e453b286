/**
 * @file Moments of states and of their classes, one-hot, from a stream of blocks: what a linear classifier needs, in
 * memory that does not grow with the length of the run. Binary states are counted, pairs of active units only, so their
 * moments are exact.
 */

import { accumulateMoments, type Moments, mergeMoments } from "../../core/index.ts";
import { checkLabels, checkSizes, isPacked, type LabelledStates, StateRows } from "./labelled-states.ts";

/**
 * Collects moments of [units …, classes …]. How a run is cut into blocks does not change a bit of the result.
 *
 * @example
 * const moments = new ClassMoments({ units: 200, classes: 10 });
 * for (const block of run) moments.add({ states: block.raster, labels: block.symbols });
 * const readout = fitClassifier(moments.result(), { units: 200, classes: 10 });
 */
export class ClassMoments {
  readonly units: number;
  readonly classes: number;
  readonly #counts: PairCounts;
  /** Rows of numbers waiting to be merged, shape `(row, unit + class)`. */
  readonly #waiting: Float64Array;
  #waitingRows = 0;
  #merged: Moments;

  /** @throws CajalError `bad-option`. */
  constructor({ units, classes }: { units: number; classes: number }) {
    checkSizes("ClassMoments", { units, classes });
    this.units = units;
    this.classes = classes;
    this.#counts = emptyCounts(units, classes);
    this.#waiting = new Float64Array(BLOCK * (units + classes));
    this.#merged = accumulateMoments([], { variables: units + classes });
  }

  /** Add the steps of a block whose label is not negative. @throws CajalError `shape` or `bad-label`. */
  add({ states, labels }: LabelledStates): void {
    const rows = new StateRows("ClassMoments.add", states, this.units);
    checkLabels("ClassMoments.add", labels, { steps: rows.steps, classes: this.classes });
    if (isPacked(states)) addPairs(this.#counts, rows, labels);
    else this.#addNumbers(rows, labels);
  }

  /** Moments of all steps so far; more may be added afterwards. */
  result(): Moments {
    const merged = this.#waitingRows > 0 ? mergeMoments(this.#merged, this.#waitingMoments()) : this.#merged;
    if (this.#counts.steps === 0) return merged;
    const counted = momentsOfCounts(this.#counts);
    return merged.count === 0 ? counted : mergeMoments(merged, counted);
  }

  #addNumbers(rows: StateRows, labels: ArrayLike<number>): void {
    const width = this.units + this.classes;
    for (let t = 0; t < rows.steps; t++) {
      if (labels[t] < 0) continue;
      const at = this.#waitingRows * width;
      this.#waiting.fill(0, at, at + width);
      rows.read(t);
      for (let a = 0; a < rows.count; a++) this.#waiting[at + rows.index[a]] = rows.value[a];
      this.#waiting[at + this.units + labels[t]] = 1;
      if (++this.#waitingRows < BLOCK) continue;
      this.#merged = mergeMoments(this.#merged, this.#waitingMoments());
      this.#waitingRows = 0;
    }
  }

  #waitingMoments(): Moments {
    const variables = this.units + this.classes;
    const block = this.#waiting.subarray(0, this.#waitingRows * variables);
    return accumulateMoments([block], { variables });
  }
}

/** Moments of [units …, classes …] of arrays. @throws CajalError `bad-option`, `shape` or `bad-label`. */
export function classMomentsOf(data: LabelledStates, sizes: { units: number; classes: number }): Moments {
  const moments = new ClassMoments(sizes);
  moments.add(data);
  return moments.result();
}

// Implementation

/** Rows of numbers merged at a time. */
const BLOCK = 256;

interface PairCounts {
  units: number;
  classes: number;
  steps: number;
  /** Steps in which two units were both active, shape `(unit, unit)`, upper triangle with the diagonal. */
  pairs: Float64Array;
  /** Steps of a class in which a unit was active, shape `(class, unit)`. */
  active: Float64Array;
  /** Steps of a class, shape `(class)`. */
  labelled: Float64Array;
}

function emptyCounts(units: number, classes: number): PairCounts {
  return {
    units,
    classes,
    steps: 0,
    pairs: new Float64Array(units * units),
    active: new Float64Array(classes * units),
    labelled: new Float64Array(classes),
  };
}

function addPairs(counts: PairCounts, rows: StateRows, labels: ArrayLike<number>): void {
  const { units, pairs, active, labelled } = counts;
  const { index } = rows;
  for (let t = 0; t < rows.steps; t++) {
    const label = labels[t];
    if (label < 0) continue;
    rows.read(t);
    const count = rows.count;
    for (let a = 0; a < count; a++) {
      const row = index[a] * units;
      for (let b = a; b < count; b++) pairs[row + index[b]]++;
      active[label * units + index[a]]++;
    }
    labelled[label]++;
    counts.steps++;
  }
}

function momentsOfCounts({ units, classes, steps, pairs, active, labelled }: PairCounts): Moments {
  const n = units + classes;
  const sums = new Float64Array(n);
  for (let i = 0; i < units; i++) sums[i] = pairs[i * units + i];
  sums.set(labelled, units);
  const together = (i: number, j: number): number => {
    if (j < units) return pairs[i * units + j];
    if (i < units) return active[(j - units) * units + i];
    return i === j ? labelled[i - units] : 0;
  };
  const scatter = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      // Whole numbers below 2^53 for up to 9e7 steps, so nothing cancels; the division rounds once.
      const value = (steps * together(i, j) - sums[i] * sums[j]) / steps;
      scatter[i * n + j] = value;
      scatter[j * n + i] = value;
    }
  }
  return { count: steps, mean: sums.map((s) => s / steps), scatter };
}
