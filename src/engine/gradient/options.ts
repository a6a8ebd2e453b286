/**
 * @file How a network is differentiated: length and size of a batch, what is trainable, what may be stored.
 */

import { SURROGATE_NAMES, type Surrogate } from "../../compiler/index.ts";
import { CajalError, suggest } from "../../core/index.ts";
import { elementBytes } from "../kernels/index.ts";
import { type ResolvedOptions, resolveOptions, type SimulationOptions, streamNames } from "../options.ts";
import type { BatchPart } from "./batch-part.ts";

/** Options of {@link differentiate}. */
export interface GradientOptions extends Omit<SimulationOptions, "seed" | "events" | "backend"> {
  /**
   * WebAssembly (default), native code by a loader (`findNative` of the part experiment), which rounds products and sums
   * once and so gives other bits, or the slow interpreter that both are tested against.
   */
  backend?: SimulationOptions["backend"];
  /** Most steps of one call of `forward`; memory is planned for them. */
  steps: number;
  /**
   * What gets a gradient:
   *
   * - `"weights:NAME"`: weights of the projection NAME (`from->to` unless it has its own name);
   * - `"POPULATION.PARAMETER"`: a parameter, also one that stands in an `init`;
   * - `"initial:POPULATION.VARIABLE"`: where a variable starts, one value per unit;
   * - `"start:POPULATION.VARIABLE"`: where a variable starts in each trial, for fixed points and Jacobians;
   * - `"input:NAME"`: an input, in every step and trial.
   */
  trainable: readonly string[];
  /** What stands for the derivative of thresholds; absent: they have none. */
  surrogate?: Surrogate;
  /**
   * Store the state only every so many steps and compute the rest again, with the same bits. `true` takes about √steps,
   * `false` never does; default: only when the states of all steps need more than `memory`.
   */
  checkpoint?: boolean | number;
  /**
   * Truncated backpropagation: gradients go back through at most so many steps, to the start of their window of steps
   * 0 … window − 1, window … 2 window − 1, and so on; the state there counts as given. Default: through all.
   */
  window?: number;
  /** Most bytes that the states of all steps may take before checkpoints set in; default 512 MiB. */
  memory?: number;
  /**
   * The instances are these of a larger batch, whose noise they have. Arrays given and recorded then have the shape of
   * the whole batch, of which the columns of these instances are read or written; gradients and values that are asked
   * for are of these instances. Default: all there are.
   */
  part?: BatchPart;
}

/** Options with every default filled in. */
export interface ResolvedGradientOptions {
  run: ResolvedOptions;
  part: BatchPart;
  steps: number;
  trainable: readonly string[];
  surrogate: Surrogate | undefined;
  checkpoint: boolean | number | undefined;
  /** Infinity when gradients go through all steps. */
  window: number;
  memory: number;
}

/**
 * Steps whose outer products are taken together, outside of native code. Part of the order in which the gradient of a weight is summed:
 * within a block over steps and instances, then block by block from the last to the first.
 */
export const BLOCK_STEPS = 8;

/** Defaults filled, values checked; default precision is f32. @throws CajalError `bad-option`, `unknown-method`. */
export function resolveGradientOptions(options: GradientOptions): ResolvedGradientOptions {
  const {
    steps,
    trainable,
    surrogate,
    checkpoint,
    window = Number.POSITIVE_INFINITY,
    memory = 2 ** 29,
    part = { first: 0, of: options.instances ?? 1 },
    ...rest
  } = options;
  const refuse = (what: string, hint?: string): never => {
    throw new CajalError(what, { code: "bad-option", where: "differentiate", ...(hint ? { hint } : {}) });
  };
  if (!Number.isInteger(steps) || steps < 1) refuse(`steps must be a whole number ≥ 1, got ${steps}`);
  if (typeof checkpoint === "number" && (!Number.isInteger(checkpoint) || checkpoint < 1))
    refuse(`checkpoint must be true, false or a whole number of steps ≥ 1, got ${checkpoint}`);
  if (window !== Number.POSITIVE_INFINITY && (!Number.isInteger(window) || window < 1))
    refuse(`window must be a whole number of steps ≥ 1, got ${window}`);
  if (!(memory > 0)) refuse(`memory must be above 0 bytes, got ${memory}`);
  if (surrogate !== undefined) checkSurrogate(surrogate, refuse);
  const run = resolveOptions({ precision: "f32", ...rest, seed: 0, events: false });
  const stride = strideOf(run);
  const streams = streamsOf(0, { run, part });
  return { run: { ...run, stride, streams }, part, steps, trainable, surrogate, checkpoint, window, memory };
}

/** Names of the random streams of a run under a seed. @throws CajalError `bad-option`. */
export function streamsOf(
  seed: number | readonly number[],
  { run, part }: Pick<ResolvedGradientOptions, "part"> & { run: Pick<ResolvedOptions, "instances"> },
): string[] {
  return streamNames(seed, part.of).slice(part.first, part.first + run.instances);
}

// Implementation

/**
 * Room for the instances of a unit. A vector always holds instances of one unit, so that a trial has the same bits alone
 * and in a batch; wide vectors of native code are filled up too, for narrow ones take as long and those across two lines
 * of the cache longer.
 */
function strideOf({ instances, precision, backend }: ResolvedOptions): number {
  const widest = typeof backend === "object" ? backend.vectorBytes / elementBytes(precision) : 4;
  let lanes = 4;
  while (lanes < widest && lanes < instances) lanes *= 2;
  return Math.ceil(instances / lanes) * lanes;
}

function checkSurrogate(
  { kind, slope = 10 }: Surrogate,
  refuse: (what: string, hint?: string) => never,
): void {
  if (!SURROGATE_NAMES.includes(kind)) refuse(`unknown surrogate "${kind}"`, suggest(kind, SURROGATE_NAMES));
  if (!(slope > 0) || !Number.isFinite(slope))
    refuse(`the slope of a surrogate must be above 0, got ${slope}`);
}
