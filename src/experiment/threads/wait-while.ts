/**
 * @file Waiting for another thread's word, which mostly comes at once: waking one that sleeps takes about 0.1 ms, longer
 * than what is between two tasks of an update.
 */

/** Time for which a thread stays awake before it sleeps [ms]: the optimiser's and the loss's of middling networks. */
const AWAKE = 0.25;
/** Looks between two at the clock. */
const LOOKS = 64;

/**
 * Wait as long as a word has a value.
 *
 * @param longest - Time after which it is given up [ms].
 * @returns Whether it has another one.
 */
export function waitWhile(words: Int32Array, at: number, value: number, longest = Infinity): boolean {
  const end = performance.now() + AWAKE;
  do {
    for (let k = 0; k < LOOKS; k++) if (Atomics.load(words, at) !== value) return true;
  } while (performance.now() < end);
  return Atomics.wait(words, at, value, longest) !== "timed-out";
}
