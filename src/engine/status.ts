/**
 * @file How a run ended. A run that goes wrong returns a status with advice, so that a sweep survives it.
 */

/** Where an instance stopped being finite. */
export interface Divergence {
  instance: number;
  /** `population.variable` */
  variable: string;
  unit: number;
  /** End of the first step with a value that is not finite [ms]. */
  t: number;
  message: string;
}

/** How a run ended. */
export interface RunStatus {
  /** `diverged` when at least one instance did; the others ran on to the end. */
  status: "done" | "diverged";
  /** Time at the end [ms]. */
  t: number;
  /** Steps of this call. */
  steps: number;
  /** All instances that have diverged since the last reset, by instance. */
  diverged: Divergence[];
}

/** Message of a divergence, naming variable, unit and time, with a mend. */
export function describeDivergence(d: Omit<Divergence, "message">, value: number, instances: number): string {
  const which = instances > 1 ? ` (instance ${d.instance})` : "";
  const became = Number.isNaN(value) ? "NaN" : value > 0 ? "infinite" : "minus infinite";
  return `${d.variable} of unit ${d.unit}${which} became ${became} at t = ${d.t} ms; lower dt, the gain or the weights.`;
}
