/**
 * @file The backward pass: from adjoints of variables at the end of each step to the gradients of all trainables.
 *
 * One step back, always in this order: adjoints given for the end of the step are added; populations run in reverse
 * order, each after the sums of its new state that others took in the same step; reductions hand on their adjoints;
 * then sums that read the state before the step, projection by projection in the order of the forward pass.
 */

import {
  adjointName,
  BOTH,
  INSTANCE,
  parameterAdjointName,
  reductionAdjointName,
  sharedParameterAdjointName,
  sumAdjointName,
} from "../../compiler/index.ts";
import type { FloatArray } from "../kernels/index.ts";
import { adjointKey, type GradientPopulation, type Place } from "./gradient-plan.ts";
import type { Tape } from "./tape.ts";
import { unpad } from "./values.ts";

/** Adjoints of one variable at the end of every step. */
export interface GivenAdjoint {
  population: number;
  variable: string;
  units: number;
  /** Shape `(time, unit, instance)`, of the whole batch. */
  values: ArrayLike<number>;
}

/** Where the adjoints of a sum go, step by step. */
export interface WantedSum {
  population: number;
  target: string;
  units: number;
  /** Shape `(time, unit, instance)`, of the whole batch. */
  out: FloatArray;
}

/** Runs steps backward over a tape. */
export class Backpropagation {
  readonly #tape: Tape;
  /** Step after the last of the window that is gone through: sums of later steps say nothing of its state. */
  #end = 0;

  /** Addresses of the adjoints of sums that go back in one step. */
  readonly #sums: Uint32Array;
  /** Place of the adjoint of each projection's sum in a record. */
  readonly #sumOffsets: (number | undefined)[];

  /** Whether anybody asks for adjoints of the state before the first step. */
  readonly #toStart: boolean;

