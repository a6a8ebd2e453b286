/**
 * @file How time is taken. CPU time of the whole process, all its threads, so that compilers and collectors working
 * beside the main thread count, and other programs on the machine do not.
 */

/** Seconds of single repetitions, with their best and middle. */
export interface Timing {
  seconds: number[];
  min: number;
  median: number;
}

/** CPU seconds a function takes, user and system, over all threads. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Wall seconds, for what is shorter than the clock of CPU time resolves. */
export function wallSeconds(work: () => void): number {
  const before = performance.now();
  work();
  return (performance.now() - before) / 1e3;
}

/** Best and middle of some seconds. */
export function summarize(seconds: number[]): Timing {
  const sorted = [...seconds].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { seconds, min: sorted[0], median };
}

/**
 * CPU seconds of one call, from batches long enough for the clock, after a warm-up in which V8 compiles.
 *
 * @param options.repeats - Batches, default 10.
 * @param options.batchSeconds - Least length of a batch, default 0.03; a long call is a batch of its own.
 * @param options.warmUp - Calls before the first batch, default 3.
 */
export function measure(
  work: () => void,
  options: { repeats?: number; batchSeconds?: number; warmUp?: number } = {},
): Timing {
  const { repeats = 10, batchSeconds = 0.03, warmUp = 3 } = options;
  for (let k = 0; k < warmUp; k++) work();
  const one = Math.max(wallSeconds(work), 1e-7);
  const calls = Math.max(1, Math.ceil(batchSeconds / one));
  const batch = () => {
    for (let k = 0; k < calls; k++) work();
  };
  return summarize(Array.from({ length: repeats }, () => cpuSeconds(batch) / calls));
}

/**
 * Take repetitions in turn, A B A B …, so that a machine that slows down slows everyone down.
 *
 * @param contenders - Each runs once and returns its seconds.
 */
export async function interleave(
  contenders: readonly (() => number | Promise<number>)[],
  repeats: number,
): Promise<Timing[]> {
  const seconds = contenders.map((): number[] => []);
  for (let k = 0; k < repeats; k++) {
    for (const [c, contender] of contenders.entries()) seconds[c].push(await contender());
  }
  return seconds.map(summarize);
}

let sink = 0;

/** Make a result count, so that no compiler may drop the work behind it. */
export function consume(values: number | ArrayLike<number>): void {
  sink += typeof values === "number" ? values : values[values.length - 1];
}

/** What was consumed; printed nowhere, but nobody can know that. */
export function consumed(): number {
  return sink;
}

/** max |a − b|. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  let worst = 0;
  for (let k = 0; k < a.length; k++) worst = Math.max(worst, Math.abs(a[k] - b[k]));
  return worst;
}
