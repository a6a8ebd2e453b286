/**
 * @file The known name closest to a misspelt one, for "did you mean".
 */

/**
 * Nearest of `known` to `name` by Damerau–Levenshtein distance, ignoring case, or undefined when nothing is near
 * (more than a third of the letters wrong).
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 0.5;
  for (const candidate of known) {
    // Of two at one distance the one of the same length: `tahn` is `tanh`, not `tan`.
    const other = candidate.length === name.length ? 0 : 0.25;
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase()) + other;
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** A sentence for an error's hint: `Did you mean "tau"?` or the list of legal names. */
export function suggest(name: string, known: Iterable<string>): string {
  const names = [...known];
  const near = nearest(name, names);
  const list = names.length ? `Known here: ${names.join(", ")}.` : "Nothing is defined here.";
  return near === undefined ? list : `Did you mean "${near}"? ${list}`;
}

// Implementation

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
