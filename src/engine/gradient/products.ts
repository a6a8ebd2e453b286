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

/** Products with trained weights between populations, as they are now. Made by `differentiate`. */
export class WeightProducts {
  readonly #tape: Tape;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /**
   * Wᵀ y of every step and trial.
   *
   * @param name - `weights:NAME`, trained, from a population.
   * @param y - Shape `(time, post, instance)`.
   * @returns Shape `(time, pre, instance)`, in the precision of the run.
   * @throws CajalError `unknown-trainable`, `no-product`, `shape`.
   */
  back(name: string, y: ArrayLike<number>): FloatArray {
    const { index, columns, sums, scratch } = this.#find(name);
    const { options, block } = this.#tape.plan;
    const { instances, stride, precision } = options.run;
    const { steps, rows } = this.#size(name, y, "rows");
    const out = floatArray(precision, steps * columns * instances);
    for (let t = 0; t < steps; t += block) {
      const count = Math.min(block, steps - t);
      for (let k = 0; k < count; k++) {
        this.#write(y, (t + k) * rows * instances, { address: sums(k), length: rows * stride });
        const result = this.#tape.view({ address: scratch(k), length: columns * stride });
        result.fill(0);
        this.#tape.backend.projectBack(index, sums(k), scratch(k));
        unpad(result, options.run, out, (t + k) * columns * instances);
      }
    }
    return out;
  }

  /**
   * Σ y xᵀ over steps and trials, at the synapses that exist.
   *
   * @param y - Shape `(time, post, instance)`.
   * @param x - Shape `(time, pre, instance)`.
   * @returns In the order of the weights.
   * @throws CajalError `unknown-trainable`, `no-product`, `shape`.
   */
  outer(name: string, y: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
    const { index, columns, sums, scratch, gradient } = this.#find(name);
    const { options, block } = this.#tape.plan;
    const { instances, stride } = options.run;
    const { steps, rows } = this.#size(name, y, "rows");
    this.#size(name, x, "columns");
    const result = this.#tape.view(gradient);
    result.fill(0);
    for (let t = 0; t < steps; t += block) {
      const count = Math.min(block, steps - t);
      for (let k = 0; k < count; k++) {
        this.#write(y, (t + k) * rows * instances, { address: sums(k), length: rows * stride });
        this.#write(x, (t + k) * columns * instances, { address: scratch(k), length: columns * stride });
      }
      const xPitch = scratch(1) - scratch(0);
      this.#tape.backend.outer(index, sums(0), scratch(0), { steps: count, xPitch });
    }
    return Float64Array.from(result);
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
    const width = found[side] * this.#tape.plan.options.run.instances;
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

  #write(values: ArrayLike<number>, start: number, place: { address: number; length: number }): void {
    const { instances, stride } = this.#tape.plan.options.run;
    const out = this.#tape.view(place);
    const units = place.length / stride;
    for (let unit = 0; unit < units; unit++) {
      const from = start + unit * instances;
      for (let b = 0; b < instances; b++) out[unit * stride + b] = values[from + b];
      // Padding is summed too.
      for (let b = instances; b < stride; b++) out[unit * stride + b] = 0;
    }
  }
}
