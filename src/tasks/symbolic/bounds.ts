/**
 * @file The best possible scores: of the counting task, of one who only repeats, and of words with probabilities.
 */

import { checkProbabilities, checkWhole } from "./checks.ts";
import { parseWords, type Word } from "./words.ts";

/**
 * Highest expected next-symbol accuracy in the counting task, 1 − 1/(2(n + 2)): all of a word but its first letter,
 * which is a coin's.
 */
export function countingBound(n: number): number {
  checkWhole("countingBound", "n", n);
  return 1 - 1 / (2 * (n + 2));
}

/**
 * Normalised score of the trivial predictor that repeats the middle letter, (n + ½)/(n + 3/2): right in n letters and
 * half of the first ones. A network that does not beat it has not been shown to count.
 */
export function repeatScore(n: number): number {
  checkWhole("repeatScore", "n", n);
  return (n + 0.5) / (n + 1.5);
}

/**
 * Highest expected share of right next symbols in a `wordSequence` for a predictor that knows words, probabilities
 * and where the present word began: at each beginning of a word it guesses the likeliest continuation. Where one word
 * begins another and no blank tells them apart, the beginning of the next word counts among the continuations.
 *
 * @param options.probabilities - Of each word, sum 1, default equal.
 * @param options.blanks - Whether blanks stand between the words, default false.
 * @throws CajalError `bad-words` or `bad-probabilities`.
 * @example wordBound(["abbbbc", "deeeef"]) // 1 − 1/12
 */
export function wordBound(
  words: readonly Word[],
  options: { probabilities?: ArrayLike<number>; blanks?: boolean } = {},
): number {
  const where = "wordBound";
  const { probabilities = new Float64Array(words.length).fill(1 / words.length), blanks = false } = options;
  const list = parseWords(where, words).words;
  checkProbabilities(where, probabilities, list.length);
  // Key: a beginning of a word; value: chance that a word goes on from it with each symbol, and that it ends there.
  const beginnings = new Map<string, { next: Map<number, number>; ends: number }>();
  let shown = 0;
  list.forEach((word, w) => {
    for (let k = 0; k <= word.length; k++) {
      const key = word.slice(0, k).join(" ");
      const node = beginnings.get(key) ?? { next: new Map(), ends: 0 };
      beginnings.set(key, node);
      if (k === word.length) node.ends += probabilities[w];
      else node.next.set(word[k], (node.next.get(word[k]) ?? 0) + probabilities[w]);
    }
    shown += probabilities[w] * word.filter((s) => s >= 0).length;
  });
  const first = beginnings.get("")!.next;
  let right = 0;
  for (const [key, { next, ends }] of beginnings) {
    // Without blanks the first symbol of a word is guessed at the end of the word before.
    if (key === "" && !blanks) continue;
    let best = 0;
    const symbols = new Set([...next.keys(), ...(blanks ? [] : first.keys())]);
    for (const s of symbols) {
      // A blank inside a word is not scored.
      if (s < 0) continue;
      const begins = blanks ? 0 : ends * (first.get(s) ?? 0);
      best = Math.max(best, (next.get(s) ?? 0) + begins);
    }
    right += best;
  }
  return right / shown;
}
