/**
 * @file Running a network. One step, in this order, always:
 *
 * 1. inputs take their values for the step;
 * 2. weighted sums are taken, of inputs now and of populations as they were `delay` steps ago, at least one;
 * 3. reductions (`mean(x)` …) are taken of the previous step's state, and random numbers drawn;
 * 4. every population runs its equations in the order written; a population whose sums see the same step of another
 *    runs after it, and takes these sums right before;
 * 5. learning rules act on the weights, projection by projection, in the order given;
 * 6. delays and monitors take the new state; time advances by dt.
 */

import { BOTH, INSTANCE, SCALAR, UNIT } from "../compiler/index.ts";
import { CajalError, type SparseMatrix } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import type { Backend, BackendPath } from "./backends/backend.ts";
import { createBackend } from "./backends/create.ts";
import { type FoundValue, findValue } from "./find-value.ts";
import { fingerprint, packImage, unpackImage } from "./image.ts";
import { placeConstants, placeInitialState, placeParameters, spreadValues } from "./initialise.ts";
import { type InputSeries, inputFeed } from "./input-feed.ts";
import type { Slot } from "./memory.ts";
import { Monitor, type MonitoredState, type MonitorOptions } from "./monitor.ts";
import { resolveOptions, type SimulationOptions } from "./options.ts";
import { planRun, type RunPlan } from "./plan.ts";
import { Adaptation, type WeightDivergence } from "./plasticity/adaptation.ts";
import { type Recorder, SpikeRecorder, SynapseRecorder } from "./recorders.ts";
import { advanceByParts, type ScheduledSums, scheduleSums } from "./schedule.ts";
import { stabilityWarnings } from "./stability.ts";
import { type Divergence, describeDivergence, type RunStatus } from "./status.ts";

/**
 * Prepare a network for running: equations are compiled, memory is laid out, state starts at its initial values.
 *
 * @throws CajalError for mistakes in equations, shapes or options; nothing has run then.
 * @example
 * const run = simulate(net, { dt: 1, seed: 7 });
 * const r = run.monitor("reservoir.r");
 * run.run(1000);
 * r.data().values; // (time, unit, instance)
 */
export function simulate(network: Network, options: SimulationOptions = {}): Simulation {
  return new Simulation(planRun(network, resolveOptions(options)));
}

/** Steps that one call of the backend may take. */
const MOST_STEPS = 2 ** 30;

