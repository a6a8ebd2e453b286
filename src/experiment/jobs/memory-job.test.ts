import { expect, it } from "vitest";
import { createConnectome } from "../../connectome/index.ts";
import { CajalError, denseFromRows } from "../../core/index.ts";
import { resolved } from "../fixtures/worm.ts";
import { planExperiment } from "../plan/plan-experiment.ts";
import { runMemoryJob } from "./memory-job.ts";

const RADIUS_SET = `connectome: { name: celegans }
nullModels: [{ kind: rewired, name: shuffled, count: 6, connected: false }]
network: { spectralRadius: 0.9 }
task: { kind: memory-capacity, steps: 100, maxDelay: 2, washout: 10 }
`;

/** a ⇄ b and c → d: of the three wirings with these degrees, the two others have no cycle. */
const toy = createConnectome({
  name: "toy",
  weights: denseFromRows([
    [0, 1, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 1, 0],
  ]),
});

it("names a copy that fails, not the network it was made from", async () => {
  const { jobs } = planExperiment(resolved(RADIUS_SET));
  const endings = await Promise.all(
    jobs.map((job) =>
      runMemoryJob(job, { connectome: async () => toy }).then(
        ({ status }) => status,
        (error) => (error instanceof CajalError ? error.what : String(error)),
      ),
    ),
  );
  const acyclic =
    'the spectral radius of "toy (shuffled)" is 0 (it has no cycles that add up), so it cannot be scaled to 1';
  expect(endings[0]).toBe("done");
  expect(new Set(endings)).toEqual(new Set(["done", acyclic]));
});
