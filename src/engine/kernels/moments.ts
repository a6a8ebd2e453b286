/**
 * @file Streaming means and scatter matrix for readouts: the memory needed does not grow with time.
 *
 * Samples fill a block; a full block is centred by its own mean and merged into the running moments. After Chan,
 * Golub and LeVeque (1983), "Algorithms for computing the sample variance", pairwise update, Eq. 2.1.
 */

import { ModuleBuilder } from "../../compiler/index.ts";
import { CajalError, type Moments } from "../../core/index.ts";
import { addScatter, scatterMultiple } from "./scatter.ts";

/** Size of a {@link MomentsAccumulator}. */
export interface MomentsOptions {
  /** Variables of a sample, ≥ 1. */
  variables: number;
  /** Samples worked on at once, even, ≥ 2. */
  block?: number;
}

/**
 * Means and scatter matrix of a stream of samples. The result depends on the samples and their order alone, not on
 * how they were cut into calls of `add`; a value that is not finite spoils its own variable only.
 *
 * @example const m = new MomentsAccumulator({ variables: 3 }); m.add(values, 256); m.result().mean
 */
export class MomentsAccumulator {
  readonly #variables: number;
  readonly #block: number;
  /** Shape `(variable, time)`: the block being filled. */
  readonly #samples: Float64Array;
  /** Shape `(variable, column)`: that block centred, then a column for the correction and one of zeros. */
  readonly #centred: Float64Array;
  /** Shape `(variable, variable)`, both padded; valid on and below the diagonal. */
  readonly #scatter: Float64Array;
  readonly #addScatter: () => void;
  #filled = 0;
  #count = 0;
  /**
   * The running mean is origin + drift. The origin is the first block's mean and stays, so that the difference of
   * two means keeps the low digits that a large offset would swallow.
   */
  readonly #origin: Float64Array;
  readonly #drift: Float64Array;

  /** @throws CajalError `bad-size` for sizes that are not whole, too small, or need more than 4 GiB. */
  constructor({ variables, block = 256 }: MomentsOptions) {
    const bytes = checkedBytes(variables, block);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) });
    const rows = padded(variables);
    this.#variables = variables;
    this.#block = block;
    this.#samples = new Float64Array(variables * block);
    this.#scatter = new Float64Array(memory.buffer, 0, rows * rows);
    this.#centred = new Float64Array(memory.buffer, 8 * rows * rows, rows * (block + 2));
    const kernel = instantiate(memory, block + 2);
    this.#addScatter = () => kernel(0, 8 * rows * rows, rows);
    this.#origin = new Float64Array(variables);
    this.#drift = new Float64Array(variables);
  }

  /**
   * Take samples.
   *
   * @param values - Shape `(variable, time)`; row length is its length over the number of variables.
   * @param count - Samples to take from the front of each row.
   * @throws CajalError `shape` when the rows are not whole or shorter than `count`.
   */
  add(values: Float64Array, count: number): void {
    const row = values.length / this.#variables;
    if (!Number.isInteger(row) || !Number.isInteger(count) || count < 0 || count > row) {
      throw new CajalError(`${values.length} values are not ${this.#variables} rows of at least ${count}`, {
        code: "shape",
        where: "MomentsAccumulator.add",
        hint: "Give values of shape (variable, time) and a whole count within a row.",
      });
    }
    for (let from = 0; from < count; ) {
      const taken = Math.min(count - from, this.#block - this.#filled);
      for (let v = 0; v < this.#variables; v++) {
        const start = v * row + from;
        this.#samples.set(values.subarray(start, start + taken), v * this.#block + this.#filled);
      }
      from += taken;
      this.#filled += taken;
      if (this.#filled === this.#block) {
        this.#merge();
        this.#filled = 0;
      }
    }
  }

  /** Moments of all samples so far; adding may go on afterwards. */
  result(): Moments {
    if (this.#filled === 0) return this.#moments();
    // The block begun is merged, read, and taken out again: its remaining samples may still come.
    const arrays = [this.#scatter, this.#origin, this.#drift].map((array) => ({
      array,
      copy: array.slice(),
    }));
    const count = this.#count;
    this.#merge();
    const moments = this.#moments();
    for (const { array, copy } of arrays) array.set(copy);
    this.#count = count;
    return moments;
  }

  #merge(): void {
    const n = this.#filled;
    const before = this.#count;
    const total = before + n;
    // One more column, √(before · n / total) δ, makes the product of the rows the correction of Chan et al. as well.
    const weight = Math.sqrt((before / total) * n);
    const pitch = this.#block + 2;
    for (let v = 0; v < this.#variables; v++) {
      const samples = this.#samples.subarray(v * this.#block, v * this.#block + n);
      const row = this.#centred.subarray(v * pitch, (v + 1) * pitch);
      const { mean, rest } = centre(samples, row);
      if (before === 0) {
        this.#origin[v] = mean;
        this.#drift[v] = rest;
      }
      const delta = mean - this.#origin[v] + (rest - this.#drift[v]);
      row[this.#block] = weight * delta;
      this.#drift[v] += delta * (n / total);
    }
    this.#addScatter();
    this.#count = total;
  }

  #moments(): Moments {
    const n = this.#variables;
    const scatter = new Float64Array(n * n);
    const rows = padded(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) scatter[i * n + j] = scatter[j * n + i] = this.#scatter[i * rows + j];
    }
    return { count: this.#count, mean: this.#origin.map((value, v) => value + this.#drift[v]), scatter };
  }
}

// Implementation

/** Rows of the scatter matrix in memory. */
function padded(variables: number): number {
  return Math.ceil(variables / scatterMultiple) * scatterMultiple;
}

function checkedBytes(variables: number, block: number): number {
  const fail = (what: string, hint: string) => {
    throw new CajalError(what, { code: "bad-size", where: "MomentsAccumulator", hint });
  };
  if (!Number.isInteger(variables) || variables < 1) {
    fail(`variables must be a whole number ≥ 1, got ${variables}`, "Collect at least one unit.");
  }
  if (!Number.isInteger(block) || block < 2 || block % 2 !== 0) {
    fail(`block must be an even number ≥ 2, got ${block}`, "The default of 256 suits most sizes.");
  }
  const bytes = 8 * padded(variables) * (padded(variables) + block + 2);
  if (bytes > 2 ** 32)
    fail(`${variables} variables need ${bytes} bytes, more than 4 GiB`, "Collect fewer units.");
  return bytes;
}

function instantiate(
  memory: WebAssembly.Memory,
  pitch: number,
): (scatter: number, centred: number, variables: number) => void {
  const builder = new ModuleBuilder();
  builder.importMemory("cajal", "memory");
  const { name } = addScatter(builder, { pitch });
  const module = new WebAssembly.Module(builder.toBytes() as BufferSource);
  const { exports } = new WebAssembly.Instance(module, { cajal: { memory } });
  return exports[name] as (scatter: number, centred: number, variables: number) => void;
}

/**
 * Write samples − mean to `row`, zeros behind them. The mean is given as mean + rest: after a large offset the
 * rounded mean alone is off by more than the spread allows, and what is left over is cheap to find.
 */
function centre(samples: Float64Array, row: Float64Array): { mean: number; rest: number } {
  let sum = 0;
  for (let t = 0; t < samples.length; t++) sum += samples[t];
  const mean = sum / samples.length;
  let left = 0;
  for (let t = 0; t < samples.length; t++) left += samples[t] - mean;
  const rest = left / samples.length;
  for (let t = 0; t < samples.length; t++) row[t] = samples[t] - mean - rest;
  row.fill(0, samples.length);
  return { mean, rest };
}
