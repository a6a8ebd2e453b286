/**
 * @file Implicit (backward) Euler for affine systems: x' = x + h f(x') with f = A x + b, that is (I − h A) x' = x + h b,
 * solved once per step by elimination. The lines of a block are solved together; all other variables are held constant.
 */

import { type Affine, affineIn } from "../../affine.ts";
import { constant, divide, multiply, subtract, type Term } from "../../term.ts";
import { advance, type Integrator, type OdeLine, oldValue, type Refuse, stepLength } from "./method.ts";

/** Backward Euler, the lines of a block together. */
export const implicit: Integrator = (lines, name, refuse) => {
  const n = lines.length;
  const matrix: Term[][] = [];
  const right: Term[] = [];
  lines.forEach((line, i) => {
    const { slopes, offset } = affineRow(lines, line, refuse);
    matrix.push(slopes.map((a, j) => subtract(constant(i === j ? 1 : 0), multiply(stepLength, a))));
    right.push(advance(oldValue(line), stepLength, offset));
  });
  // Elimination without pivoting: for small h the matrix is close to the identity.
  for (let p = 0; p < n; p++) {
    for (let i = p + 1; i < n; i++) {
      if (isZero(matrix[i][p])) continue;
      const factor = name(divide(matrix[i][p], matrix[p][p]), lines[i].locality);
      for (let j = p + 1; j < n; j++) {
        matrix[i][j] = name(subtract(matrix[i][j], multiply(factor, matrix[p][j])), lines[i].locality);
      }
      right[i] = name(subtract(right[i], multiply(factor, right[p])), lines[i].locality);
    }
  }
  const solution: Term[] = new Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = right[i];
    for (let j = i + 1; j < n; j++) sum = subtract(sum, multiply(matrix[i][j], solution[j]));
    solution[i] = name(divide(sum, matrix[i][i]), lines[i].locality);
  }
  return solution;
};

// Implementation

const isZero = (t: Term) => t.kind === "constant" && t.value === 0;

/** Coefficients of one rate in all variables of the block: rate = Σ slopes[j] x_j + offset. */
function affineRow(lines: OdeLine[], line: OdeLine, refuse: Refuse): { slopes: Term[]; offset: Term } {
  let offset = line.rate;
  const slopes: Term[] = [];
  for (const other of lines) {
    const affine: Affine | undefined = affineIn(offset, "variable", other.variable);
    const coupled =
      affine && lines.some((l) => affineIn(affine.slope, "variable", l.variable)?.offset !== affine.slope);
    if (affine === undefined || coupled) {
      return refuse(
        line,
        `the implicit method needs d${line.variable}/dt to be affine in ${lines.map((l) => l.variable).join(", ")}`,
        "Use explicit, midpoint or rk4 for this line.",
      );
    }
    slopes.push(affine.slope);
    offset = affine.offset;
  }
  return { slopes, offset };
}
