/**
 * @file What executes the parts of a step: compiled kernels, or the interpreter, over the same memory.
 */

/** Compiled C, WebAssembly, or plain JavaScript. */
export type BackendPath = "native" | "wasm" | "interpret";

/** Executes one run's kernels. Populations and projections are named by their place in the plan. */
export interface Backend {
  /** The one memory of the run. */
  readonly memory: ArrayBuffer;
  /** What runs the equations and fixed products; where it is not what was asked for, `reason` says why. */
  readonly path: BackendPath;
  readonly reason?: string;
  /** Recompute what is constant during a run, after parameters changed. */
  prepare(population: number): void;
  /** out (+)= W x, with x at byte address `source`. */
  project(projection: number, source: number): void;
  /** Take the reductions of a population's state. */
  reduce(population: number): void;
  /** Draw the random numbers of step `step`. */
  draw(population: number, step: number): void;
  /** Advance a population by one step. @returns Whether every new value is finite. */
  update(population: number): boolean;
  /**
   * All of `project`, `reduce`, `draw` and `update` of a step in one call, in their order, where a backend can.
   *
   * @param source - Byte address that a projection reads from.
   * @returns Whether every new value is finite.
   */
  advance?(step: number, source: (projection: number) => number): boolean;
  /**
   * `count` ≥ 1 such steps and the time of each, where a backend can and no projection reads what was there some steps
   * ago; learning rules of projections do not act.
   *
   * @returns How many steps were taken, fewer if the last one has a value that is not finite, and whether it has none.
   */
  advanceMany?(step: number, count: number): { steps: number; finite: boolean };
  /** Let a synaptic or normalisation rule act on the weights of an instance. @returns Whether they stayed finite. */
  adapt(projection: number, rule: number, instance: number): boolean;
}

/** Low and high 32-bit words of a step number, as the counters of the random streams take it. */
export function stepWords(step: number): { low: number; high: number } {
  return { low: step >>> 0, high: Math.floor(step / 0x100000000) };
}
