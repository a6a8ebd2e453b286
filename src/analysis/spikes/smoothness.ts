/**
 * @file Smoothness of the activity over time, from its differences d(t) = a(t + 1) − a(t).
 */

/** Two measures of roughness: small is smooth. */
export interface Smoothness {
  /** sd(d), divisor n: has the scale of the activity. */
  scaleDependent: number;
  /**
   * sd(d) / |mean(d)|. The mean of the differences is (a(T−1) − a(0)) / (T − 1), so this says more about the two ends
   * than about smoothness, and is Infinity when they are equal; kept to compare with published values.
   */
  scaleIndependent: number;
  /** sd(d) / sd(a), free of scale and of the ends: √(2 (1 − r₁)) with the autocorrelation r₁ at lag 1. */
  relative: number;
  /** Null of `relative`: √2, activity without memory, as any shuffling of the steps has on average. */
  memoryless: number;
}

/**
 * Smoothness of an activity.
 *
 * @param series - a(t), shape `(time)`, at least two steps, else all NaN.
 */
export function smoothness(series: ArrayLike<number>): Smoothness {
  const differences = new Float64Array(Math.max(0, series.length - 1));
  for (let t = 0; t < differences.length; t++) differences[t] = series[t + 1] - series[t];
  const d = spread(differences);
  return {
    scaleDependent: d.deviation,
    scaleIndependent: d.deviation / Math.abs(d.mean),
    relative: d.deviation / spread(series).deviation,
    memoryless: Math.SQRT2,
  };
}

// Implementation

function spread(values: ArrayLike<number>): { mean: number; deviation: number } {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  const mean = sum / values.length;
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += (values[k] - mean) * (values[k] - mean);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
