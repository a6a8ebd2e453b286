import { describe, expect, it } from "vitest";
import { createStream } from "../../core/index.ts";
import { readoutTask } from "../../learning/index.ts";
import { planSelfOrganisation } from "../plan/plan-self-organisation.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "../spec/resolve-experiment.ts";
import { repeatRng } from "./choose-nodes.ts";
import type { JobPlace } from "./job.ts";
import { buildNetwork } from "./self-organisation/build-network.ts";
import { drawSymbols } from "./self-organisation/symbol-source.ts";
import { runSelfOrganisationJob } from "./self-organisation-job.ts";

const TEXT = `kind: self-organisation
network: { preset: lazar2009, units: 60 }
input: { source: counting, n: 9, unitsPerSymbol: 5 }
phases:
  - { name: organise, steps: 3000 }
  - { name: train, steps: 700, freeze: all, readout: train }
  - { name: test, steps: 600, freeze: all, readout: test }
analyses: [readout]
readout: { states: [E.r, E.x] }
`;

/** A place that keeps nothing, stops after `slices` looks, and gives back what was saved. */
function placeOf(slices = Number.POSITIVE_INFINITY, state?: Uint8Array) {
  let saved = state;
  let left = slices;
  const place: JobPlace = {
    saveEvery: Number.POSITIVE_INFINITY,
    threads: 1,
    saved: async () => saved,
    save: async (bytes) => {
      saved = bytes;
    },
    write: async () => {},
    progress: () => {},
    isStopping: () => --left < 0,
  };
  return { place, state: () => saved };
}

describe("readouts of a job", () => {
  const source = parseExperiment(TEXT, { file: "experiment.yaml" });
  const { jobs, experiment } = planSelfOrganisation(resolveSelfOrganisation(source, { folder: "/" }));
  const connectome = () => Promise.reject(new Error("there is none"));
  const metricsOf = async (place: JobPlace) => {
    const { rows } = await runSelfOrganisationJob(jobs[0], {
      connectome,
      weights: connectome,
      trained: connectome,
      place,
    });
    return Object.fromEntries(rows.map(({ metric, value }) => [metric, value]));
  };

  it("score as the task of the library does, each state by its own timing", async () => {
    const rng = repeatRng(experiment.seed, 0);
    const network = buildNetwork(experiment, undefined, rng);
    const { scores } = readoutTask({
      network,
      seed: rng.stream("noise").integer(2 ** 32),
      sequence: drawSymbols(experiment.input!, { steps: 4300 }, createStream(rng.stream("input").name)),
      steps: { plastic: 3000, train: 700, test: 600 },
      states: { "E.x": "after-input", "E.r": "before-input" },
    });
    const metrics = await metricsOf(placeOf().place);
    const { "E.x": x, "E.r": r } = scores;
    expect(metrics).toMatchObject({
      ...{ nextSymbol: x.nextSymbol, lastSymbol: x.lastSymbol, position: x.position },
      ...{ nextSymbolInternal: r.nextSymbol, lastSymbolInternal: r.lastSymbol, positionInternal: r.position },
    });
    expect(x.position).not.toBe(r.position);
  });

  it("are the same after a stop in the phase they are tested in", async () => {
    const stopped = placeOf(0);
    await expect(metricsOf(stopped.place)).rejects.toThrow("stopped");
    expect(stopped.state()).toBeDefined();
    expect(await metricsOf(placeOf(Number.POSITIVE_INFINITY, stopped.state()).place)).toEqual(
      await metricsOf(placeOf().place),
    );
  });
});
