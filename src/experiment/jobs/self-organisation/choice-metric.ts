/**
 * @file Names of the choices that a network makes about mixed cues.
 */

const NAME = /^choseA(\d+(?:\.\d+)?)(Internal)?$/;

/** Name of the metric that counts how often a cue with a share of A is told as A: `choseA30` for 0.3. */
export function choiceMetric(fraction: number): string {
  return `choseA${Number((100 * fraction).toFixed(6))}`;
}

/** Share of A in the cue that a metric is about [%], if it is one of these. */
export function choicePercent(metric: string): number | undefined {
  const found = NAME.exec(metric);
  return found ? Number(found[1]) : undefined;
}
