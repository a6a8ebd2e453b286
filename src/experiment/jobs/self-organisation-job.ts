/**
 * @file One job of a network that organises itself: its phases from the first step to the last, or on from where an
 * earlier attempt was cut, then its numbers and arrays.
 */

import { perturbationGrowth, SelfOrganisation } from "../../learning/index.ts";
import { analysedPhase } from "../plan/plan-self-organisation.ts";
import { encodeArchive, vector } from "../results/array-archive.ts";
import type { SelfOrganisationExperiment } from "../spec/self-organisation-schema.ts";
import { repeatRng } from "./choose-nodes.ts";
import {
  type JobPlace,
  type JobRecord,
  type JobSpec,
  JobStopped,
  type MetricRow,
  type RunJob,
} from "./job.ts";
import { buildNetwork, targetRateOf } from "./self-organisation/build-network.ts";
import { measure, thresholdOf } from "./self-organisation/measure.ts";
import { readOut, readoutStates } from "./self-organisation/read-out.ts";
import { RECURRENT, recordsHash, runRecords } from "./self-organisation/run-records.ts";
import { RunWords } from "./self-organisation/run-words.ts";
import { symbolsDrive } from "./self-organisation/symbol-source.ts";

/** Run one job. A run that diverges gives a failure, one that explodes a warning. */
export const runSelfOrganisationJob: RunJob<SelfOrganisationExperiment> = async (job, context) => {
  const { experiment } = job;
  const { connectome: source, transforms, seed, input } = experiment;
  const connectome = source && (await context.connectome({ connectome: source, transforms, seed }));
  const rng = repeatRng(seed, job.repeat);
  const network = buildNetwork(experiment, connectome, rng);
  const { record, phases } = experiment;
  // The activity is recorded in any case.
  const further = readoutStates(experiment).filter((state) => state !== "E.x");
  const noise = rng.stream("noise").integer(2 ** 32);
  const drive = input && symbolsDrive({ phases, input }, rng.stream("input"));
  const run = new SelfOrganisation({
    network,
    seed: noise,
    phases: phases.map(({ name, steps, freeze, readout }) => ({
      ...{ name, steps, freeze },
      ...(readout && further.length > 0 && { rasters: further }),
    })),
    ...(drive && { drive }),
    record: {
      raster: record.raster,
      synapses: [
        {
          projection: RECURRENT,
          every: record.connections,
          events: record.events,
          snapshots: record.weights,
        },
      ],
    },
  });
  await runThrough(run, context.place);
  const result = run.result();
  const targetRate = targetRateOf(network);
  const units = network.populations.find(({ name }) => name === "E")!.size;
  const divergence =
    experiment.analyses.includes("perturbation") && result.status !== "diverged"
      ? perturbationGrowth({
          ...{ network, seed: noise, drive, rng: rng.stream("perturbation") },
          ...{ image: run.simulation.save(), ...experiment.perturbation },
        })
      : undefined;
  const arrays = {
    ...runRecords(result, thresholdOf({ experiment, targetRate, units })),
    ...(divergence && {
      divergence: vector(divergence.distance),
      divergence_alive: vector(divergence.alive),
    }),
  };
  await context.place.write("npz", encodeArchive(arrays));
  const warnings = result.warnings.map(({ phase, message }) => `${job.id}, phase ${phase}: ${message}`);
  if (result.status === "diverged") return failed(job, result.warnings[0]?.message ?? "diverged");
  const phase = result.phases[analysedPhase(experiment)];
  const readout =
    experiment.analyses.includes("readout") && readOut(experiment, result.phases, rng.stream("input"));
  const { metrics, missing } = measure({
    ...{ experiment, result, phase, units, targetRate },
    ...(readout && { readout }),
    ...(divergence && { divergence }),
  });
  const rows = Object.entries({ ...metrics, recordsHash: recordsHash(arrays) });
  return {
    id: job.id,
    status: "done",
    rows: rows.map(([metric, value]) => row(job, metric, value)),
    failures: [],
    seconds: 0,
    warnings: [...warnings, ...missing.map((what) => `${job.id} has no ${what}`)],
  };
};

// Implementation

/** Steps between two looks at the clock and at the user's wish to stop: a tenth of a second or so. */
const SLICE = 4096;

async function runThrough(run: SelfOrganisation, place: JobPlace): Promise<void> {
  const saved = await place.saved();
  if (saved) run.restore(saved);
  place.progress(run.step);
  const look = lookAt(run);
  let last = performance.now();
  while (run.step < run.steps) {
    const { status } = run.advance(SLICE);
    place.progress(run.step, look());
    if (status === "diverged") return;
    // Messages and signals are heard here only.
    await new Promise((resolve) => setImmediate(resolve));
    const stopping = place.isStopping();
    if (stopping || performance.now() - last >= 1000 * place.saveEvery) {
      await place.save(run.save());
      last = performance.now();
    }
    if (stopping) throw new JobStopped("stopped");
  }
}

/** Time between two looks at the network [ms]: one takes a part of a millisecond. */
const LOOK_EVERY = 250;

/** How the run stands, looked up now and then. */
function lookAt(run: SelfOrganisation): () => string {
  const words = new RunWords(run.steps);
  let said = "";
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (performance.now() - last < LOOK_EVERY) return said;
    last = performance.now();
    const { simulation } = run;
    const active = simulation.get("E.x");
    const { length } = simulation.weights(RECURRENT).values;
    said = words.look(run.step, {
      fraction: length / (active.length * (active.length - 1)),
      active: active.reduce((sum, x) => sum + x, 0) / active.length,
    });
    return said;
  };
}

function failed({ id, cells }: JobSpec, message: string): JobRecord {
  return {
    id,
    status: "done",
    rows: [],
    failures: [{ cell: cells[0].index, message }],
    seconds: 0,
  };
}

function row({ group }: JobSpec, metric: string, value: number): MetricRow {
  return { job: group, factors: {}, metric, delay: null, value };
}
