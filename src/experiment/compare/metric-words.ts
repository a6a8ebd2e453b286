/**
 * @file Names of metrics as people read them, in tables and on axes.
 */

/** Heads of columns, what they mean, and the axis of a figure where the head does not do. */
const WORDS: Readonly<Record<string, { head: string; meaning: string; axis?: string }>> = {
  minimumLoss: { head: "minimum loss", meaning: "smallest loss of a training" },
  updateOfMinimum: { head: "at update", meaning: "update of the minimum", axis: "Update of the minimum" },
  updateNearMinimum: {
    head: "near from",
    meaning: "first update with a loss within 1 % of the curve's range above its minimum",
    axis: "First update near the minimum",
  },
  bestFractionCorrect: { head: "best correct", meaning: "largest fraction correct of a validation" },
  testFractionCorrect: {
    head: "test correct",
    meaning: "fraction correct of the best network on fresh trials",
  },
  updatesToTarget: {
    head: "to target",
    meaning: "updates until the target was reached",
    axis: "Updates to the target",
  },
};

/** `minimum loss`; of a metric without words of its own `some metric`. */
export function metricHead(metric: string): string {
  return (
    WORDS[metric]?.head ??
    metric.replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)
  );
}

/** Name of a metric on an axis. */
export function metricAxis(metric: string): string {
  const head = metricHead(metric);
  return WORDS[metric]?.axis ?? head[0].toUpperCase() + head.slice(1);
}

/** What a metric is, for those whose head does not say it. */
export function metricMeaning(metric: string): string | undefined {
  return WORDS[metric]?.meaning;
}
