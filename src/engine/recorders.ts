/**
 * @file Compact records of long plastic runs: what a million steps leave behind must stay small. Each takes what it
 * needs at the end of a step; none keeps a history of weights unless asked for snapshots.
 */

import type { SparseMatrix } from "../core/index.ts";
import { CajalError } from "../core/index.ts";
import type { MonitoredState } from "./monitor.ts";
import { HEADER } from "./plasticity/layout.ts";
import type { SynapseStore } from "./plasticity/store.ts";

/** Something that looks at the state after every step. */
export interface Recorder {
  record(step: number): void;
  clear(): void;
}

/** A growing array in chunks, so that recording never copies what it has. */
class Chunks<T extends Uint8Array | Uint32Array> {
  #full: T[] = [];
  #last: T;
  #used = 0;
  readonly #make: (length: number) => T;
  readonly #length: number;

  constructor(make: (length: number) => T, length: number) {
    this.#make = make;
    this.#length = length;
    this.#last = make(length);
  }

  /** Room for `n` numbers, at the returned place of the returned chunk; `n` divides the chunk's length. */
  take(n: number): { chunk: T; at: number } {
    if (this.#used + n > this.#length) {
      this.#full.push(this.#last);
      this.#last = this.#make(this.#length);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += n;
    return { chunk: this.#last, at };
  }

  get length(): number {
    return this.#full.length * this.#length + this.#used;
  }

  concat(): T {
    const out = this.#make(this.length);
    this.#full.forEach((chunk, k) => {
      out.set(chunk, k * this.#length);
    });
    out.set(this.#last.subarray(0, this.#used), this.#full.length * this.#length);
    return out;
  }

  clear(): void {
    this.#full = [];
    this.#last = this.#make(this.#length);
    this.#used = 0;
  }
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
  readonly #rowBytes: number;

  constructor(
    state: MonitoredState,
    { instance = 0, raster = false }: { instance?: number; raster?: boolean } = {},
  ) {
    this.#state = state;
    this.#instance = instance;
    this.#rowBytes = Math.ceil(state.units / 8);
    this.#bits = raster ? new Chunks(octets, this.#rowBytes * 4096) : undefined;
    if (!(instance >= 0 && instance < state.instances)) {
      throw new CajalError(`instance ${instance} is not one of 0 … ${state.instances - 1}`, {
        code: "bad-instance",
        where: `spikes of ${state.name}`,
      });
    }
  }

  record(): void {
    const { values, units, stride } = this.#state;
    const row = this.#bits?.take(this.#rowBytes);
    let active = 0;
    for (let u = 0, at = this.#instance; u < units; u++, at += stride) {
      if (values[at] === 0) continue;
      active++;
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

  clear(): void {
    this.#activity.clear();
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
    this.#store = store;
    this.#every = every;
    this.#snapshots = snapshots;
    this.#events = events ? new Chunks(words, 3 * 8192) : undefined;
  }

  record(step: number): void {
    const { header, bornPairs, diedPairs } = this.#store;
    const births = header[HEADER.births];
    const deaths = header[HEADER.deaths];
    this.#births += births;
    this.#deaths += deaths;
    if (this.#events) {
      for (let k = 0; k < births; k++) this.#note(step, bornPairs[k], 1);
      for (let k = 0; k < deaths; k++) this.#note(step, diedPairs[k], 0);
    }
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

  /** Each birth and death in order, shape `(event, 3)`: step, post × columns + pre, 1 for a birth and 0 for a death. */
  events(): Uint32Array {
    return this.#events?.concat() ?? new Uint32Array(0);
  }

  /** Copies of the weights. */
  snapshots(): readonly { step: number; weights: SparseMatrix }[] {
    return this.#weights;
  }

  clear(): void {
    this.#counts.clear();
    this.#events?.clear();
    this.#weights = [];
    this.#births = 0;
    this.#deaths = 0;
  }

  #note(step: number, pair: number, birth: number): void {
    const { chunk, at } = this.#events!.take(3);
    chunk[at] = step;
    chunk[at + 1] = pair;
    chunk[at + 2] = birth;
  }
}
