/**
 * @file One job of an experiment in which networks are trained: from the first update to the last, or on from where an
 * earlier attempt was cut, then fresh trials with the best parameters, and its numbers and arrays.
 */

import {
  constraintTensors,
  encodeSafetensors,
  parameterTensors,
  Trainer,
  type TrainingResult,
  withParameters,
} from "../../learning/index.ts";
import { jobBackend } from "../native/job-backend.ts";
import { encodeTrainingRecord, trainingArrays } from "../results/training-record.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { GIVEN_PROJECTIONS } from "../spec/weights-file-schema.ts";
import { threadTeam } from "../threads/thread-team.ts";
import { type JobContext, type JobPlace, JobStopped, type RunJob } from "./job.ts";
import { recordsHash } from "./self-organisation/run-records.ts";
import { conditionsOf } from "./training/build-task.ts";
import { fromTrained, type GivenWeights } from "./training/given-weights.ts";
import { recordOf } from "./training/record-of.ts";
import { testTrials } from "./training/test-trials.ts";
import { trainingMetrics } from "./training/training-metrics.ts";
import { setUpTraining, type TrainingSetup } from "./training/training-setup.ts";

/** Run one job. Training that breaks gives a failure, and leaves its record up to there. */
export const runTrainingJob: RunJob<TrainingExperiment> = async (job, context) => {
  const { experiment, id, group } = job;
  const { place } = context;
  const { connectome: source, transforms, seed } = experiment;
  const connectome = source && (await context.connectome({ connectome: source, transforms, seed }));
  const given = await givenWeights(experiment, context);
  const setup = setUpTraining(experiment, { connectome, given, repeat: job.repeat });
  const trainer = new Trainer(setup.options, threadTeam(place.threads));
  const initial = trainer.parameters();
  try {
    await trainThrough(trainer, place);
  } finally {
    trainer.dispose();
  }
  const result = trainer.result();
  const isBroken = result.status === "diverged";
  const test = isBroken ? undefined : tested(experiment, setup, result);
  const record = recordOf({ setup, backend: trainer.backend.path, initial, result, test });
  const { npz, json } = encodeTrainingRecord(record);
  for (const [moment, parameters] of [
    ["last", result.last],
    ["best", result.best.parameters],
  ] as const) {
    const { rate } = setup.built;
    const tensors = { ...parameterTensors(rate.network, parameters), ...constraintTensors(rate) };
    await place.write(`${moment}.safetensors`, encodeSafetensors(tensors), "weights");
  }
  await place.write("json", json);
  // Last: a job whose arrays are there is whole.
  await place.write("npz", npz);
  if (isBroken) {
    const failures = [{ cell: job.cells[0].index, message: result.message }];
    return { id, status: "done", rows: [], failures, seconds: 0 };
  }
  const metrics = {
    ...trainingMetrics(record, test),
    recordsHash: recordsHash(trainingArrays(record)),
  };
  const rows = Object.entries(metrics).map(([metric, value]) => ({
    ...{ job: group, factors: {}, metric, value },
    delay: null,
  }));
  return { id, status: "done", rows, failures: [], seconds: 0 };
};

// Implementation

async function givenWeights(
  { network: { weights = {} } }: TrainingExperiment,
  context: JobContext,
): Promise<GivenWeights> {
  if (weights.path !== undefined) return fromTrained(await context.trained(weights.path));
  const given: GivenWeights = {};
  for (const name of GIVEN_PROJECTIONS) {
    const source = weights[name];
    if (source) given[name] = await context.weights(source);
  }
  return given;
}

/** First byte of a saved state: what ran the equations. */
const PATH_CODES = { wasm: 1, native: 2, interpret: 3 } as const;

/** Time between two looks at the user's wish to stop [ms]. */
const LOOK_EVERY = 50;

async function trainThrough(trainer: Trainer, place: JobPlace): Promise<void> {
  const saved = await place.saved();
  const code = PATH_CODES[trainer.backend.path];
  // Bits differ between paths: what another one began is begun anew.
  if (saved?.[0] === code) trainer.restore(saved.slice(1));
  place.progress(trainer.updates, trainer.history.loss.at(-1));
  let last = performance.now();
  let looked = last;
  while (trainer.status === "running") {
    trainer.step();
    if (performance.now() - looked < LOOK_EVERY) continue;
    place.progress(trainer.updates, trainer.history.loss.at(-1));
    // Messages and signals are heard here only.
    await new Promise((resolve) => setImmediate(resolve));
    looked = performance.now();
    const isStopping = place.isStopping();
    if (isStopping || looked - last >= 1000 * place.saveEvery) {
      await place.save(withCode(code, trainer.save()));
      last = performance.now();
    }
    if (isStopping) throw new JobStopped("stopped");
  }
  place.progress(trainer.updates, trainer.history.loss.at(-1));
}

function withCode(code: number, state: Uint8Array): Uint8Array {
  const out = new Uint8Array(1 + state.length);
  out[0] = code;
  out.set(state, 1);
  return out;
}

/** Fresh trials with the best parameters. */
function tested(
  { test, precision }: TrainingExperiment,
  { testTask, built, rng }: TrainingSetup,
  { best, carried }: TrainingResult,
) {
  const { rate } = built;
  return testTrials({
    network: withParameters(rate.network, best.parameters),
    task: testTask,
    names: { input: rate.input, output: rate.output, activity: rate.sources?.r ?? rate.output },
    trials: test.trials,
    shown: test.shown,
    conditions: conditionsOf(test.conditions, testTask),
    rng: rng.stream("test"),
    start: carried?.best,
    run: { precision, backend: jobBackend() },
  });
}
