/**
 * @file How far long jobs are, counted in steps: a run of two jobs of an hour each must not say "0 of 2" for an hour.
 */

import type { JobSpec, JobState } from "../src/experiment/index.ts";
import { formatCount, formatSeconds } from "./format.ts";

/** Counts the steps of jobs that tell theirs; of no use for others. */
export class StepMeter {
  readonly #word: string;
  #total = 0;
  /** Steps of ended jobs. */
  #ended = 0;
  /** Steps simulated in this session, those of ended jobs. */
  #worked = 0;
  readonly #running = new Map<JobSpec, { first: number; now: number; state?: JobState }>();

  /** @param word - What a step is called. */
  constructor(word = "step") {
    this.#word = word;
  }

  begin(jobs: readonly JobSpec[]): void {
    this.#total = jobs.reduce((sum, { steps = 0 }) => sum + steps, 0);
  }

  /** @param steps - Done; the first call says where the job began. @param state - How the job stands. */
  progressed(job: JobSpec, steps: number, state?: JobState): void {
    const { first = steps } = this.#running.get(job) ?? {};
    this.#running.set(job, { first, now: steps, ...(state !== undefined && { state }) });
  }

  /** How the running jobs of a network stand, of those that say. */
  states(network: string): JobState[] {
    return [...this.#running].flatMap(([job, { state }]) =>
      state === undefined || job.network !== network ? [] : [state],
    );
  }

  ended(job: JobSpec): void {
    const { first = 0 } = this.#running.get(job) ?? {};
    this.#running.delete(job);
    this.#ended += job.steps ?? 0;
    this.#worked += (job.steps ?? 0) - first;
  }

  /** Running jobs of a network, each counted by the part that is done. */
  running(network: string): number {
    let sum = 0;
    for (const [job, { now }] of this.#running) {
      if (job.network === network) sum += now / (job.steps ?? 1);
    }
    return sum;
  }

  /** `45 % of 2 000 000 steps · 41 000 steps/s · 2 min 10 s left`; undefined where no job counts steps. */
  words(seconds: number): string | undefined {
    if (this.#total === 0) return undefined;
    let done = this.#ended;
    let worked = this.#worked;
    for (const { first, now } of this.#running.values()) {
      done += now;
      worked += now - first;
    }
    const share = `${Math.floor((100 * done) / this.#total)} % of ${formatCount(this.#total)} ${this.#word}s`;
    if (worked === 0 || seconds < 1) return share;
    const rate = worked / seconds;
    const left = formatSeconds((this.#total - done) / rate);
    return `${share} · ${formatCount(Number(rate.toPrecision(2)))} ${this.#word}s/s · ${left} left`;
  }
}
