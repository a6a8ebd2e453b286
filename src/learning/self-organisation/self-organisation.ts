/**
 * @file A network that organises itself, phase by phase: run for as many steps as wanted, saved, gone on with bit for
 * bit. Everything is recorded in compact form, see `phase-result.ts`.
 */

import {
  type Divergence,
  type RunStatus,
  type Simulation,
  type SpikeRecord,
  type SpikeRecorder,
  type SynapseRecorder,
  simulate,
} from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import { type Drive, inputWriter, seriesDrive } from "./drive.ts";
import { packData, unpackData } from "./pack-data.ts";
import { type PhaseResult, phaseResult } from "./phase-result.ts";
import { checkPhases, frozenIn, type Phase } from "./phases.ts";
import { atStep, checkSaved, type SavedRun } from "./saved-run.ts";
import type { SelfOrganisationOptions, SelfOrganisationResult } from "./self-organisation-options.ts";

/** Steps whose input is asked for at once. */
const BLOCK = 4096;

/**
 * A run through phases.
 *
 * @throws CajalError for mistakes in phases, drives and recordings; nothing has run then. A run that goes wrong later
 *   does not throw: see `status` and `warnings` of its result.
 * @example
 * const run = new SelfOrganisation({
 *   network: delpapa2017({}, createRng(1)),
 *   seed: 1,
 *   phases: [{ name: "plastic", steps: 50_000 }, { name: "frozen", steps: 5_000, freeze: "all" }],
 * });
 * run.advance(run.steps);
 * run.result().phases[1].activity;
 */
export class SelfOrganisation {
  readonly #options: SelfOrganisationOptions;
  readonly #simulation: Simulation;
  readonly #drive: Drive | undefined;
  readonly #activityOf: string | undefined;
  /** By instance. */
  readonly #spikes: SpikeRecorder[] = [];
  /** Of further variables that some phase records, by name. */
  readonly #further: ReadonlyMap<string, SpikeRecorder>[];
  readonly #synapses: Map<string, { recorder: SynapseRecorder; every: number }>[];
  readonly #connected: ReadonlyMap<string, readonly boolean[]>;
  /** Results of the phases that are over, shape `(phase, instance)`. */
  #done: PhaseResult[][] = [];
  #diverged: Divergence[] = [];
  #step = 0;

  constructor(options: SelfOrganisationOptions) {
    const { network, seed, phases, drive, record = {} } = options;
    const instances = typeof seed === "number" ? 1 : seed.length;
    this.#options = options;
    this.#simulation = simulate(network, { ...options.simulation, seed, instances });
    checkPhases(phases, this.#simulation.rules);
    this.#drive = typeof drive === "object" ? seriesDrive(network, drive, this.steps) : drive;
    this.#activityOf = options.activityOf ?? (hasUnits(network, "E") ? "E.x" : undefined);
    for (let b = 0; b < instances && this.#activityOf; b++) {
      this.#spikes.push(
        this.#simulation.recordSpikes(this.#activityOf, { instance: b, raster: record.raster === true }),
      );
    }
    this.#further = Array.from({ length: instances }, (_, b) => this.#recordFurther(b));
    this.#synapses = Array.from({ length: instances }, (_, b) => this.#recordSynapses(b));
    this.#connected = new Map(plasticProjections(network).map((p) => [p, this.#connectedUnits(p)]));
    this.#enter();
  }

  /** Steps run so far. */
  get step(): number {
    return this.#step;
  }

  /** Steps of all phases. */
  get steps(): number {
    return this.#options.phases.reduce((sum, p) => sum + p.steps, 0);
  }

  /** The phase under way, undefined after the last. */
  get phase(): Phase | undefined {
    return this.#options.phases[this.#done.length];
  }

  /** The network in motion, to look at: weights, variables, an image. Stepping it would spoil the record. */
  get simulation(): Simulation {
    return this.#simulation;
  }