  constructor(tape: Tape, { readStart }: { readStart: boolean }) {
    this.#tape = tape;
    this.#toStart = readStart;
    const { projections, populations } = tape.plan;
    this.#sums = new Uint32Array(projections.length);
    this.#sumOffsets = projections.map(
      ({ post, planned }) => populations[post].ring.get(sumAdjointName(planned.projection.target))?.offset,
    );
  }

  /**
   * All steps of the tape, from the last to the first.
   *
   * @param inputs - Where the adjoints of inputs go, shape `(time, input, instance)`.
   * @returns The last step whose adjoints were not all finite, or -1.
   */
  run(
    given: readonly GivenAdjoint[],
    inputs: ReadonlyMap<string, FloatArray>,
    sums: readonly WantedSum[] = [],
  ): number {
    const tape = this.#tape;
    const { block, options } = tape.plan;
    const { window } = options;
    this.#clear();
    this.#end = tape.steps;
    let bad = -1;
    for (let t = tape.steps - 1; t >= 0; t--) {
      // The state at the start of a window is taken as it is.
      if (t + 1 < this.#end && (t + 1) % window === 0) {
        this.#end = t + 1;
        this.#forget();
      }
      tape.recall(t);
      for (const adjoint of given) this.#addGiven(adjoint, t);
      if (!this.#step(t) && bad < 0) bad = t;
      for (const [name, out] of inputs) this.#input(name, t, out);
      for (const sum of sums) this.#copySum(sum, t);
      if (t % block === 0) this.#outer(t, Math.min(t + block, tape.steps));
    }
    this.#beforeStart();
    return bad;
  }

  /** Adjoint of a variable, live: shape `(unit, stride)`. */
  adjoint(population: number, variable: string): FloatArray | undefined {
    const p = this.#tape.plan.populations[population];
    const name = adjointName(variable);
    const slot = p.slots.get(name) ?? p.slots.get(adjointKey(name, INSTANCE));
    return slot && this.#tape.view(slot);
  }

  /** Sums of a parameter's adjoints over all steps: those of the units, and of the population as a whole. */
  parameter(population: number, name: string): { values: FloatArray; from: typeof BOTH | typeof INSTANCE }[] {
    const { slots } = this.#tape.plan.populations[population];
    const units = slots.get(parameterAdjointName(name));
    const shared = slots.get(adjointKey(sharedParameterAdjointName(name), INSTANCE));
    return [
      ...(units ? [{ values: this.#tape.view(units), from: BOTH as typeof BOTH }] : []),
      ...(shared ? [{ values: this.#tape.view(shared), from: INSTANCE as typeof INSTANCE }] : []),
    ];
  }

  #clear(): void {
    const { populations, projections } = this.#tape.plan;
    for (const p of populations) {
      for (const [name, slot] of p.slots) if (name.startsWith("d(")) this.#tape.view(slot).fill(0);
    }
    for (const { gradient } of projections) if (gradient) this.#tape.view(gradient).fill(0);
  }

  /** Drop what later steps say of the state. */
  #forget(): void {
    this.#tape.plan.populations.forEach(({ planned }, p) => {
      for (const { name } of planned.model.variables) this.adjoint(p, name)?.fill(0);
    });
  }

  #copySum({ population, target, units, out }: WantedSum, t: number): void {
    const { plan } = this.#tape;
    const place = plan.populations[population].ring.get(sumAdjointName(target));
    if (!place) return;
    const { length } = place;
    const values = this.#tape.view({ address: this.#tape.record(t) + place.offset, length });
    unpad(values, plan.options.run, out, { ...plan.options.part, row: t * units });
  }

  #addGiven({ population, variable, units, values }: GivenAdjoint, t: number): void {
    const { run, part } = this.#tape.plan.options;
    const { instances, stride } = run;
    const out = this.adjoint(population, variable)!;
    for (let unit = 0; unit < units; unit++) {
      const at = (t * units + unit) * part.of + part.first;
      for (let b = 0; b < instances; b++) out[unit * stride + b] += values[at + b];
    }
  }

  #step(t: number): boolean {
    const tape = this.#tape;
    const { populations, projections } = tape.plan;
    let finite = true;
    tape.setTime(t);
    if (tape.backend.backwardStep) {
      populations.forEach((p, k) => {
        if (p.readsRandoms) tape.backend.draw(k, tape.offset + t);
      });
      projections.forEach(({ pre, planned, transposed }, k) => {
        const then = t + Math.max(planned.delay - 1, 0);
        const isWanted = planned.delay === 0 || this.#readsBefore(t);
        const goes = transposed !== undefined && pre !== undefined && isWanted && then < this.#end;
        this.#sums[k] = goes ? this.#sumAdjoint(k, then) : 0;
      });
      return tape.backend.backwardStep(tape.frame(t), tape.record(t), this.#sums);
    }
    for (let p = populations.length - 1; p >= 0; p--) {
      projections.forEach(({ pre, planned }, k) => {
        if (pre === p && planned.delay === 0) this.#pull(k, t, this.#place(k));
      });
      if (populations[p].readsRandoms) tape.backend.draw(p, tape.offset + t);
      if (!tape.backend.backward(p, tape.frame(t), tape.record(t))) finite = false;
      for (const r of populations[p].adjoint.reductions) this.#spread(populations[p], r, t);
    }
    if (this.#readsBefore(t)) {
      projections.forEach(({ pre, planned }, k) => {
        if (pre !== undefined && planned.delay > 0) this.#pull(k, t + planned.delay - 1, this.#place(k));
      });
    }
    return finite;
  }

  /** Whether anybody reads the adjoints of the state before step t: at the start of a window they are dropped. */
  #readsBefore(t: number): boolean {
    return t === 0 ? this.#toStart : t % this.#tape.plan.options.window !== 0;
  }

  /** Where the adjoint of what a projection reads lies. */
  #place(k: number): number {
    const { pre, planned } = this.#tape.plan.projections[k];
    return this.#tape.plan.populations[pre!].slots.get(adjointName(planned.projection.variable))!.address;
  }

  /** Add what the sum taken in step t says of the state it read. */
  #pull(k: number, t: number, out: number, end = this.#end): void {
    const { transposed } = this.#tape.plan.projections[k];
    if (transposed === undefined || t >= end) return;
    this.#tape.backend.projectBack(k, this.#sumAdjoint(k, t), out);
  }

  #sumAdjoint(k: number, t: number): number {
    return this.#tape.record(t) + this.#sumOffsets[k]!;
  }

  /** Hand the adjoint of a reduction of the state before step t on to that state. */
  #spread(p: GradientPopulation, reduction: string, t: number): void {
    const { kind, variable } = p.planned.model.reductions.find((r) => r.name === reduction)!;
    const { stride } = this.#tape.plan.options.run;
    const g = this.#tape.view(p.slots.get(adjointKey(reductionAdjointName(reduction), INSTANCE))!);
    const out = this.#tape.view(p.slots.get(adjointName(variable))!);
    const { size } = p.planned.population;
    if (kind === "sum" || kind === "mean") {
      const share = kind === "mean" ? size : 1;
      for (let b = 0; b < stride; b++) {
        const each = g[b] / share;
        for (let unit = 0; unit < size; unit++) out[unit * stride + b] += each;
      }
      return;
    }
    // All to the first unit that is least or greatest.
    const x = this.#tape.inFrame(t, p.frame.get(`variable:${variable}`)!);
    const found = this.#tape.inFrame(t, p.frame.get(`reduction:${reduction}`) as Place);
    for (let b = 0; b < stride; b++) {
      for (let unit = 0; unit < size; unit++) {
        if (x[unit * stride + b] !== found[b]) continue;
        out[unit * stride + b] += g[b];
        break;
      }
    }
  }

  /** Adjoint of an input's values of step t, which sums of that step and, with delays, of later ones read. */
  #input(name: string, t: number, out: FloatArray): void {
    const tape = this.#tape;
    const slot = tape.plan.inputAdjoints.get(name)!;
    const values = tape.view(slot);
    values.fill(0);
    tape.plan.projections.forEach(({ planned }, k) => {
      if (planned.projection.from === name) this.#pull(k, t + planned.delay, slot.address, tape.steps);
    });
    const { size } = tape.plan.inputs.get(name)!;
    const { run } = tape.plan.options;
    unpad(values, run, out, { row: t * size, first: 0, of: run.instances });
  }

  /** Add the steps from `start` to `end` to the gradients of weights. */
  #outer(start: number, end: number): void {
    const tape = this.#tape;
    const { projections, populations, inputs, frames } = tape.plan;
    projections.forEach(({ gradient, planned, post, pre }, k) => {
      const { target, from } = planned.projection;
      if (!gradient || !populations[post].ring.has(sumAdjointName(target))) return;
      const xPitch = pre === undefined ? inputs.get(from)!.pitch : frames.bytes;
      const series = { steps: end - start, xPitch };
      tape.backend.outer(k, this.#sumAdjoint(k, start), tape.source(k, start), series);
    });
  }

  /** Delayed sums of the first steps read the initial state too: before t = 0 every variable stood at it. */
  #beforeStart(): void {
    const tape = this.#tape;
    if (tape.offset > 0 || !this.#toStart) return;
    tape.plan.projections.forEach(({ pre, planned }, k) => {
      if (pre === undefined) return;
      for (let t = planned.delay - 2; t >= 0; t--) this.#pull(k, t, this.#place(k));
    });
  }
}
