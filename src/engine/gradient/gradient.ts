/**
 * @file Gradients of a network through time: a batch of trials forward, then backward.
 *
 * The planned step is what is differentiated (`compiler/differentiate`); this file joins its parts to the public door.
 */

import { CajalError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { placeConstants, placeKeys, placeParameters } from "../initialise.ts";
import { floatArray } from "../kernels/index.ts";
import type { RunPlan } from "../plan.ts";
import { stabilityWarnings } from "../stability.ts";
import type { Divergence } from "../status.ts";
import type { GradientBackend } from "./backend.ts";
import { Backpropagation, type GivenAdjoint } from "./backpropagation.ts";
import type {
  BackwardOptions,
  BackwardResult,
  BatchGradient,
  ForwardOptions,
  ForwardResult,
  Into,
} from "./batch-gradient.ts";
import { takeColumns } from "./batch-part.ts";
import { findDivergence } from "./find-divergence.ts";
import { type GradientPlan, planGradient } from "./gradient-plan.ts";
import { createInterpretGradient } from "./interpret.ts";
import { createNativeGradient } from "./native.ts";
import { type GradientOptions, resolveGradientOptions, streamsOf } from "./options.ts";
import { WeightProducts } from "./products.ts";
import { Tape } from "./tape.ts";
import { findTrainables, type Trainable } from "./trainable.ts";
import { TrainedValues } from "./trained-values.ts";
import { checkInputs, checkStarts, findSum, findVariable, unpad, writeInputs } from "./values.ts";
import { createWasmGradient } from "./wasm.ts";
import { placeStructure, writeWeights } from "./weights.ts";

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
export class Gradient implements BatchGradient {
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

  /** @param backend - What runs the plan; default: what its options ask for. */
  constructor(plan: GradientPlan, backend = createBackend(plan)) {
    this.#plan = plan;
    this.#tape = new Tape(plan, backend);
    this.products = new WeightProducts(this.#tape);
    this.#values = new TrainedValues(this.#tape);
    this.#back = new Backpropagation(this.#tape, this.#values);
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

  get trainable(): readonly string[] {
    return this.#plan.options.trainable;
  }

  get backend(): BatchGradient["backend"] {
    const { path, reason } = this.#tape.backend;
    return { path, ...(reason !== undefined && { reason }) };
  }

  get memory(): { bytes: number; segment: number } {
    const { frames, options, bytes } = this.#plan;
    return { bytes, segment: Math.min(frames.segment, options.steps) };
  }

  get(name: string): Float64Array {
    return this.#values.get(this.#find(name));
  }

  set(name: string, values: number | ArrayLike<number>): void {
    this.#values.set(this.#find(name), values);
    this.#stale = true;
  }

  /** What {@link set} would refuse. @throws CajalError `unknown-trainable`, `shape`. */
  checkSet(name: string, values: number | ArrayLike<number>): void {
    this.#values.check(this.#find(name), values);
  }

  /** Whether a parameter or another trainable has a value for each instance. @throws CajalError `unknown-trainable`. */
  isOfInstances(name: string): boolean {
    return this.#values.isOfInstances(this.#find(name));
  }

  /** What {@link forward} would refuse. @returns Steps, and units of each variable that is recorded, by its name. */
  checkForward({ inputs = {}, steps = this.#plan.options.steps, ...options }: ForwardOptions) {
    this.#checkSteps(steps, options.goOn === true);
    checkStarts(options.initial ?? {}, this.#plan);
    const units = (options.record ?? []).map(
      (name) => [name, findVariable(name, this.#plan, "record").units] as const,
    );
    checkInputs(inputs, steps, this.#plan);
    return { steps, units: Object.fromEntries(units) };
  }

  /** What {@link backward} would refuse. @returns Steps, and units of each sum that is asked for, by its name. */
  checkBackward(
    adjoints: Readonly<Record<string, ArrayLike<number>>>,
    { sums = [] }: BackwardOptions = {},
  ): { steps: number; units: Record<string, number> } {
    if (!this.#hasRun) {
      throw new CajalError("there is no forward pass to go back through", {
        code: "no-forward",
        where: "backward",
        hint: "Call forward first.",
      });
    }
    for (const [name, values] of Object.entries(adjoints)) this.#given(name, values);
    const units = sums.map((name) => [name, findSum(name, this.#plan).units] as const);
    return { steps: this.#tape.steps, units: Object.fromEntries(units) };
  }

  /** @param into - Where records go. */
  forward(options: ForwardOptions = {}, into: Into = {}): ForwardResult {
    const { inputs = {}, seed = 0, record = [], goOn = false, initial = {} } = options;
    const { steps } = this.checkForward(options);
    const tape = this.#tape;
    const { run, part } = this.#plan.options;
    const recorded = record.map((name) => {
      const found = findVariable(name, this.#plan, "record");
      const values = into[name] ?? floatArray(run.precision, steps * found.units * part.of);
      return { name, found, values };
    });
    moveInputs(tape, goOn);
    writeInputs(inputs, steps, tape);
    if (this.#stale) for (let p = 0; p < this.#plan.populations.length; p++) tape.backend.prepare(p);
    this.#stale = false;
    if (goOn) tape.goOn();
    else {
      this.#useSeed(seed);
      tape.begin(() => this.#values.placeStart(this.#run, this.#ownStarts(initial)));
    }
    const diverged: Divergence[] = [];
    while (tape.steps < steps) {
      const from = tape.steps;
      const bad = tape.advance(steps - from);
      for (let t = from; t < tape.steps; t++) {
        if (bad >= 0 && t >= bad && diverged.length < run.instances) findDivergence(tape, t, diverged);
        for (const { found, values } of recorded)
          unpad(tape.inFrame(t + 1, found.place), run, values, { ...part, row: t * found.units });
      }
    }
    tape.finish();
    this.#hasRun = true;
    const records = Object.fromEntries(recorded.map(({ name, values }) => [name, values]));
    return { status: diverged.length > 0 ? "diverged" : "done", steps, records, diverged };
  }

  /** @param into - Where sums go. */
  backward(
    adjoints: Readonly<Record<string, ArrayLike<number>>>,
    options: BackwardOptions = {},
    into: Into = {},
  ): BackwardResult {
    this.checkBackward(adjoints, options);
    const { sums = [], into: earlier = {} } = options;
    const tape = this.#tape;
    const { run, part } = this.#plan.options;
    const { instances, precision } = run;
    const given = Object.entries(adjoints).map(([name, values]) => this.#given(name, values));
    const ofInputs = new Map(
      [...this.#plan.inputAdjoints.keys()].map((name) => {
        const { size } = this.#plan.inputs.get(name)!;
        return [name, floatArray(precision, tape.steps * size * instances)] as const;
      }),
    );
    const ofSums = sums.map((name) => {
      const found = findSum(name, this.#plan);
      const out = into[name] ?? floatArray(precision, tape.steps * found.units * part.of);
      return { ...found, name, out };
    });
    const notFiniteAt = this.#back.run(given, ofInputs, ofSums);
    const gradients: Record<string, Float64Array> = {};
    for (const t of this.#plan.trainables) {
      gradients[t.name] =
        t.kind === "input"
          ? Float64Array.from(ofInputs.get(t.input)!)
          : this.#values.gradient(t, this.#back, earlier[t.name]);
    }
    return { gradients, sums: Object.fromEntries(ofSums.map(({ name, out }) => [name, out])), notFiniteAt };
  }

  /** Nothing runs beside this thread. */
  dispose(): void {}

  // Implementation

  #find(name: string): Trainable {
    const found = this.#found.get(name) ?? findTrainables([name], this.#plan.run)[0];
    this.#found.set(name, found);
    return found;
  }

  #given(name: string, values: ArrayLike<number>): GivenAdjoint {
    const { of } = this.#plan.options.part;
    const { steps } = this.#tape;
    const { population, variable, units } = findVariable(name, this.#plan, "backward");
    if (values.length !== steps * units * of) {
      throw new CajalError(
        `${values.length} adjoints for ${steps} steps of ${units} units and ${of} instances`,
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

  /** Starts of the instances of this run. */
  #ownStarts(initial: Readonly<Record<string, ArrayLike<number>>>): Record<string, ArrayLike<number>> {
    const { run, part } = this.#plan.options;
    return Object.fromEntries(
      Object.entries(initial).map(([name, values]) => {
        const { units } = findVariable(name, this.#plan, "forward, initial");
        return [name, values.length === units ? values : takeColumns(values, part, run.instances)];
      }),
    );
  }

  #useSeed(seed: number | readonly number[]): void {
    if (this.#seed === String(seed)) return;
    const streams = streamsOf(seed, this.#plan.options);
    this.#run = { ...this.#plan.run, options: { ...this.#plan.run.options, streams } };
    placeKeys(this.#run, this.#tape.backend.memory);
    this.#seed = String(seed);
  }
}

function createBackend(plan: GradientPlan): GradientBackend {
  const { backend } = plan.options.run;
  if (backend === "wasm") return createWasmGradient(plan);
  return backend === "interpret" ? createInterpretGradient(plan) : createNativeGradient(plan, backend);
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
