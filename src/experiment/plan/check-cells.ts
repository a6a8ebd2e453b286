/**
 * @file Every cell of a sweep is checked before the first job runs.
 */

import type { AnyExperiment } from "../spec/experiment-kind.ts";
import { cellCount, cellIndices } from "../spec/grid.ts";
import { distinctIssues, type Issue, issuesError } from "../spec/issue.ts";
import type { Problem } from "../spec/problem.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";

/** Problems after which no further cell is looked at. */
const ENOUGH = 20;

/**
 * Check the cells one after the other.
 *
 * @param whole - Problems of the experiment as a whole, told first.
 * @throws CajalError with every problem found, each with its place.
 */
export async function checkCells<E extends AnyExperiment>(
  resolved: Resolved<E>,
  check: (experiment: E) => Promise<Problem[]>,
  whole: readonly Problem[] = [],
): Promise<void> {
  const issues: Issue[] = whole.map((p) => resolved.issue(p));
  const count = cellCount(resolved.factors);
  for (let cell = 0; cell < count && issues.length < ENOUGH; cell++) {
    const indices = cellIndices(resolved.factors, cell);
    const problems = await check(resolved.cell(indices));
    issues.push(...problems.map((p) => resolved.issue(p, indices)));
  }
  if (issues.length > 0) throw issuesError(distinctIssues(issues));
}
