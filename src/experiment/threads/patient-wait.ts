/**
 * @file Waiting for another thread's word, which mostly comes at once: waking one that sleeps takes about 0.1 ms, longer
 * than what is between two tasks of an update.
 */

/** Longest time for which a thread stays awake [ms]: what is between two tasks of small networks takes less. */
const LONGEST = 0.5;
/** Shortest [ms]. Where others want the cores, staying awake keeps the one that is waited for from running. */
const SHORTEST = 0.01;
/** Looks between two at the clock. */
const LOOKS = 64;

/** One who waits; how long it stays awake before it sleeps is halved when that was in vain, and doubled when not. */
export class PatientWait {
  readonly #words: Int32Array;
  #awake = LONGEST;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  /**
   * Wait as long as a word has a value.
   *
   * @param longest - Time after which it is given up [ms].
   * @returns Whether it has another one.
   */
  while(at: number, value: number, longest = Infinity): boolean {
    const start = performance.now();
    const changed =
      this.#isAwake(at, value, start) || Atomics.wait(this.#words, at, value, longest) !== "timed-out";
    const isSoon = performance.now() - start < LONGEST;
    this.#awake = isSoon ? Math.min(LONGEST, 2 * this.#awake) : Math.max(SHORTEST, this.#awake / 2);
    return changed;
  }

  /** Whether it changes while one looks. */
  #isAwake(at: number, value: number, start: number): boolean {
    do {
      for (let k = 0; k < LOOKS; k++) if (Atomics.load(this.#words, at) !== value) return true;
    } while (performance.now() - start < this.#awake);
    return false;
  }
}
