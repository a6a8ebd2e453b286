/**
 * @file The values of trainables: reading, setting, placing them at the start of a run, and gathering their gradients.
 */

import {
  BOTH,
  evaluate,
  INITIAL_ADJOINT,
  INSTANCE,
  type InitialAdjoint,
  initialAdjoint,
  PORTABLE,
  SCALAR,
  slotIndex,
  UNIT,
} from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import { placeInitialState, spreadValues } from "../initialise.ts";
import type { Slot } from "../memory.ts";
import type { RunPlan } from "../plan.ts";
import type { Backpropagation } from "./backpropagation.ts";
import { takeColumns } from "./batch-part.ts";
import type { GradientPlan } from "./gradient-plan.ts";
import type { Tape } from "./tape.ts";
import type { Trainable } from "./trainable.ts";
import { addParameterAdjoint, unpad } from "./values.ts";
import { forwardWeights, type View, writeWeights } from "./weights.ts";

type Parameter = Extract<Trainable, { kind: "parameter" }>;
type Initial = Extract<Trainable, { kind: "initial" }>;

/** A starting value written as an expression of trained parameters. */
interface StartingExpression {
  population: number;
  variable: string;
  adjoint: InitialAdjoint;
}

/** Weights, parameters and starting values in the memory of a plan. */
export class TrainedValues {
  readonly #plan: GradientPlan;
  readonly #tape: Tape;
  readonly #view: View;
  /** Starting values that were set, shape `(unit)`. */
  readonly #initial = new Map<string, Float64Array>();
  readonly #expressions: StartingExpression[];

  constructor(tape: Tape) {
    this.#tape = tape;
    this.#plan = tape.plan;
    this.#view = (place) => tape.view(place);
    this.#expressions = startingExpressions(tape.plan);
    for (const t of tape.plan.trainables) if (t.kind === "initial") checkStart(t, tape.plan);
  }

  /** Whether gradients are made of adjoints of the state before the first step. */
  get readStart(): boolean {
    const { trainables } = this.#plan;
    return (
      this.#expressions.length > 0 || trainables.some(({ kind }) => kind === "initial" || kind === "start")
    );
  }

