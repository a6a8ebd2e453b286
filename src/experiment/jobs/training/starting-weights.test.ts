import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { ConnectomeStore } from "../../connectome-source.ts";
import { type ArrayArchive, encodeArchive } from "../../results/array-archive.ts";
import { parseExperiment } from "../../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../../spec/resolve-experiment.ts";
import { recurrent } from "./build-network.ts";
import { setUpTraining } from "./training-setup.ts";

const UNITS = 9;
const rng = createRng(11);
/** Shape `(post, pre)`: no autapses, about half of the others, the last third of senders inhibits. */
const weights = Float64Array.from({ length: UNITS * UNITS }, (_, k) =>
  k % (UNITS + 1) === 0 || rng.uniform() < 0.5 ? 0 : (0.1 + rng.uniform()) * (k % UNITS < 6 ? 1 : -1),
);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-starting-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function saved(name: string, arrays: ArrayArchive): void {
  writeFileSync(join(folder, name), encodeArchive(arrays));
}

async function started(connectome: string, more = "", wiring = "use: weights, spectralRadius: free") {
  const text = `kind: training
task: { name: n-back }
connectome: { ${connectome} }
wiring: { ${wiring} }
network: { ${more} }
`;
  const { cell } = resolveTrainingExperiment(parseExperiment(text, { file: "t.yaml" }), { folder });
  const experiment = cell([]);
  const { connectome: source, transforms, seed } = experiment;
  const read = source && (await new ConnectomeStore().prepare({ connectome: source, transforms, seed }));
  const { rate } = setUpTraining(experiment, { connectome: read, repeat: 0 }).built;
  // −0 becomes 0.
  return { rate, values: toDense(recurrent(rate)).values.map((w) => w + 0) };
}

describe("weights to start from in a file", () => {
  it("are those of an array of an .npz file, and its zeros the mask", async () => {
    // Named and turned as a record of an earlier training has them, beside others of the same shape.
    saved("record.npz", {
      "weights/initial.rec": { shape: [UNITS, UNITS], values: weights.map((w) => 2 * w) },
      "weights/best.rec": { shape: [UNITS, UNITS], values: weights },
    });
    const at = "path: record.npz, array: weights/best.rec, orientation: post-pre";
    for (const law of ["", "dale: connectome"]) {
      const { rate, values } = await started(at, law);
      expect(values).toEqual(weights);
      const plastic = toDense({
        ...recurrent(rate),
        values: Float64Array.from(rate.constraints!["weights:rec"].plastic),
      }).values;
      expect(Array.from(plastic)).toEqual(Array.from(weights, (w) => (w === 0 ? 0 : 1)));
    }
  });

  it("are held where the experiment says so", async () => {
    saved("start.npz", { W: { shape: [UNITS, UNITS], values: weights } });
    const at = "path: start.npz, orientation: post-pre";
    const { rate } = await started(at, 'dale: connectome, fixed: { pairs: ["E->I"] }');
    const { fixed } = rate.constraints!["weights:rec"];
    const held = toDense({ ...recurrent(rate), values: Float64Array.from(fixed!) }).values;
    weights.forEach((w, k) => {
      const [post, pre] = [Math.floor(k / UNITS), k % UNITS];
      // Signs are those of what a node sends: the last three inhibit.
      expect(held[k]).toBe(pre < 6 && post >= 6 ? w : 0);
    });
    const all = await started(at, "fixed: [rec]");
    expect(all.values).toEqual(weights);
    expect(all.rate.trainable).not.toContain("weights:rec");
  });

  it("give a mask alone, or their order", async () => {
    saved("mask.npz", { mask: { shape: [UNITS, UNITS], values: weights.map((w) => (w === 0 ? 0 : 1)) } });
    const { values } = await started("path: mask.npz, orientation: post-pre", "", "use: mask");
    expect(Array.from(values, (w) => w !== 0)).toEqual(Array.from(weights, (w) => w !== 0));
  });
});
