/**
 * @file Interval of a share from counts.
 */

/**
 * Interval of a proportion that stays inside 0 … 1, also at its ends. After Wilson (1927), J. Am. Stat. Assoc. 22,
 * 209–212.
 *
 * @param fraction - Share seen, 0 … 1.
 * @param count - Trials; NaN ends without any.
 * @param z - Quantile of the normal distribution; 1.96 for 95 %.
 */
export function wilsonInterval(
  fraction: number,
  count: number,
  z = 1.959963984540054,
): { low: number; high: number } {
  if (!(count > 0)) return { low: Number.NaN, high: Number.NaN };
  const square = (z * z) / count;
  const centre = (fraction + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((fraction * (1 - fraction)) / count + square / (4 * count));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
