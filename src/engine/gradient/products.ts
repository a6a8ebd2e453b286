/**
 * @file The products of the backward pass on arrays of one's own: what acts through weights in a way that the loss does
 * not, such as a penalty on the gradients themselves. They run where those of the backward pass run.
 */

import { sumAdjointName } from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import { elementBytes, type FloatArray, floatArray } from "../kernels/index.ts";
import type { GradientProjection } from "./gradient-plan.ts";
import type { Tape } from "./tape.ts";
import { findTrainables } from "./trainable.ts";
import { unpad } from "./values.ts";

/** Products with trained weights between populations, as they are now. */
export interface Products {
  /**
   * Wᵀ y of every step and trial.
   *
   * @param name - `weights:NAME`, trained, from a population.
   * @param y - Shape `(time, post, instance)`.
   * @returns Shape `(time, pre, instance)`, in the precision of the run.
   * @throws CajalError `unknown-trainable`, `no-product`, `shape`.
   */
  back(name: string, y: ArrayLike<number>): FloatArray;
  /**
   * Σ y xᵀ over steps and trials, at the synapses that exist.
   *
   * @param y - Shape `(time, post, instance)`.
   * @param x - Shape `(time, pre, instance)`.
   * @returns In the order of the weights.
   * @throws CajalError `unknown-trainable`, `no-product`, `shape`.
   */
  outer(name: string, y: ArrayLike<number>, x: ArrayLike<number>): Float64Array;
}

/** Those of one run. Made by `differentiate`. */
export class WeightProducts implements Products {
  readonly #tape: Tape;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** @param into - Written to instead of a new array, of shape `(time, pre, instance)`. */
  back(name: string, y: ArrayLike<number>, into?: FloatArray): FloatArray {
    const { index, columns, sums, scratch } = this.#find(name);
    const { options, block } = this.#tape.plan;
    const { run, part } = options;
    const { steps, rows } = this.#size(name, y, "rows");
    const out = into ?? floatArray(run.precision, this.backLength(name, y));
    for (let t = 0; t < steps; t += block) {
      const count = Math.min(block, steps - t);
      for (let k = 0; k < count; k++) {
        this.#write(y, (t + k) * rows, { address: sums(k), length: rows * run.stride });
        const result = this.#tape.view({ address: scratch(k), length: columns * run.stride });
        result.fill(0);
        this.#tape.backend.projectBack(index, sums(k), scratch(k));
        unpad(result, run, out, { ...part, row: (t + k) * columns });
      }
    }
    return out;
  }

  /** Numbers that `back` gives. @throws CajalError as `back`. */
  backLength(name: string, y: ArrayLike<number>): number {
    return this.#size(name, y, "rows").steps * this.#find(name).columns * this.#tape.plan.options.part.of;
  }

  outer(name: string, y: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
    const { index, columns, sums, scratch, gradient } = this.#find(name);
    const { options, block } = this.#tape.plan;
    const { stride } = options.run;
    const { steps, rows } = this.#size(name, y, "rows");
    this.#size(name, x, "columns");
    const result = this.#tape.view(gradient);
    result.fill(0);
    for (let t = 0; t < steps; t += block) {
      const count = Math.min(block, steps - t);
      for (let k = 0; k < count; k++) {
        this.#write(y, (t + k) * rows, { address: sums(k), length: rows * stride });
        this.#write(x, (t + k) * columns, { address: scratch(k), length: columns * stride });
      }
      const xPitch = scratch(1) - scratch(0);
      this.#tape.backend.outer(index, sums(0), scratch(0), { steps: count, xPitch });
    }
    return new Float64Array(result);
  }

  // Implementation

  #find(name: string) {
    const { plan } = this.#tape;
    const found = findTrainables([name], plan.run)[0];
    const projection: GradientProjection | undefined =
      found.kind === "weights" ? plan.projections[found.projection] : undefined;
    const { planned, gradient, transposed, post } = projection ?? {};
    const target = planned && plan.populations[post!].ring.get(sumAdjointName(planned.projection.target));
    if (found.kind !== "weights" || !planned || !gradient || !transposed || !target) {
      throw new CajalError("there are no products with it", {
        code: "no-product",
        where: name,
        hint: "Give trained weights from one population to another, or to itself, that the loss depends on.",
      });
    }
    const { rows, columns } = planned.projection.weights;
    const { stride, precision } = plan.options.run;
    const pitch = columns * stride * elementBytes(precision);
    return {
      index: found.projection,
      rows,
      columns,
      gradient,
      /** Step k of a block: the records of the backward pass, which is over. */
      sums: (k: number) => this.#tape.record(k) + target.offset,
      scratch: (k: number) => plan.scratch + k * pitch,
    };
  }

  #size(name: string, values: ArrayLike<number>, side: "rows" | "columns") {
    const found = this.#find(name);
    const width = found[side] * this.#tape.plan.options.part.of;
    const { steps } = this.#tape;
    if (values.length !== steps * width) {
      throw new CajalError(`${values.length} values, the last run makes ${steps} × ${width}`, {
        code: "shape",
        where: `products with ${name}`,
        hint: "Give shape (time, unit, instance).",
      });
    }
    return { steps, rows: found.rows };
  }

  /** @param row - Of `values`, where a step begins. */
  #write(values: ArrayLike<number>, row: number, place: { address: number; length: number }): void {
    const { run, part } = this.#tape.plan.options;
    const { instances, stride } = run;
    const out = this.#tape.view(place);
    const units = place.length / stride;
    const isTyped = values instanceof Float64Array || values instanceof Float32Array;
    if (isTyped && instances === stride && part.of === stride) {
      out.set(values.subarray(row * stride, (row + units) * stride));
      return;
    }
    for (let unit = 0; unit < units; unit++) {
      const from = (row + unit) * part.of + part.first;
      for (let b = 0; b < instances; b++) out[unit * stride + b] = values[from + b];
      // Padding is summed too.
      for (let b = instances; b < stride; b++) out[unit * stride + b] = 0;
    }
  }
}
