/**
 * @file Compact records of long plastic runs: what a million steps leave behind must stay small. Each takes what it
 * needs at the end of a step; none keeps a history of weights unless asked for snapshots.
 */

import type { SparseMatrix } from "../core/index.ts";
import { CajalError } from "../core/index.ts";
import { Chunks } from "./chunks.ts";
import type { MonitoredState } from "./monitor.ts";
import { HEADER } from "./plasticity/layout.ts";
import type { SynapseStore } from "./plasticity/store.ts";

/** Something that looks at the state after every step. */
export interface Recorder {
  record(step: number): void;
  clear(): void;
}

/** What a spike recorder holds, plain data. */
export interface SpikeRecord {
  /** Active units at each step, shape `(time)`. */
  activity: Uint32Array;
  /** Steps at which each unit was active, shape `(unit)`. */
  counts: Float64Array;
  /** Of the raster, where one is kept. */
  bits?: Uint8Array;
}

/** What a synapse recorder holds, plain data; see its methods. */
export interface SynapseRecord {
  counts: Uint32Array;
  events: Uint32Array;
  births: number;
  deaths: number;
  snapshots: readonly { step: number; weights: SparseMatrix }[];
}

const CHUNK = 65536;
const words = (length: number) => new Uint32Array(length);
const octets = (length: number) => new Uint8Array(length);

/** Units that are not 0 after each step, and, if wanted, which: one bit a unit. */
export class SpikeRecorder implements Recorder {
  readonly #state: MonitoredState;
  readonly #instance: number;
  readonly #activity = new Chunks(words, CHUNK);
  readonly #bits: Chunks<Uint8Array> | undefined;
  readonly #counts: Float64Array;
  readonly #rowBytes: number;
  /** Whether steps are passed over, default false. */
  paused = false;

  constructor(
    state: MonitoredState,
    { instance = 0, raster = false }: { instance?: number; raster?: boolean } = {},
  ) {
    this.#state = state;
    this.#instance = instance;
    this.#rowBytes = Math.ceil(state.units / 8);
    this.#counts = new Float64Array(state.units);
    this.#bits = raster ? new Chunks(octets, this.#rowBytes * 4096) : undefined;
    if (!(Number.isInteger(instance) && instance >= 0 && instance < state.instances)) {
      throw new CajalError(`instance ${instance} is not one of 0 … ${state.instances - 1}`, {
        code: "bad-instance",
        where: `spikes of ${state.name}`,
      });
    }
  }

  record(): void {
    if (this.paused) return;
    const { values, units, stride } = this.#state;
    const row = this.#bits?.take(this.#rowBytes);
    let active = 0;
    for (let u = 0, at = this.#instance; u < units; u++, at += stride) {
      if (values[at] === 0) continue;
      active++;
      this.#counts[u]++;
      if (row) row.chunk[row.at + (u >> 3)] |= 1 << (u & 7);
    }
    const { chunk, at } = this.#activity.take(1);
    chunk[at] = active;
  }

  /** Active units at each step, shape `(time)`. */
  activity(): Uint32Array {
    return this.#activity.concat();
  }

  /** Row per step, ceil(units / 8) bytes, unit u at bit u & 7 of byte u >> 3. */
  raster(): { units: number; steps: number; bits: Uint8Array } {
    if (!this.#bits) {
      throw new CajalError("this recorder keeps only the activity", {
        code: "no-raster",
        where: `spikes of ${this.#state.name}`,
        hint: "Ask for it: recordSpikes(name, { raster: true }).",
      });
    }
    return { units: this.#state.units, steps: this.#activity.length, bits: this.#bits.concat() };
  }

  /** Steps at which each unit was active, shape `(unit)`. */
  unitCounts(): Float64Array {
    return this.#counts.slice();
  }

  /** A copy of all that was recorded. */
  save(): SpikeRecord {
    const bits = this.#bits && { bits: this.#bits.concat() };
    return { activity: this.activity(), counts: this.unitCounts(), ...bits };
  }

  /** Go on from what a recorder with the same options has saved. */
  load({ activity, counts, bits }: SpikeRecord): void {
    this.#activity.load(activity);
    this.#counts.set(counts);
    if (bits) this.#bits?.load(bits);
  }

  clear(): void {
    this.#activity.clear();
    this.#counts.fill(0);
    this.#bits?.clear();
  }
}

/** Synapses of a projection over time, and every birth and death with its step. */
export class SynapseRecorder implements Recorder {
  readonly #store: SynapseStore;
  readonly #every: number;
  readonly #snapshots: number;
  readonly #counts = new Chunks(words, CHUNK);
  readonly #events: Chunks<Uint32Array> | undefined;
  #weights: { step: number; weights: SparseMatrix }[] = [];
  #births = 0;
  #deaths = 0;
  /** Whether steps are passed over, default false. */
  paused = false;

