/**
 * @file A backend of gradients whose dense products between many units run in a BLAS, step by step; all else is as it was
 * in the backend it is made of, printed C or WebAssembly.
 */

import type { GradientBackend } from "../../src/engine/gradient/backend.ts";
import type { GradientPlan, GradientProjection } from "../../src/engine/gradient/gradient-plan.ts";
import type { Blas } from "./blas.ts";

/** The same in single precision with products by a BLAS. Nothing is done for several steps at once any more. */
export function withBlas(base: GradientBackend, plan: GradientPlan, blas: Blas): GradientBackend {
  const memory = blas.addressOf(base.memory);
  const products = plan.projections.map((p) => productsOf(p, { plan, blas, memory }));
  return {
    memory: base.memory,
    path: base.path,
    prepare: base.prepare,
    draw: base.draw,
    reduce: base.reduce,
    forward: base.forward,
    backward: base.backward,
    project: (k, source, out) => (products[k] ?? base).project(k, source, out),
    projectBack: (k, source, out) => (products[k] ?? base).projectBack(k, source, out),
    outer: (k, d, x, series) => (products[k] ?? base).outer(k, d, x, series),
    // A BLAS reads weights in either direction where they are.
    turn: (k) => products[k] !== undefined || (base.turn?.(k) ?? false),
  };
}

// Implementation

interface Products extends Pick<GradientBackend, "project" | "projectBack" | "outer"> {
  /** Is kept, for only its address is used. */
  scratch: ArrayBuffer;
}

/** Sides from which on a matrix is worth a call. */
const MANY = 16;

/** Undefined for what stays where it was. */
function productsOf(
  { planned, gradient }: GradientProjection,
  { plan, blas, memory }: { plan: GradientPlan; blas: Blas; memory: number },
): Products | undefined {
  const { weights, accumulate, projection } = planned;
  const { rows, columns } = projection.weights;
  if (weights.kind !== "dense" || rows < MANY || columns < MANY) return undefined;
  const { instances, stride } = plan.options.run;
  const w = { at: memory + weights.address, pitch: columns };
  const wide = (address: number) => ({ at: memory + address, pitch: stride });
  const product = (turned: boolean, add: boolean) => {
    const [m, k] = turned ? [columns, rows] : [rows, columns];
    return (source: number, out: number) => {
      const [x, sum] = [wide(source), { ...wide(out), add }];
      if (instances === 1) blas.multiplyVector([rows, columns], { ...w, turned }, x, sum);
      else blas.multiply([m, stride, k], { ...w, turned }, x, sum);
    };
  };
  const forward = product(false, accumulate);
  const back = product(true, true);
  const into = gradient && { at: memory + gradient.address, pitch: columns, add: true };
  const scratch = new ArrayBuffer(4 * plan.block * (rows + columns));
  const left = blas.addressOf(scratch);
  const right = left + 4 * plan.block * rows;
  const { bytes } = plan.ring;
  return {
    scratch,
    project: (_, source, out) => forward(source, out),
    projectBack: (_, source, out) => back(source, out),
    outer: (_, d, x, { steps, xPitch }) => {
      if (instances === 1) {
        // One product of all steps.
        for (let s = 0; s < steps; s++) {
          blas.gather(rows, wide(d + s * bytes), left + 4 * s * rows);
          blas.gather(columns, wide(x + s * xPitch), right + 4 * s * columns);
        }
        const [a, b] = [
          { at: left, pitch: rows, turned: true },
          { at: right, pitch: columns },
        ];
        blas.multiply([rows, columns, steps], a, b, into!);
        return;
      }
      // One product of all steps would need them copied to lie side by side, which costs more than it saves.
      for (let s = 0; s < steps; s++) {
        const b = { ...wide(x + s * xPitch), turned: true };
        blas.multiply([rows, columns, stride], wide(d + s * bytes), b, into!);
      }
    },
  };
}
