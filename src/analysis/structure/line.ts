/** @file Least-squares straight line with its standard error. */

/** y = intercept + slope x. */
export interface FittedLine {
  slope: number;
  intercept: number;
  /** Of the slope, from the scatter about the line; NaN below three points. */
  standardError: number;
}

/** Line through points; NaN below two different places. */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): FittedLine {
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let k = 0; k < n; k++) {
    meanX += x[k];
    meanY += y[k];
  }
  meanX /= n;
  meanY /= n;
  let [xx, xy, residual] = [0, 0, 0];
  for (let k = 0; k < n; k++) {
    xx += (x[k] - meanX) * (x[k] - meanX);
    xy += (x[k] - meanX) * (y[k] - meanY);
  }
  const slope = xy / xx;
  for (let k = 0; k < n; k++) {
    const r = y[k] - meanY - slope * (x[k] - meanX);
    residual += r * r;
  }
  const standardError = n > 2 ? Math.sqrt(residual / (n - 2) / xx) : Number.NaN;
  return { slope, intercept: meanY - slope * meanX, standardError };
}
