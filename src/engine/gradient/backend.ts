/**
 * @file What executes the parts of a forward and a backward step: compiled kernels, or the interpreter.
 */

import type { BackendPath } from "../backends/backend.ts";

/** Executes the kernels of one plan. Populations and projections are named by their place in the plan. */
export interface GradientBackend {
  /** The one memory of the run. */
  readonly memory: ArrayBuffer;
  /** What runs equations and products; where it is not what was asked for, `reason` says why. */
  readonly path: BackendPath;
  readonly reason?: string;
  /** Recompute what is constant during a run, after parameters changed. */
  prepare(population: number): void;
  /** Draw the random numbers of step `step`. */
  draw(population: number, step: number): void;
  /** Take the reductions of the state in the frame at this address. */
  reduce(population: number, frame: number): void;
  /** From one frame to the next. @returns Whether every new value is finite. */
  forward(population: number, frame: number): boolean;
  /** sum (+)= W x, with x at `source` and the sum at `out`. */
  project(projection: number, source: number, out: number): void;
  /**
   * All of `project` and `forward` of `steps` steps, of which `step` is the first, where a backend can do several in one
   * call; random numbers and reductions are there.
   *
   * @returns The first of them with a value that is not finite, from 0, or -1.
   */
  forwardSteps?(frame: number, step: number, steps: number): number;
  /** Whether steps forward need nothing but `forwardSteps`, neither random numbers nor reductions nor the time. */
  readonly forwardAlone?: boolean;
  /**
   * All of `backward` and `projectBack` of a step, where a backend can.
   *
   * @param sums - Address of the adjoint of each projection's sum that goes back in this step, 0 for none.
   * @returns Whether finite.
   */
  backwardStep?(frame: number, ring: number, sums: Uint32Array): boolean;
  /** From adjoints of new values to those of old ones; sums' adjoints go to the ring record. @returns Whether finite. */
  backward(population: number, frame: number, ring: number): boolean;
  /** x′ += Wᵀ sum′. */
  projectBack(projection: number, source: number, out: number): void;
  /** Bring weights to Wᵀ, where a backend can; else the caller does. @returns Whether done. */
  turn?(projection: number): boolean;
  /** Add to the gradient of the weights, over `steps` steps that lie `xPitch` bytes apart in x. */
  outer(projection: number, sumAdjoints: number, x: number, series: { steps: number; xPitch: number }): void;
}
