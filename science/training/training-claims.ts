/**
 * @file Claims that all studies of training make.
 */

import type { Findings } from "../claims.ts";

/** As text, one decimal. */
export const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;

/** Every one of the networks did. */
export function all(findings: Findings, id: string, claim: string, done: readonly boolean[]): void {
  const reached = done.filter(Boolean).length;
  const measured = `${reached} of ${done.length}`;
  findings.holds(id, claim, { wanted: `all ${done.length}`, measured, holds: reached === done.length });
}

/** No weight of any update of any network broke a sign or a mask. */
export function lawful(
  findings: Findings,
  id: string,
  trainings: readonly { breaches: number; looked?: number }[],
): void {
  const breaches = trainings.reduce((sum, t) => sum + t.breaches, 0);
  const looked = trainings.reduce((sum, t) => sum + (t.looked ?? 0), 0);
  const seen = looked > 0 ? ` of ${(looked / 1e6).toFixed(0)} million` : "";
  findings.holds(id, "weights off their mask or of the wrong sign, counted after every update", {
    wanted: "0",
    measured: `${breaches}${seen}`,
    holds: breaches === 0,
  });
}