  /**
   * @param options.every - Steps between counts, default 1; the first is of the first recorded step.
   * @param options.events - Keep every birth and death, default false.
   * @param options.snapshots - Steps between copies of the weights, default none.
   */
  constructor(
    store: SynapseStore,
    {
      every = 1,
      events = false,
      snapshots = 0,
    }: { every?: number; events?: boolean; snapshots?: number } = {},
  ) {
    checkSteps("every", every, 1);
    checkSteps("snapshots", snapshots, 0);
    this.#store = store;
    this.#every = every;
    this.#snapshots = snapshots;
    this.#events = events ? new Chunks(words, 3 * 8192) : undefined;
  }

  record(step: number): void {
    if (this.paused) return;
    const { header } = this.#store;
    const births = header[HEADER.births];
    const deaths = header[HEADER.deaths];
    this.#births += births;
    this.#deaths += deaths;
    if (this.#events && births + deaths > 0) this.#noteAll(step, births, deaths);
    if ((step + 1) % this.#every === 0) {
      const { chunk, at } = this.#counts.take(1);
      chunk[at] = header[HEADER.synapses];
    }
    if (this.#snapshots > 0 && (step + 1) % this.#snapshots === 0) {
      this.#weights.push({ step, weights: this.#store.weights() });
    }
  }

  /** Synapses after steps every − 1, 2 every − 1, …, shape `(record)`. */
  counts(): Uint32Array {
    return this.#counts.concat();
  }

  /** Births and deaths since recording began. */
  get turnover(): { births: number; deaths: number } {
    return { births: this.#births, deaths: this.#deaths };
  }

  /** Births since the start of the simulation that found no room. */
  get refused(): number {
    return this.#store.header[HEADER.refused];
  }

  /** Each birth and death in order, shape `(event, 3)`: step, post × columns + pre, 1 for a birth and 0 for a death. */
  events(): Uint32Array {
    return this.#events?.concat() ?? new Uint32Array(0);
  }

  /** Copies of the weights. */
  snapshots(): readonly { step: number; weights: SparseMatrix }[] {
    return this.#weights;
  }

  /** A copy of all that was recorded. */
  save(): SynapseRecord {
    const { births, deaths } = this.turnover;
    return { counts: this.counts(), events: this.events(), births, deaths, snapshots: [...this.#weights] };
  }

  /** Go on from what a recorder with the same options has saved. */
  load({ counts, events, births, deaths, snapshots }: SynapseRecord): void {
    this.#counts.load(counts);
    this.#events?.load(events);
    this.#weights = [...snapshots];
    this.#births = births;
    this.#deaths = deaths;
  }

  clear(): void {
    this.#counts.clear();
    this.#events?.clear();
    this.#weights = [];
    this.#births = 0;
    this.#deaths = 0;
  }

  /** Deaths, births, then deaths of newborns: for every pair the order in which it happened. */
  #noteAll(step: number, births: number, deaths: number): void {
    const { bornPairs, diedPairs, layout } = this.#store;
    const born = bornPairs.subarray(0, births);
    const died = diedPairs.subarray(0, deaths);
    const diedLast = (pair: number, k: number) =>
      born.includes(pair) &&
      !this.#store.has(Math.floor(pair / layout.columns), pair % layout.columns) &&
      died.lastIndexOf(pair) === k;
    died.forEach((pair, k) => {
      if (!diedLast(pair, k)) this.#note(step, pair, 0);
    });
    for (const pair of born) this.#note(step, pair, 1);
    died.forEach((pair, k) => {
      if (diedLast(pair, k)) this.#note(step, pair, 0);
    });
  }

  #note(step: number, pair: number, birth: number): void {
    const { chunk, at } = this.#events!.take(3);
    chunk[at] = step;
    chunk[at + 1] = pair;
    chunk[at + 2] = birth;
  }
}

// Implementation

function checkSteps(option: string, steps: number, least: number): void {
  if (Number.isInteger(steps) && steps >= least) return;
  throw new CajalError(`${option} must be a whole number of steps ≥ ${least}, got ${steps}`, {
    code: "bad-option",
    where: "recordSynapses",
  });
}