  get(t: Trainable): Float64Array {
    switch (t.kind) {
      case "weights":
        return new Float64Array(forwardWeights(this.#plan.projections[t.projection].planned, this.#view));
      case "initial":
        return this.#initial.get(t.name)?.slice() ?? this.#givenStart(t);
      case "parameter":
        return this.#readParameter(t);
      case "start":
      case "input":
        throw new CajalError("its values are given to forward", {
          code: "input-value",
          where: t.name,
        });
    }
  }

  /** What {@link set} would refuse. @throws CajalError `shape`. */
  check(t: Trainable, values: number | ArrayLike<number>): void {
    const { run, part } = this.#plan.options;
    const own = this.#length(t);
    const length = this.isOfInstances(t) ? (own / run.instances) * part.of : own;
    if (typeof values === "number" || values.length === length) return;
    throw new CajalError(`${values.length} values do not fit; wanted one number or ${length}`, {
      code: "shape",
      where: `set("${t.name}")`,
    });
  }

  /** @throws CajalError `shape`. */
  set(t: Trainable, values: number | ArrayLike<number>): void {
    this.check(t, values);
    const { run, part } = this.#plan.options;
    if (typeof values === "number") this.#write(t, new Float64Array(this.#length(t)).fill(values));
    else this.#write(t, this.isOfInstances(t) ? takeColumns(values, part, run.instances) : values);
  }

  #write(t: Trainable, all: ArrayLike<number>): void {
    if (t.kind === "weights") {
      const { backend } = this.#tape;
      const turned = () => backend.turn?.(t.projection) ?? false;
      writeWeights(this.#plan.projections[t.projection], all, this.#view, turned);
    }
    if (t.kind === "initial") this.#initial.set(t.name, Float64Array.from(all));
    if (t.kind !== "parameter") return;
    const slot = this.#slot(t);
    spreadValues(slot.shape === SCALAR ? all[0] : all, slot, this.#view(slot), this.#plan.run);
  }

  /**
   * Write the state before the first step to frame 0, random starts by the streams of `run`.
   *
   * @param own - Starts of this run, by `"population.variable"`.
   */
  placeStart(run: RunPlan, own: Readonly<Record<string, ArrayLike<number>>>): void {
    this.#plan.populations.forEach(({ planned, frame }, population) => {
      placeInitialState(planned, run, (slot) => this.#view(slot));
      for (const { name } of planned.model.variables) {
        const slot = planned.slots.get(`variable:${name}`)!;
        const values = this.#view(slot);
        const given = this.#initial.get(startName(this.#plan, population, name));
        if (given) spreadValues(slot.shape === BOTH ? given : given[0], slot, values, run);
        const now = own[`${planned.population.name}.${name}`];
        if (now) spreadValues(now, slot, values, run);
        this.#tape.inFrame(0, frame.get(`variable:${name}`)!).set(values);
      }
    });
  }

  /**
   * Gradient of anything but an input, after the backward pass.
   *
   * @param into - Written over and returned, if it is one of weights.
   */
  gradient(
    t: Exclude<Trainable, { kind: "input" }>,
    back: Backpropagation,
    into?: Float64Array,
  ): Float64Array {
    if (t.kind === "weights") {
      const values = this.#view(this.#plan.projections[t.projection].gradient!);
      if (into?.length !== values.length) return new Float64Array(values);
      into.set(values);
      return into;
    }
    if (t.kind === "initial") return this.#initialGradient(t, back);
    if (t.kind === "start") return this.#startGradient(t, back);
    const out = new Float64Array(this.#length(t));
    const { shape } = this.#slot(t);
    for (const part of back.parameter(t.population, t.parameter))
      addParameterAdjoint(out, shape, part, this.#plan.options.run);
    if (this.#tape.offset === 0) this.#addStart(out, t, back);
    return out;
  }

  /** Whether there is a value for each instance. */
  isOfInstances(t: Trainable): boolean {
    if (t.kind === "parameter") return this.#plan.options.run.parameters[t.name] !== undefined;
    return t.kind === "start" || t.kind === "input";
  }

  #slot({ population, parameter }: Parameter): Slot {
    return this.#plan.populations[population].planned.slots.get(`parameter:${parameter}`)!;
  }

  /** Numbers of a trainable, without a copy of large ones. */
  #length(t: Trainable): number {
    if (t.kind === "weights")
      return this.#plan.projections[t.projection].planned.projection.weights.values.length;
    if (t.kind !== "parameter") return this.get(t).length;
    const { instances } = this.#plan.options.run;
    const { size } = this.#plan.populations[t.population].planned.population;
    const { shape } = this.#slot(t);
    return { [SCALAR]: 1, [UNIT]: size, [INSTANCE]: instances, [BOTH]: size * instances }[shape];
  }

  #readParameter(t: Parameter): Float64Array {
    const slot = this.#slot(t);
    const values = this.#view(slot);
    const { instances, stride } = this.#plan.options.run;
    const length = this.#length(t);
    const out = new Float64Array(length);
    for (let k = 0; k < length; k++) {
      out[k] = values[slot.shape === BOTH ? Math.floor(k / instances) * stride + (k % instances) : k];
    }
    return out;
  }

  /** Where a variable starts in the network as it was given. */
  #givenStart({ population, variable }: Initial): Float64Array {
    const { planned } = this.#plan.populations[population];
    const { initial, locality } = planned.model.variables.find((v) => v.name === variable)!;
    const given = planned.population.initial[variable] ?? (initial?.kind === "constant" ? initial.value : 0);
    const length = locality === "unit" ? planned.population.size : 1;
    return typeof given === "number" ? new Float64Array(length).fill(given) : given.slice(0, length);
  }

  #initialGradient({ population, variable }: Initial, back: Backpropagation): Float64Array {
    const { instances, stride } = this.#plan.options.run;
    const adjoint = back.adjoint(population, variable)!;
    const out = new Float64Array(adjoint.length / stride);
    for (let unit = 0; unit < out.length; unit++) {
      for (let b = 0; b < instances; b++) out[unit] += adjoint[unit * stride + b];
    }
    return out;
  }

