/**
 * @file Minimum of a function of two variables by the downhill simplex of Nelder & Mead (1965), Comput. J. 7, 308,
 * started twice so that a collapsed simplex does not end the search. Deterministic.
 */

/** Where a search ended. */
export interface Minimum {
  x: number;
  y: number;
  value: number;
}

/**
 * @param f - Function of two numbers; NaN counts as +∞.
 * @param start - First corner.
 * @param step - First edge lengths.
 */
export function minimize2d(
  f: (x: number, y: number) => number,
  start: readonly [number, number],
  step: readonly [number, number],
): Minimum {
  const first = search(f, start, step);
  return search(f, [first.x, first.y], [step[0] / 4, step[1] / 4]);
}

// Implementation

function search(
  f: (x: number, y: number) => number,
  [x0, y0]: readonly [number, number],
  [dx, dy]: readonly [number, number],
): Minimum {
  const at = (x: number, y: number): Minimum => {
    const value = f(x, y);
    return { x, y, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const corners = [at(x0, y0), at(x0 + dx, y0), at(x0, y0 + dy)];
  for (let k = 0; k < 400; k++) {
    corners.sort((a, b) => a.value - b.value);
    const [best, middle, worst] = corners;
    const size = Math.abs(worst.x - best.x) + Math.abs(worst.y - best.y);
    if (size < 1e-9 * (1 + Math.abs(best.x) + Math.abs(best.y))) break;
    const cx = (best.x + middle.x) / 2;
    const cy = (best.y + middle.y) / 2;
    const along = (s: number) => at(cx + s * (cx - worst.x), cy + s * (cy - worst.y));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(2);
      corners[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < middle.value) {
      corners[2] = reflected;
    } else {
      const contracted = reflected.value < worst.value ? along(0.5) : along(-0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[2] = contracted;
      else {
        for (const c of [1, 2]) {
          corners[c] = at((best.x + corners[c].x) / 2, (best.y + corners[c].y) / 2);
        }
      }
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return corners[0];
}
