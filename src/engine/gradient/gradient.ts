/**
 * @file Gradients of a network through time: a batch of trials forward, then backward.
 *
 * The planned step is what is differentiated (`compiler/differentiate`); this file joins its parts to the public door.
 */

import { CajalError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import type { BackendPath } from "../backends/backend.ts";
import { placeConstants, placeKeys, placeParameters } from "../initialise.ts";
import type { InputSeries } from "../input-feed.ts";
import { type FloatArray, floatArray } from "../kernels/index.ts";
import { resolveOptions } from "../options.ts";
import type { RunPlan } from "../plan.ts";
import { stabilityWarnings } from "../stability.ts";
import { type Divergence, describeDivergence } from "../status.ts";
import type { GradientBackend } from "./backend.ts";
import { Backpropagation, type GivenAdjoint } from "./backpropagation.ts";
import { type GradientPlan, planGradient } from "./gradient-plan.ts";
import { createInterpretGradient } from "./interpret.ts";
import { createNativeGradient } from "./native.ts";
import { type GradientOptions, resolveGradientOptions } from "./options.ts";
import { WeightProducts } from "./products.ts";
import { Tape } from "./tape.ts";
import { findTrainables, type Trainable } from "./trainable.ts";
import { TrainedValues } from "./trained-values.ts";
import { findSum, findVariable, unpad, writeInputs } from "./values.ts";
import { createWasmGradient } from "./wasm.ts";
import { placeStructure, writeWeights } from "./weights.ts";

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
}

/**
 * Compile a network for training: its steps forward, and their derivative.
 *
 * @throws CajalError for mistakes in equations, shapes, names or options; nothing has run then.
 * @example
 * const grad = differentiate(net, { dt: 10, steps: 100, instances: 64, trainable: ["weights:rec->rec"] });
 * const { records } = grad.forward({ inputs: { u }, seed: 1, record: ["out.y"] });
 * const { gradients } = grad.backward({ "out.y": lossAdjoints(records["out.y"]) });
 * grad.set("weights:rec->rec", improved(gradients["weights:rec->rec"]));
 */
export function differentiate(network: Network, options: GradientOptions): Gradient {
  return new Gradient(planGradient(network, resolveGradientOptions(options)));
}

/** A network with its derivative. Made by {@link differentiate}; owns the memory of one batch. */
export class Gradient {
  /** Products with trained weights, after a forward pass. */
  readonly products: WeightProducts;
  readonly #plan: GradientPlan;
  readonly #tape: Tape;
  readonly #back: Backpropagation;
  readonly #values: TrainedValues;
  /** The plan with the streams of the seed in use. */
  #run: RunPlan;
  #seed = "0";
  readonly #found = new Map<string, Trainable>();
  #stale = true;
  #hasRun = false;

