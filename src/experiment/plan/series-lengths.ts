/**
 * @file How the steps of a series are shared out: washout first, then training, then test, in time order.
 */

import { trainingSteps } from "../../learning/index.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";

/** Lengths [steps]; together they are `task.steps`. A series too short for its parts has parts of 0 or less. */
export interface SeriesLengths {
  washout: number;
  train: number;
  test: number;
}

/** The lengths of an experiment's series, as the readout will split it. */
export function seriesLengths({
  task,
  readout,
}: Pick<ResolvedExperiment, "task" | "readout">): SeriesLengths {
  const { steps, washout } = task;
  const train = trainingSteps(steps - washout, readout.trainFraction);
  return { washout, train, test: steps - washout - train };
}