  /** Shape `(unit, instance)`. */
  #startGradient({ population, variable }: Extract<Trainable, { kind: "start" }>, back: Backpropagation) {
    const { run } = this.#plan.options;
    const adjoint = back.adjoint(population, variable)!;
    const out = new Float64Array((adjoint.length / run.stride) * run.instances);
    unpad(adjoint, run, out, { row: 0, first: 0, of: run.instances });
    return out;
  }

  /** What a parameter does through starting values such as `init=tanh(x0)`. */
  #addStart(out: Float64Array, t: Parameter, back: Backpropagation): void {
    const { instances, stride, dt } = this.#plan.options.run;
    for (const { population, variable, adjoint } of this.#expressions) {
      if (population !== t.population || !adjoint.actions.some((a) => isStoreOf(a, t.parameter))) continue;
      if (this.#initial.has(startName(this.#plan, population, variable))) continue;
      const { slots } = this.#plan.populations[population].planned;
      const g = back.adjoint(population, variable)!;
      const { shape } = this.#slot(t);
      const values = new Map<string, number>();
      // What is added is linear in g, so instances with the same parameters are summed first.
      const isOwn = [...slots].some(
        ([name, s]) => name.startsWith("parameter:") && (s.shape === INSTANCE || s.shape === BOTH),
      );
      const together = isOwn ? 1 : instances;
      for (let k = 0; k < (g.length / stride) * instances; k += together) {
        const at = { unit: Math.floor(k / instances), instance: k % instances };
        const from = at.unit * stride + at.instance;
        let given = 0;
        for (let b = from; b < from + together; b++) given += g[b];
        for (const action of adjoint.actions) {
          const value = evaluate(
            action.value,
            (kind, name) => {
              if (kind === "temporary") return values.get(name)!;
              if (kind === "variable" && name === INITIAL_ADJOINT) return given;
              if (kind === "step") return dt;
              if (kind === "time") return 0;
              const slot = slots.get(`parameter:${name}`)!;
              return this.#view(slot)[slotIndex(slot.shape, at, stride)];
            },
            PORTABLE,
          );
          if (action.kind === "temporary") values.set(action.name, value);
          else if (action.variable === t.parameter) out[slotIndex(shape, at, instances)] += value;
        }
      }
    }
  }
}

// Implementation

const startName = (plan: GradientPlan, population: number, variable: string) =>
  `initial:${plan.populations[population].planned.population.name}.${variable}`;

const isStoreOf = (action: InitialAdjoint["actions"][number], parameter: string) =>
  action.kind === "store" && action.variable === parameter;

/** Starting values that depend on trained parameters. @throws CajalError `random-start`. */
function startingExpressions({ populations, trainables, options }: GradientPlan): StartingExpression[] {
  return populations.flatMap(({ planned }, population) => {
    const own = trainables.flatMap((t) =>
      t.kind === "parameter" && t.population === population ? [t.parameter] : [],
    );
    return planned.model.variables.flatMap(({ name, initial }): StartingExpression[] => {
      if (!initial || planned.population.initial[name] !== undefined) return [];
      const adjoint = initialAdjoint(initial, own, options.surrogate);
      if (adjoint?.readsRandoms) {
        throw new CajalError(`"${name}" starts at a random number times a trained parameter`, {
          code: "random-start",
          where: `population "${planned.population.name}"`,
          hint: "Train a parameter that is added, or the starting value itself.",
        });
      }
      return adjoint ? [{ population, variable: name, adjoint }] : [];
    });
  });
}

/** A trained starting value must be numbers, not an expression that is evaluated anew. */
function checkStart(t: Initial, plan: GradientPlan): void {
  const { model, population } = plan.populations[t.population].planned;
  const { initial } = model.variables.find((v) => v.name === t.variable)!;
  if (!initial || initial.kind === "constant" || population.initial[t.variable] !== undefined) return;
  throw new CajalError(`"${t.variable}" starts at an expression, not at numbers`, {
    code: "expression-start",
    where: t.name,
    hint: "Train the parameters of its init, or give the population an initial value.",
  });
}