  constructor(plan: GradientPlan) {
    this.#plan = plan;
    const { backend } = plan.options.run;
    this.#tape = new Tape(plan, createBackend(plan, backend));
    this.#back = new Backpropagation(this.#tape);
    this.products = new WeightProducts(this.#tape);
    this.#values = new TrainedValues(this.#tape);
    this.#run = plan.run;
    const { memory } = this.#tape.backend;
    placeConstants(plan.run, memory);
    for (const p of plan.run.populations) placeParameters(p, plan.run, (slot) => this.#tape.view(slot));
    for (const p of plan.projections) {
      placeStructure(p, memory);
      writeWeights(p, p.planned.projection.weights.values, (place) => this.#tape.view(place));
    }
    stabilityWarnings(plan.run);
  }

  /** Names of all trainables. */
  get trainable(): readonly string[] {
    return this.#plan.options.trainable;
  }

  /** What runs equations and products; where it is not what was asked for, `reason` says why. */
  get backend(): { path: BackendPath; reason?: string } {
    const { path, reason } = this.#tape.backend;
    return { path, ...(reason !== undefined && { reason }) };
  }

  /** Size of the one memory, and steps whose states it holds at a time. */
  get memory(): { bytes: number; segment: number } {
    const { frames, options, bytes } = this.#plan;
    return { bytes, segment: Math.min(frames.segment, options.steps) };
  }

  /**
   * Values of weights, a parameter or a start, trained or not, in the shape that gradients have.
   *
   * @throws CajalError `unknown-trainable`.
   */
  get(name: string): Float64Array {
    return this.#values.get(this.#find(name));
  }

  /**
   * Set weights, a parameter or a start between calls: one number where all are equal, else as `get` gives it.
   *
   * @throws CajalError `unknown-trainable`, `shape`.
   */
  set(name: string, values: number | ArrayLike<number>): void {
    this.#values.set(this.#find(name), values);
    this.#stale = true;
  }

  /** Run a batch forward. @throws CajalError `bad-steps`, `shape`, `missing-input`, `unknown-input`. */
  forward(options: ForwardOptions = {}): ForwardResult {
    const { inputs = {}, steps = this.#plan.options.steps, seed = 0, record = [], goOn = false } = options;
    const { initial = {} } = options;
    this.#checkSteps(steps, goOn);
    checkStarts(initial, this.#plan);
    const tape = this.#tape;
    const { run } = this.#plan.options;
    const recorded = record.map((name) => {
      const found = findVariable(name, this.#plan, "record");
      return { name, found, values: floatArray(run.precision, steps * found.units * run.instances) };
    });
    moveInputs(tape, goOn);
    writeInputs(inputs, steps, tape);
    if (this.#stale) for (let p = 0; p < this.#plan.populations.length; p++) tape.backend.prepare(p);
    this.#stale = false;
    if (goOn) tape.goOn();
    else {
      this.#useSeed(seed);
      tape.begin(() => this.#values.placeStart(this.#run, initial));
    }
    const diverged: Divergence[] = [];
    while (tape.steps < steps) {
      const from = tape.steps;
      const bad = tape.advance(steps - from);
      for (let t = from; t < tape.steps; t++) {
        if (bad >= 0 && t >= bad && diverged.length < run.instances) findDivergence(tape, t, diverged);
        for (const { found, values } of recorded)
          unpad(tape.inFrame(t + 1, found.place), run, values, t * found.units * run.instances);
      }
    }
    tape.finish();
    this.#hasRun = true;
    const records = Object.fromEntries(recorded.map(({ name, values }) => [name, values]));
    return { status: diverged.length > 0 ? "diverged" : "done", steps, records, diverged };
  }

  /**
   * Gradients of a loss from its derivatives in variables at the end of each step of the last forward pass.
   *
   * @param adjoints - dL/d(variable) by `"population.variable"`, shape `(time, unit, instance)`. Trials that are shorter
   *   have 0 beyond their end; what runs on there adds nothing.
   * @throws CajalError `no-forward`, `unknown-variable`, `unknown-sum`, `shape`.
   */
  backward(
    adjoints: Readonly<Record<string, ArrayLike<number>>>,
    { sums = [] }: BackwardOptions = {},
  ): BackwardResult {
    const tape = this.#tape;
    const { instances, precision } = this.#plan.options.run;
    if (!this.#hasRun) {
      throw new CajalError("there is no forward pass to go back through", {
        code: "no-forward",
        where: "backward",
        hint: "Call forward first.",
      });
    }
    const given = Object.entries(adjoints).map(([name, values]) => this.#given(name, values));
    const ofInputs = new Map(
      [...this.#plan.inputAdjoints.keys()].map((name) => {
        const { size } = this.#plan.inputs.get(name)!;
        return [name, floatArray(precision, tape.steps * size * instances)] as const;
      }),
    );
    const ofSums = sums.map((name) => {
      const found = findSum(name, this.#plan);
      return { ...found, name, out: floatArray(precision, tape.steps * found.units * instances) };
    });
    const notFiniteAt = this.#back.run(given, ofInputs, ofSums);
    const gradients: Record<string, Float64Array> = {};
    for (const t of this.#plan.trainables) {
      gradients[t.name] =
        t.kind === "input" ? Float64Array.from(ofInputs.get(t.input)!) : this.#values.gradient(t, this.#back);
    }
    return { gradients, sums: Object.fromEntries(ofSums.map(({ name, out }) => [name, out])), notFiniteAt };
  }

  // Implementation

  #find(name: string): Trainable {
    const found = this.#found.get(name) ?? findTrainables([name], this.#plan.run)[0];
    this.#found.set(name, found);
    return found;
  }

  #given(name: string, values: ArrayLike<number>): GivenAdjoint {
    const { instances } = this.#plan.options.run;
    const { steps } = this.#tape;
    const { population, variable, units } = findVariable(name, this.#plan, "backward");
    if (values.length !== steps * units * instances) {
      throw new CajalError(
        `${values.length} adjoints for ${steps} steps of ${units} units and ${instances} instances`,
        { code: "shape", where: `backward, "${name}"`, hint: "Give shape (time, unit, instance)." },
      );
    }
    return { population, variable, units, values };
  }

  #checkSteps(steps: number, goOn: boolean): void {
    const most = this.#plan.options.steps;
    if (!Number.isInteger(steps) || steps < 1 || steps > most) {
      throw new CajalError(`steps must be a whole number from 1 to ${most}, got ${steps}`, {
        code: "bad-steps",
        where: "forward",
        hint: "Memory is planned by the option steps of differentiate.",
      });
    }
    if (!goOn || this.#hasRun) return;
    throw new CajalError("there is no run to go on from", {
      code: "no-forward",
      where: "forward",
      hint: "Leave out goOn in the first call.",
    });
  }

  #useSeed(seed: number | readonly number[]): void {
    if (this.#seed === String(seed)) return;
    const { instances } = this.#plan.options.run;
    const { streams } = resolveOptions({ seed, instances });
    this.#run = { ...this.#plan.run, options: { ...this.#plan.run.options, streams } };
    placeKeys(this.#run, this.#tape.backend.memory);
    this.#seed = String(seed);
  }
}

function createBackend(
  plan: GradientPlan,
  backend: GradientPlan["options"]["run"]["backend"],
): GradientBackend {
  if (backend === "wasm") return createWasmGradient(plan);
  return backend === "interpret" ? createInterpretGradient(plan) : createNativeGradient(plan, backend);
}

function checkStarts(initial: Readonly<Record<string, ArrayLike<number>>>, plan: GradientPlan): void {
  const { instances } = plan.options.run;
  for (const [name, values] of Object.entries(initial)) {
    const { units } = findVariable(name, plan, "forward, initial");
    if (values.length === units || values.length === units * instances) continue;
    throw new CajalError(`${values.length} values for ${units} units and ${instances} instances`, {
      code: "shape",
      where: `forward, initial "${name}"`,
      hint: "Give shape (unit) or (unit, instance).",
    });
  }
}

/** Inputs of the steps before the first: those of the last run when it goes on, else 0. */
function moveInputs(tape: Tape, goOn: boolean): void {
  for (const { address, pitch, before } of tape.plan.inputs.values()) {
    const bytes = new Uint8Array(tape.backend.memory);
    const start = address - before * pitch;
    if (goOn) bytes.copyWithin(start, start + tape.steps * pitch, address + tape.steps * pitch);
    else bytes.fill(0, start, address);
  }
}

/** Note every instance that is not finite after step t for the first time. */
function findDivergence(tape: Tape, t: number, diverged: Divergence[]): void {
  const { dt, instances, stride } = tape.plan.options.run;
  const time = (tape.offset + t + 1) * dt;
  for (const { planned, frame } of tape.plan.populations) {
    for (const v of planned.model.variables) {
      const values = tape.inFrame(t + 1, frame.get(`variable:${v.name}`)!);
      for (let k = 0; k < values.length; k++) {
        const instance = k % stride;
        if (Number.isFinite(values[k]) || instance >= instances) continue;
        if (diverged.some((d) => d.instance === instance)) continue;
        const variable = `${planned.population.name}.${v.name}`;
        const found = { instance, variable, unit: Math.floor(k / stride), t: time };
        diverged.push({ ...found, message: describeDivergence(found, values[k], instances) });
      }
    }
  }
  diverged.sort((a, b) => a.instance - b.instance);
}