/** A network in motion. Made by {@link simulate}; owns the memory of one run. */
export class Simulation {
  readonly #plan: RunPlan;
  readonly #backend: Backend;
  readonly #views = new Map<Slot, Float64Array | Float32Array>();
  readonly #monitors: Recorder[] = [];
  readonly #adaptation: Adaptation;
  readonly #sums: ScheduledSums;
  readonly #bytes: Uint8Array;
  readonly #time: Float64Array | Float32Array;
  #diverged: Divergence[] = [];
  #step = 0;
  #stale = true;

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#backend = createBackend(plan);
    this.#bytes = new Uint8Array(this.#backend.memory);
    this.#time = this.#view(plan.time);
    placeConstants(plan, this.#backend.memory);
    for (const p of plan.populations) placeParameters(p, plan, (slot) => this.#view(slot));
    this.#adaptation = new Adaptation(plan, this.#backend, (slot) => this.#view(slot));
    this.#sums = scheduleSums(plan);
    stabilityWarnings(plan);
    this.reset();
  }

  /** Time at the end of the last step [ms]. */
  get t(): number {
    return this.#step * this.#plan.options.dt;
  }

  /** What runs the equations and fixed weights; `reason` says why it is not the native code that was asked for. */
  get path(): { path: BackendPath; reason?: string } {
    const { path, reason } = this.#backend;
    return reason === undefined ? { path } : { path, reason };
  }

  /** Length of a step [ms]. */
  get dt(): number {
    return this.#plan.options.dt;
  }

  /** Copies that run side by side. */
  get instances(): number {
    return this.#plan.options.instances;
  }

  /** Back to the initial state, weights and t = 0; parameters and frozen rules stay, records are cleared. */
  reset(): void {
    this.#adaptation.reset();
    for (const p of this.#plan.populations) {
      for (const [name, slot] of p.slots) if (name.startsWith("sum:")) this.#view(slot).fill(0);
      placeInitialState(p, this.#plan, (slot) => this.#view(slot));
    }
    for (const slot of this.#plan.inputs.values()) this.#view(slot).fill(0);
    for (const monitor of this.#monitors) monitor.clear();
    this.#step = 0;
    this.#diverged = [];
    this.#fillRings();
  }

  /**
   * Run for `duration` ms.
   *
   * @param options.inputs - Values of inputs for every step; an input that is not named keeps what `set` gave it.
   * @param options.onStep - Called after every step with its number within this run.
   * @returns Whether every instance stayed finite; a diverged instance does not stop the others.
   * @throws CajalError `bad-duration`, `shape`, `unknown-input`.
   */
  run(duration: number, options: { inputs?: InputSeries; onStep?: (step: number) => void } = {}): RunStatus {
    const steps = Math.round(duration / this.#plan.options.dt);
    if (!(duration >= 0) || !Number.isFinite(duration)) {
      throw new CajalError(`duration must be ≥ 0 ms, got ${duration}`, {
        code: "bad-duration",
        where: "run",
      });
    }
    const feeds = Object.entries(options.inputs ?? {}).map(([name, values]) =>
      inputFeed({ name, values, steps }, this.#plan, (slot) => this.#view(slot)),
    );
    const unseen = feeds.length === 0 && options.onStep === undefined && this.#monitors.length === 0;
    let k = unseen && !this.#adaptation.learns ? this.#leap(steps) : 0;
    for (; k < steps; k++) {
      for (const feed of feeds) feed(k);
      this.step();
      options.onStep?.(k);
    }
    const status = this.#diverged.length > 0 ? "diverged" : "done";
    return { status, t: this.t, steps, diverged: [...this.#diverged] };
  }

  /** One step of dt. @returns Whether every instance has stayed finite since the last reset. */
  step(): boolean {
    const plan = this.#plan;
    const backend = this.#backend;
    if (this.#stale) this.#prepare();
    this.#time.fill(this.t);
    for (const pre of plan.presynaptic) if (pre.isInput) this.#push(pre);
    const finite = backend.advance
      ? backend.advance(this.#step, this.#source)
      : advanceByParts(backend, this.#sums, this.#step, this.#source);
    const weightsDiverged = this.#adaptation.step(this.#step);
    for (const pre of plan.presynaptic) if (!pre.isInput) this.#push(pre);
    const step = this.#step++;
    if (!finite && this.#diverged.length < plan.options.instances) this.#findDivergence();
    for (const found of weightsDiverged) this.#noteWeights(found);
    for (const monitor of this.#monitors) monitor.record(step);
    return this.#diverged.length === 0;
  }

  /** Instances that have diverged since the last reset. */
  get diverged(): readonly Divergence[] {
    return this.#diverged;
  }

  /** Values of `"population.variable"`, `"population.parameter"` or `"input.r"`: shape `(unit, instance)`. */
  get(name: string): Float64Array {
    const { slot, units } = this.#find(name);
    const { instances, stride } = this.#plan.options;
    const values = this.#view(slot);
    const pitch = slot.shape === BOTH || slot.shape === INSTANCE ? stride : 1;
    const copies = pitch > 1 ? instances : 1;
    const count = slot.shape === SCALAR || slot.shape === INSTANCE ? 1 : units;
    const out = new Float64Array(count * copies);
    for (let u = 0; u < count; u++) {
      for (let b = 0; b < copies; b++) out[u * copies + b] = values[u * pitch + b];
    }
    return out;
  }

  /**
   * Set a variable, parameter or input: one number, shape `(unit)`, or `(unit, instance)`.
   *
   * @throws CajalError `shape`, `unknown-variable`.
   */
  set(name: string, value: number | ArrayLike<number>): void {
    const { slot, units } = this.#find(name);
    const { instances } = this.#plan.options;
    const hasUnits = slot.shape === BOTH || slot.shape === UNIT;
    const fits = hasUnits
      ? [units, units * (slot.shape === BOTH ? instances : 1)]
      : [slot.shape === INSTANCE ? instances : 1];
    if (typeof value !== "number" && !fits.includes(value.length)) {
      throw new CajalError(
        `${value.length} values do not fit; wanted one number or ${[...new Set(fits)].join(" or ")} values`,
        {
          code: "shape",
          where: `set("${name}")`,
        },
      );
    }
    spreadValues(value, slot, this.#view(slot), this.#plan);
    this.#stale = true;
    if (this.#step === 0) this.#fillRings();
  }

  /** Record a variable from now on. @example run.monitor("reservoir.r", { every: 10, from: 1000 }) */
  monitor(name: string, options: MonitorOptions = {}): Monitor {
    const monitor = new Monitor(this.#monitored(name), this.dt, options);
    this.#monitors.push(monitor);
    return monitor;
  }

  /** Names of all learning rules, `projection.rule` and `population.rule`. */
  get rules(): string[] {
    return this.#adaptation.rules;
  }

  /** Names of the rules that are switched off. */
  get frozen(): string[] {
    return this.#adaptation.frozen;
  }

  /** Switch learning rules off: `"stdp"` wherever there is one, or `"E->E.stdp"`. @throws CajalError `unknown-rule`. */
  freeze(...rules: string[]): void {
    this.#adaptation.setFrozen(rules, true);
    this.#stale = true;
  }

  /** Switch learning rules on again. @throws CajalError `unknown-rule`. */
  thaw(...rules: string[]): void {
    this.#adaptation.setFrozen(rules, false);
    this.#stale = true;
  }

  /** Weights of a plastic projection as they are now, shape `(post, pre)`. @throws CajalError `unknown-projection`. */
  weights(projection: string, instance = 0): SparseMatrix {
    return this.#adaptation.weights(projection, instance);
  }

  /** Record from now on which units of a variable are not 0, for one instance. */
  recordSpikes(name: string, options: { instance?: number; raster?: boolean } = {}): SpikeRecorder {
    const recorder = new SpikeRecorder(this.#monitored(name), options);
    this.#monitors.push(recorder);
    return recorder;
  }

  /** Record from now on the synapses of a plastic projection, for one instance. */
  recordSynapses(
    projection: string,
    options: { instance?: number; every?: number; events?: boolean; snapshots?: number } = {},
  ): SynapseRecorder {
    const recorder = new SynapseRecorder(this.#adaptation.store(projection, options.instance ?? 0), options);
    this.#monitors.push(recorder);
    return recorder;
  }

  /** Stop and drop all monitors and recorders. */
  stopRecording(): void {
    this.#monitors.length = 0;
  }

  /** The whole state as bytes: weights, activity, step, frozen rules. {@link restore} goes on from it bit for bit. */
  save(): Uint8Array<ArrayBuffer> {
    const header = { step: this.#step, frozen: this.frozen, fingerprint: fingerprint(this.#plan) };
    return packImage(header, this.#bytes.subarray(0, this.#plan.bytes));
  }

  /** Take up a saved state; monitors are cleared. @throws CajalError `bad-image`. */
  restore(image: Uint8Array): void {
    const { header, memory } = unpackImage(image, this.#plan);
    this.#bytes.set(memory);
    this.#adaptation.setFrozen(this.rules, false);
    this.#adaptation.setFrozen(header.frozen, true);
    for (const monitor of this.#monitors) monitor.clear();
    this.#step = header.step;
    this.#diverged = [];
    this.#stale = true;
  }

  /**
   * The live memory of a variable, shape `(unit, stride)` with `stride` ≥ instances: for callers that read every step
   * and cannot afford a copy. It changes under them.
   */
  memoryOf(name: string): { values: Float64Array | Float32Array; units: number; stride: number } {
    const { slot, units } = this.#find(name);
    const { stride } = this.#plan.options;
    return { values: this.#view(slot).subarray(0, units * stride), units, stride };
  }

  // Implementation

  #view(slot: Slot): Float64Array | Float32Array {
    let view = this.#views.get(slot);
    if (view === undefined) {
      const FloatArray = this.#plan.options.precision === "f64" ? Float64Array : Float32Array;
      view = new FloatArray(this.#backend.memory, slot.address, slot.length);
      this.#views.set(slot, view);
    }
    return view;
  }

  #monitored(name: string): MonitoredState {
    const { slot, units } = this.#find(name);
    const { instances, stride } = this.#plan.options;
    const hasUnits = slot.shape === BOTH || slot.shape === UNIT;
    return { name, values: this.#view(slot), units: hasUnits ? units : 1, instances, stride };
  }

  #noteWeights({ instance, projection }: WeightDivergence): void {
    if (this.#diverged.some((d) => d.instance === instance)) return;
    const message = `a weight of ${projection} is no longer finite at t = ${this.t} ms; lower its learning rate, or clamp it.`;
    this.#diverged.push({ instance, variable: `${projection}.w`, unit: 0, t: this.t, message });
    this.#diverged.sort((a, b) => a.instance - b.instance);
  }

  /** Take steps in which nothing happens between the sums and equations. @returns How many were taken. */
  #leap(steps: number): number {
    const { advanceMany } = this.#backend;
    if (advanceMany === undefined) return 0;
    if (this.#stale) this.#prepare();
    let taken = 0;
    while (taken < steps) {
      const { steps: done, finite } = advanceMany(this.#step, Math.min(steps - taken, MOST_STEPS));
      taken += done;
      this.#step += done;
      if (!finite && this.#diverged.length < this.#plan.options.instances) this.#findDivergence();
    }
    // Counts births and deaths of the last step: there were none.
    if (steps > 0) this.#adaptation.step(this.#step - 1);
    return taken;
  }

  #prepare(): void {
    for (let p = 0; p < this.#plan.populations.length; p++) this.#backend.prepare(p);
    this.#stale = false;
  }

  #find(name: string): FoundValue {
    const parameter = this.#adaptation.parameter(name);
    return parameter
      ? { slot: parameter, units: 1 }
      : findValue(name, this.#plan, this.#adaptation.parameters);
  }

  /** Byte address a product reads from at this step. */
  readonly #source = (projection: number): number => {
    const { pre, delay } = this.#plan.projections[projection];
    if (delay <= (pre.isInput ? 0 : 1)) return pre.state.address;
    const { address, length, bytes } = pre.ring!;
    return address + ((((this.#step - delay) % length) + length) % length) * bytes;
  };

  /** Copy a state into its ring, if it has one. */
  #push({ state, ring }: RunPlan["presynaptic"][number]): void {
    if (ring === undefined) return;
    this.#bytes.copyWithin(
      ring.address + (this.#step % ring.length) * ring.bytes,
      state.address,
      state.address + ring.bytes,
    );
  }

  /** Before t = 0 every variable is taken to have stood at its initial value, and inputs at 0. */
  #fillRings(): void {
    for (const { state, ring, isInput } of this.#plan.presynaptic) {
      if (ring === undefined) continue;
      for (let k = 0; k < ring.length; k++) {
        const at = ring.address + k * ring.bytes;
        if (isInput) this.#bytes.fill(0, at, at + ring.bytes);
        else this.#bytes.copyWithin(at, state.address, state.address + ring.bytes);
      }
    }
  }

  #findDivergence(): void {
    const { instances, stride } = this.#plan.options;
    for (const p of this.#plan.populations) {
      for (const v of p.model.variables) {
        const slot = p.slots.get(`variable:${v.name}`)!;
        const values = this.#view(slot);
        const units = v.locality === "unit" ? p.population.size : 1;
        for (let unit = 0; unit < units; unit++) {
          for (let instance = 0; instance < instances; instance++) {
            const value = values[unit * stride + instance];
            if (Number.isFinite(value) || this.#diverged.some((d) => d.instance === instance)) continue;
            const found = { instance, variable: `${p.population.name}.${v.name}`, unit, t: this.t };
            this.#diverged.push({ ...found, message: describeDivergence(found, value, instances) });
          }
        }
      }
    }
    this.#diverged.sort((a, b) => a.instance - b.instance);
  }
}
