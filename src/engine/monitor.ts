/**
 * @file Records of a variable: every n-th step, in a window of time, in full or streamed block by block.
 */

import { CajalError } from "../core/index.ts";

/** What to record. */
export interface MonitorOptions {
  /** Record every n-th step, default 1 (the first recorded step is the first of the window). */
  every?: number;
  /** Record states reached after `from` and up to `to` [ms]; default everything. */
  from?: number;
  to?: number;
  /** Units to keep, default all. */
  units?: ArrayLike<number>;
}

/** A record with its axes. */
export interface Recording {
  /** Shape `(time, unit, instance)`, row-major. */
  values: Float64Array;
  /** Time at the end of each recorded step [ms], shape `(time)`. */
  times: Float64Array;
  units: number;
  instances: number;
}

/** The record of one instance. @returns Shape `(time, unit)`. @throws CajalError `bad-instance`. */
export function takeInstance({ values, instances }: Recording, instance: number): Float64Array {
  if (!Number.isInteger(instance) || instance < 0 || instance >= instances) {
    throw new CajalError(`instance ${instance} is not one of 0 … ${instances - 1}`, {
      code: "bad-instance",
      where: "takeInstance",
    });
  }
  const out = new Float64Array(values.length / instances);
  for (let k = 0; k < out.length; k++) out[k] = values[k * instances + instance];
  return out;
}

/** What a monitor reads from: state in memory, `[unit][instance]` with instances padded to `stride`. */
export interface MonitoredState {
  name: string;
  values: Float64Array | Float32Array;
  units: number;
  instances: number;
  stride: number;
}

/** Rows of one chunk of storage: bounds what growing costs without reserving the whole run. */
const CHUNK_ROWS = 512;

/** Collects one variable during a run; made by `Simulation.monitor`. */
export class Monitor {
  readonly name: string;
  readonly #state: MonitoredState;
  readonly #units: Int32Array;
  readonly #every: number;
  readonly #first: number;
  readonly #last: number;
  readonly #dt: number;
  #chunks: Float64Array[] = [];
  #times: number[] = [];

  constructor(state: MonitoredState, dt: number, options: MonitorOptions = {}) {
    const { every = 1, from = 0, to = Number.POSITIVE_INFINITY } = options;
    const where = `monitor of ${state.name}`;
    if (!Number.isInteger(every) || every < 1) {
      throw new CajalError(`every must be a whole number of steps ≥ 1, got ${every}`, {
        code: "bad-option",
        where,
      });
    }
    if (!(from < to)) {
      throw new CajalError(`the window from ${from} to ${to} ms is empty`, { code: "bad-option", where });
    }
    this.name = state.name;
    this.#state = state;
    this.#units = Int32Array.from(options.units ?? { length: state.units }, (u, k) =>
      options.units ? u : k,
    );
    const outside = this.#units.find((u) => !(u >= 0 && u < state.units));
    if (outside !== undefined) {
      throw new CajalError(`unit ${outside} is outside 0 … ${state.units - 1}`, { code: "bad-unit", where });
    }
    this.#every = every;
    this.#dt = dt;
    // Step k (from 0) ends at (k + 1) dt; tolerate times that are not exact multiples.
    this.#first = Math.max(0, Math.ceil(from / dt - 1e-9));
    this.#last = to === Number.POSITIVE_INFINITY ? to : Math.floor(to / dt + 1e-9) - 1;
  }

  /** Take the state at the end of step `step`, if it is due. */
  record(step: number): void {
    if (step < this.#first || step > this.#last || (step - this.#first) % this.#every !== 0) return;
    const { values, instances, stride } = this.#state;
    const width = this.#units.length * instances;
    const row = this.#times.length % CHUNK_ROWS;
    if (row === 0) this.#chunks.push(new Float64Array(width * CHUNK_ROWS));
    const chunk = this.#chunks[this.#chunks.length - 1];
    let at = row * width;
    for (let k = 0; k < this.#units.length; k++) {
      const base = this.#units[k] * stride;
      for (let b = 0; b < instances; b++) chunk[at++] = values[base + b];
    }
    this.#times.push((step + 1) * this.#dt);
  }

  /** All records so far. */
  data(): Recording {
    const units = this.#units.length;
    const { instances } = this.#state;
    const width = units * instances;
    const values = new Float64Array(width * this.#times.length);
    this.#chunks.forEach((chunk, k) => {
      const left = values.length - k * width * CHUNK_ROWS;
      values.set(left < chunk.length ? chunk.subarray(0, left) : chunk, k * width * CHUNK_ROWS);
    });
    return { values, times: Float64Array.from(this.#times), units, instances };
  }

  /** Forget what was recorded. */
  clear(): void {
    this.#chunks = [];
    this.#times = [];
  }
}
