/**
 * @file What a batch is trained with, whoever runs it: forward, then backward.
 */

import type { BackendPath } from "../backends/backend.ts";
import type { InputSeries } from "../input-feed.ts";
import type { FloatArray } from "../kernels/index.ts";
import type { Divergence } from "../status.ts";
import type { Products } from "./products.ts";

/** What one forward pass is given. */
export interface ForwardOptions {
  /** Values of every input: shape `(time, input)` for all trials, or `(time, input, instance)`. */
  inputs?: InputSeries;
  /** Steps, at most those planned, which is the default. */
  steps?: number;
  /** Seed of all noise and random starts, as in a simulation; default 0. */
  seed?: number | readonly number[];
  /**
   * Where variables start this time, by `"population.variable"`: shape `(unit)`, or `(unit, instance)`. Gradients of
   * starts and of parameters that stand in an `init` do not know of it.
   */
  initial?: Readonly<Record<string, ArrayLike<number>>>;
  /** Variables to return, `"population.variable"`. */
  record?: readonly string[];
  /**
   * Go on from the state at the end of the last call instead of the start (truncated backpropagation: gradients end
   * where the call began). Noise and time go on too. Default false.
   */
  goOn?: boolean;
}

/** What a forward pass gives. */
export interface ForwardResult {
  /** `diverged` when a value of some instance is not finite any more. */
  status: "done" | "diverged";
  steps: number;
  /** Recorded variables, shape `(time, unit, instance)`, in the precision of the run: values at the end of each step. */
  records: Record<string, FloatArray>;
  /** Each instance that diverged, where it was seen first. */
  diverged: Divergence[];
}

/** What a backward pass gives. */
export interface BackwardResult {
  /**
   * By name of the trainable, in double precision: weights in the order of the projection's own matrix, `(post, pre)`
   * or one per entry; parameters in the shape they have; initial values `(unit)`; starts `(unit, instance)`; inputs
   * `(time, input, instance)`. All but starts, inputs and parameters that differ between instances are sums over
   * instances.
   */
  gradients: Record<string, Float64Array>;
  /** Of the sums asked for, by `"population.target"`, shape `(time, unit, instance)`. */
  sums: Record<string, FloatArray>;
  /** The last step whose adjoints were not all finite, or -1: where an explosion became infinite. */
  notFiniteAt: number;
}

/** What a backward pass is to give beside gradients. */
export interface BackwardOptions {
  /**
   * Sums, `"population.target"`, whose adjoints are wanted in every step: dL/d(Σ w x) over all paths that follow. In a
   * leaky population x ← (1 − α) x + α (sum + …) this is α times the whole dL/dx.
   */
  sums?: readonly string[];
  /**
   * Gradients of an earlier call that nobody needs any more: those of weights are written over and returned again, which
   * spares the memory of large ones being asked for anew.
   */
  into?: Readonly<Record<string, Float64Array>>;
}

/** What a batch is trained with: one run, or several side by side. */
export interface BatchGradient {
  /** Names of all trainables. */
  readonly trainable: readonly string[];
  /** What runs equations and products; where it is not what was asked for, `reason` says why. */
  readonly backend: { path: BackendPath; reason?: string };
  /** Size of all memory, and steps whose states it holds at a time. */
  readonly memory: { bytes: number; segment: number };
  /** Products with trained weights, after a forward pass. */
  readonly products: Products;
  /**
   * Values of weights, a parameter or a start, trained or not, in the shape that gradients have.
   *
   * @throws CajalError `unknown-trainable`.
   */
  get(name: string): Float64Array;
  /**
   * Set weights, a parameter or a start between calls: one number where all are equal, else as `get` gives it.
   *
   * @throws CajalError `unknown-trainable`, `shape`.
   */
  set(name: string, values: number | ArrayLike<number>): void;
  /** Run a batch forward. @throws CajalError `bad-steps`, `shape`, `missing-input`, `unknown-input`. */
  forward(options?: ForwardOptions): ForwardResult;
  /**
   * Gradients of a loss from its derivatives in variables at the end of each step of the last forward pass.
   *
   * @param adjoints - dL/d(variable) by `"population.variable"`, shape `(time, unit, instance)`. Trials that are shorter
   *   have 0 beyond their end; what runs on there adds nothing.
   * @throws CajalError `no-forward`, `unknown-variable`, `unknown-sum`, `shape`.
   */
  backward(adjoints: Readonly<Record<string, ArrayLike<number>>>, options?: BackwardOptions): BackwardResult;
  /** End what runs beside this thread; nothing can be run afterwards. */
  dispose(): void;
}

/** Arrays to write to instead of new ones, by name, in the shape of the whole batch. */
export type Into = Readonly<Record<string, FloatArray>>;