  /** Run on, across borders of phases, at most to the end; stops when every instance has diverged. */
  advance(steps: number): RunStatus {
    const before = this.#step;
    for (let left = steps; left > 0 && this.phase && this.#isAlive(); ) {
      const { end } = atStep(this.#options.phases, this.#done.length);
      const block = Math.min(left, end - this.#step, BLOCK);
      left -= this.#runBlock(block);
      if (this.#step === end) this.#leave();
    }
    const diverged = [...this.#diverged];
    const status = diverged.length > 0 ? "diverged" : "done";
    return { status, t: this.#simulation.t, steps: this.#step - before, diverged };
  }

  /** Everything: state and records. @returns Bytes for {@link restore}. */
  save(): Uint8Array<ArrayBuffer> {
    const { phases, record = {}, seed } = this.#options;
    const saved: SavedRun = {
      step: this.#step,
      phases: phases.slice(0, this.#done.length + 1),
      recording: JSON.stringify([seed, this.#activityOf, record]),
      done: this.#done,
      diverged: this.#diverged,
      image: this.#simulation.save(),
      spikes: this.#spikes.map((recorder) => recorder.save()),
      ...(this.phase?.rasters?.length && {
        further: this.#further.map((_, b) => Object.fromEntries(this.#furtherRecords(b))),
      }),
      synapses: this.#synapses.map((of) => [...of.values()].map(({ recorder }) => recorder.save())),
    };
    return packData(saved);
  }

  /**
   * Go on from saved bytes. Phases that are over must be those of this run; those to come may differ, so one image can
   * be gone on with in several ways.
   *
   * @throws CajalError `bad-image`.
   */
  restore(image: Uint8Array): void {
    const { phases, record = {}, seed } = this.#options;
    const saved = unpackData(image) as SavedRun;
    checkSaved(saved, phases, JSON.stringify([seed, this.#activityOf, record]));
    this.#simulation.restore(saved.image);
    this.#step = saved.step;
    this.#done = saved.done;
    this.#diverged = saved.diverged;
    this.#enter();
    saved.spikes.forEach((of, b) => {
      this.#spikes[b].load(of);
    });
    saved.further?.forEach((of, b) => {
      for (const [name, record] of Object.entries(of)) this.#further[b].get(name)?.load(record);
    });
    saved.synapses.forEach((of, b) => {
      [...this.#synapses[b].values()].forEach(({ recorder }, k) => {
        recorder.load(of[k]);
      });
    });
  }

  /** How the run stands. @param instance - Place of its seed, default the first. */
  result(instance = 0): SelfOrganisationResult {
    const phases = this.#done.map((of) => of[instance]);
    if (this.phase && this.#step > atStep(this.#options.phases, this.#done.length).start) {
      phases.push(this.#phaseResult(instance));
    }
    const has = (status: PhaseResult["status"]) => phases.some((p) => p.status === status);
    const finished = this.phase ? "unfinished" : has("doubtful") ? "doubtful" : "done";
    return {
      status: has("diverged") ? "diverged" : finished,
      step: this.#step,
      phases,
      warnings: phases.flatMap((p) => p.warnings.map((w) => ({ ...w, phase: p.name }))),
    };
  }

  // Implementation

  #recordFurther(instance: number): ReadonlyMap<string, SpikeRecorder> {
    const names = new Set(this.#options.phases.flatMap(({ rasters = [] }) => rasters));
    return new Map(
      [...names].map((name) => [name, this.#simulation.recordSpikes(name, { instance, raster: true })]),
    );
  }

  /** What the present phase has recorded of its further variables. */
  #furtherRecords(instance: number): ReadonlyMap<string, SpikeRecord> {
    const names = this.phase?.rasters ?? [];
    return new Map(names.map((name) => [name, this.#further[instance].get(name)!.save()]));
  }

  #recordSynapses(instance: number): Map<string, { recorder: SynapseRecorder; every: number }> {
    const { network, record = {} } = this.#options;
    const wanted = new Map((record.synapses ?? []).map((r) => [r.projection, r]));
    // Births and deaths are counted everywhere; so are refused births.
    const all = new Set([...plasticProjections(network), ...wanted.keys()]);
    return new Map(
      [...all].map((name) => {
        const { every = 1, events, snapshots } = wanted.get(name) ?? { every: 0 };
        const recorder = this.#simulation.recordSynapses(name, {
          instance,
          every: every > 0 ? every : Number.MAX_SAFE_INTEGER,
          ...(events !== undefined && { events }),
          ...(snapshots !== undefined && { snapshots }),
        });
        return [name, { recorder, every }];
      }),
    );
  }

  #connectedUnits(projection: string): boolean[] {
    const { rowStart, rows } = this.#simulation.weights(projection);
    return Array.from({ length: rows }, (_, i) => rowStart[i + 1] > rowStart[i]);
  }

  #isAlive(): boolean {
    return this.#diverged.length < this.#simulation.instances;
  }

  /** Begin the present phase: its rules, and whether it is recorded. */
  #enter(): void {
    const { phase } = this;
    if (!phase) return;
    const { rules } = this.#simulation;
    this.#simulation.thaw(...rules);
    this.#simulation.freeze(...frozenIn(phase, rules));
    for (let b = 0; b < this.#synapses.length; b++) {
      this.#pause(b, phase.record === false || this.#diverged.some((d) => d.instance === b));
    }
  }

  #pause(instance: number, paused: boolean): void {
    if (this.#spikes[instance]) this.#spikes[instance].paused = paused;
    for (const [name, recorder] of this.#further[instance])
      recorder.paused = paused || !this.phase?.rasters?.includes(name);
    for (const { recorder } of this.#synapses[instance].values()) recorder.paused = paused;
  }

  /** End the present phase and begin the next. */
  #leave(): void {
    this.#done.push(Array.from({ length: this.#simulation.instances }, (_, b) => this.#phaseResult(b)));
    for (const recorder of this.#spikes) recorder.clear();
    for (const of of this.#further) for (const recorder of of.values()) recorder.clear();
    for (const of of this.#synapses) for (const { recorder } of of.values()) recorder.clear();
    this.#enter();
  }

  /** @returns Steps run: fewer than asked for when the last instance has diverged. */
  #runBlock(steps: number): number {
    const simulation = this.#simulation;
    const inputs = Object.entries(this.#drive?.(this.#step, steps) ?? {}).map(([name, values]) =>
      inputWriter(simulation, { name, values, steps }),
    );
    for (let k = 0; k < steps; k++) {
      for (const write of inputs) write(k);
      const finite = simulation.step();
      this.#step++;
      if (finite) continue;
      this.#noteDivergence();
      if (!this.#isAlive()) return k + 1;
    }
    return steps;
  }

  #noteDivergence(): void {
    for (const found of this.#simulation.diverged) {
      if (this.#diverged.some((d) => d.instance === found.instance)) continue;
      this.#diverged.push(found);
      this.#pause(found.instance, true);
    }
  }

  #phaseResult(instance: number): PhaseResult {
    const phase = this.phase!;
    const simulation = this.#simulation;
    const { start } = atStep(this.#options.phases, this.#done.length);
    const isRecorded = phase.record !== false;
    const divergence = this.#diverged.find((d) => d.instance === instance)?.message;
    return phaseResult({
      simulation,
      instance,
      phase,
      firstStep: start,
      steps: this.#step - start,
      frozen: simulation.frozen,
      connected: this.#connected,
      ...(this.#activityOf !== undefined && { activityOf: this.#activityOf }),
      ...(isRecorded && this.#spikes[instance] && { spikes: this.#spikes[instance].save() }),
      ...(isRecorded && { further: this.#furtherRecords(instance) }),
      synapses: new Map(
        [...this.#synapses[instance]].map(([name, { recorder, every }]) => [
          name,
          { every, refused: recorder.refused, ...(isRecorded && { record: recorder.save() }) },
        ]),
      ),
      ...(divergence !== undefined && { divergence }),
    });
  }
}

function plasticProjections(network: Network): string[] {
  return network.projections.filter((p) => p.plasticity.length > 0).map((p) => p.name);
}

function hasUnits(network: Network, name: string): boolean {
  return network.populations.some((p) => p.name === name && /^\s*x\s*=/m.test(p.neuron.equations));
}
