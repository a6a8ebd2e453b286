/**
 * @file Spectral radius ρ(W) = max |λ| of a general real matrix: directed, signed, sparse or dense. Taken per strongly
 * connected component, small ones with the dense solver, large ones with Arnoldi. For non-negative components the
 * Perron root is searched and certified by its positive eigenvector (Horn & Johnson 2013, section 8.4).
 */

import { CajalError } from "../errors.ts";
import { type Matrix, type SparseMatrix, toSparse } from "../matrix.ts";
import { type DominantEigenvalue, dominantEigenvalue } from "./arnoldi.ts";
import { checkSquareFinite, denseEigenvalues } from "./eigenvalues.ts";
import { hypotenuse, largestMagnitude, safeScale } from "./scaling.ts";
import { principalBlock, strongComponents } from "./strong-components.ts";

/** Options of {@link spectralRadius}. */
export interface SpectralRadiusOptions {
  /** Largest residual ‖W x − λ x‖ / |λ| accepted from Arnoldi, dimensionless, default 1e-14. */
  tolerance?: number;
  /** Components with at most this many nodes go straight to the dense solver, default 96. */
  denseLimit?: number;
}

/**
 * Spectral radius of a general real matrix; exactly 0 for acyclic graphs.
 *
 * Agrees with the dense solver to 1e-10 relative wherever the dominant eigenvalue is not extremely ill-conditioned
 * (for a Jordan block of size k neither can do better than (1e-16)^(1/k)).
 *
 * @param m - Weights, shape `(post, pre)`, square, finite.
 * @returns ρ ≥ 0, dimensionless.
 * @throws CajalError `not-square`, `not-finite`.
 * @example spectralRadius(connectome.weights)
 */
export function spectralRadius(m: Matrix, options: SpectralRadiusOptions = {}): number {
  const { tolerance = 1e-14, denseLimit = 96 } = options;
  const sparse = toSparse(checkSquareFinite(m, "spectralRadius"));
  let radius = 0;
  for (const nodes of strongComponents(sparse)) {
    // Nodes ascend: all of them are the matrix as it is.
    const block = nodes.length === sparse.rows ? sparse : principalBlock(sparse, nodes);
    const found =
      nodes.length <= Math.max(denseLimit, LEAST_ARNOLDI)
        ? denseRadius(block)
        : blockRadius(block, tolerance);
    radius = Math.max(radius, found);
  }
  return radius;
}

// Implementation

/** Heavy-tailed weights need the first; hundreds of eigenvalues near the rim, as random signs make, the last. */
const EFFORTS = [
  { basis: 48, maxRestarts: 3, leastRows: 0 },
  { basis: 96, maxRestarts: 12, leastRows: 0 },
  { basis: 240, maxRestarts: 12, leastRows: 600 },
];
/** Below this a restart would have nothing to keep. */
const LEAST_ARNOLDI = 8;
/** Beyond this many nodes the dense solver takes minutes and gigabytes. */
const DENSE_FALLBACK = 3000;
/** Entries of a computed Perron vector may be this much on the wrong side of 0, relative to the largest. */
const PERRON_SLACK = 1e-8;

function denseRadius(block: SparseMatrix): number {
  const { re, im } = denseEigenvalues(block);
  let radius = 0;
  for (let k = 0; k < re.length; k++) radius = Math.max(radius, hypotenuse(re[k], im[k]));
  return radius;
}

/** Radius of one strongly connected block by Arnoldi, or by the dense solver where Arnoldi gives no sure answer. */
function blockRadius(block: SparseMatrix, tolerance: number): number {
  const scale = safeScale(largestMagnitude(block.values));
  const scaled = { ...block, values: block.values.map((v) => v * scale) };
  const nonNegative = scaled.values.every((v) => v >= 0);
  for (const { basis, maxRestarts, leastRows } of EFFORTS) {
    if (block.rows < leastRows) continue; // the dense solver is quicker
    const found = dominantEigenvalue(scaled, {
      which: nonNegative ? "real" : "modulus",
      tolerance,
      basis,
      maxRestarts,
    });
    if (found && (!nonNegative || isPerron(found))) return hypotenuse(found.re, found.im) / scale;
  }
  if (block.rows <= DENSE_FALLBACK) return denseRadius(block);
  throw new CajalError(`Arnoldi did not converge for a component of ${block.rows} nodes`, {
    code: "no-convergence",
    where: "spectralRadius",
    hint: `Raise tolerance (now ${tolerance}).`,
  });
}

/** Of a non-negative irreducible matrix only the Perron eigenvector has one sign: having it is having ρ. */
function isPerron({ vector }: DominantEigenvalue): boolean {
  if (!vector) return false;
  let least = 0;
  let most = 0;
  for (const v of vector) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return Math.min(-least, most) <= PERRON_SLACK * Math.max(-least, most);
}
