/**
 * @file Fewer points, same picture: a printed line needs no more detail than its paper.
 */

/** Deviation nobody can see [px]. */
const TOLERANCE = 0.12;

/**
 * Indices of the points that keep a line's picture.
 *
 * First, in each half pixel the first, lowest, highest and last point remain (Jugel et al. (2014), "M4", VLDB 7,
 * 797–808); then points within a tenth of a pixel of the straight line between kept neighbours go (Douglas & Peucker
 * 1973). Gaps (NaN) are kept.
 *
 * @param x - Shape `(point)`, ascending.
 * @param y - Shape `(point)`.
 * @param scale - Pixels for a unit of x and of y.
 * @returns Indices kept, ascending.
 */
export function thinLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  scale: { x: number; y: number },
): number[] {
  const columns = thinColumns(x, y, scale.x * 2);
  const kept: number[] = [];
  let start = 0;
  for (let i = 0; i <= columns.length; i++) {
    if (i < columns.length && !Number.isNaN(y[columns[i]])) continue;
    if (i > start) straighten(columns.slice(start, i), { x, y, scale }, kept);
    if (i < columns.length) kept.push(columns[i]);
    start = i + 1;
  }
  return kept;
}

// Implementation

function thinColumns(x: ArrayLike<number>, y: ArrayLike<number>, columnsPerUnit: number): number[] {
  const n = y.length;
  const columnOf = (i: number) => Math.floor((x[i] - x[0]) * columnsPerUnit);
  const kept: number[] = [];
  let start = 0;
  while (start < n) {
    const column = columnOf(start);
    let low = start;
    let high = start;
    let end = start + 1;
    for (; end < n && columnOf(end) === column && !Number.isNaN(y[end]); end++) {
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
    }
    kept.push(...new Set([start, low, high, end - 1].sort((a, b) => a - b)));
    start = end;
  }
  return kept;
}

/** Douglas–Peucker over the given indices, appended to `kept`. */
function straighten(
  at: readonly number[],
  { x, y, scale }: { x: ArrayLike<number>; y: ArrayLike<number>; scale: { x: number; y: number } },
  kept: number[],
): void {
  const keep = new Uint8Array(at.length);
  keep[0] = 1;
  keep[at.length - 1] = 1;
  const open: [number, number][] = [[0, at.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    const dx = (x[at[to]] - x[at[from]]) * scale.x;
    const dy = (y[at[to]] - y[at[from]]) * scale.y;
    const square = dx * dx + dy * dy;
    let worst = TOLERANCE;
    let worstAt = -1;
    for (let i = from + 1; i < to; i++) {
      const px = (x[at[i]] - x[at[from]]) * scale.x;
      const py = (y[at[i]] - y[at[from]]) * scale.y;
      // To the piece itself, not to the line through it: an overshoot lies on a vertical line and beyond its piece.
      const t = square > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / square)) : 0;
      const distance = Math.sqrt((px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy));
      if (distance > worst) {
        worst = distance;
        worstAt = i;
      }
    }
    if (worstAt < 0) continue;
    keep[worstAt] = 1;
    open.push([from, worstAt], [worstAt, to]);
  }
  for (let i = 0; i < at.length; i++) if (keep[i]) kept.push(at[i]);
}
