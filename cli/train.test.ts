import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTrainingRecord } from "../src/experiment/results/training-record.ts";
import { decodeSafetensors } from "../src/learning/index.ts";
import { runProgram } from "./program.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-train-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function cajal(...args: string[]) {
  let out = "";
  let err = "";
  const code = await runProgram(args, {
    cwd: folder,
    out: {
      write(text) {
        out += text;
      },
    },
    err: {
      write(text) {
        err += text;
      },
    },
  });
  return { code, out, err };
}
const file = (name: string, text: string) => writeFileSync(join(folder, name), text);

const DECIDE = `kind: training
name: decide
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { units: 12, dale: 0.75 }
updates: 6
batchSize: 8
validation: { trials: 8, every: 3 }
test: { trials: 20, shown: 4 }
`;

describe("cajal train", () => {
  it("leaves records, weights for PyTorch, metrics and a report", async () => {
    file("decide.yaml", DECIDE);
    const { code, out, err } = await cajal("train", "decide.yaml", "--workers", "0", "--out", "a");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("decide.yaml → 1 network in 1 job, 6 updates → a");
    expect(out).toMatch(/1\/1 {2}rate\.r0 {2}.+ {2}loss \S+, \d+\.\d % correct/);
    expect(readdirSync(join(folder, "a")).sort()).toEqual([
      ...["experiment.yaml", "journal", "metrics.parquet", "records", "report.html", "run.json", "weights"],
    ]);
    const record = (await readTrainingRecord(join(folder, "a"), "rate.r0"))!;
    expect(record.facts).toMatchObject({ status: "done", updates: 6, dt: 20, areaNames: ["rec"] });
    expect([...record.signs]).toEqual([...new Array(9).fill(1), -1, -1, -1]);
    expect(record.test!.outputs.shape).toEqual([4, record.test!.inputs.shape[1], 2]);
    for (const moment of ["last", "best"] as const) {
      const bytes = readFileSync(join(folder, "a", "weights", `rate.r0.${moment}.safetensors`));
      const { tensors } = decodeSafetensors(new Uint8Array(bytes));
      expect(tensors["weights:rec"].shape).toEqual([12, 12]);
      expect([...tensors["weights:rec"].values]).toEqual([...record.weights[moment].rec.values]);
      // Dale's law holds in what is written.
      record.weights[moment].rec.values.forEach((w, k) => {
        expect(w * record.signs[k % 12]).toBeGreaterThanOrEqual(0);
      });
    }
    expect(record.weights.last.rec.values).not.toEqual(record.weights.initial.rec.values);
    expect(await cajal("report", "a")).toMatchObject({ code: 0, out: "a/report.html\n" });
  });

  it("is checked and costed", async () => {
    file("decide.yaml", `${DECIDE}sweep:\n  optimiser.learningRate: [0.01, 0.1]\n`);
    expect((await cajal("check", "decide.yaml")).out).toBe(
      "✔ decide.yaml: no problems. 1 network × 2 cells in 2 jobs, 12 updates, training rate networks on perceptual-decision.\n",
    );
    const { code, out } = await cajal("train", "decide.yaml", "--dry-run");
    expect(code).toBe(0);
    expect(out).toMatch(/rate +2 +12 +144 +100 +6 .+\n/);
    expect(out).toContain("Nothing was run.");
  });

  it("goes on when a cell breaks down, and says where and what to do", async () => {
    file("decide.yaml", `${DECIDE}sweep:\n  optimiser.learningRate: [1e300, 0.01]\n`);
    const { code, out } = await cajal("run", "decide.yaml", "--workers", "0", "--out", "a");
    expect(code).toBe(1);
    const { failures, cells } = JSON.parse(readFileSync(join(folder, "a", "run.json"), "utf8"));
    expect(cells).toEqual({ total: 2, failed: 1 });
    expect(failures).toEqual([
      {
        job: expect.stringMatching(/^rate\.r0\.learningRate=/),
        cell: 1,
        message: expect.stringMatching(/^Update \d: .+; lower the learning rate/),
      },
    ]);
    expect(out).toContain("1 cell gave no result");
    // The record of what broke is there, up to where it broke.
    const broken = await readTrainingRecord(join(folder, "a"), failures[0].job);
    expect([broken!.facts.status, broken!.test]).toEqual(["diverged", undefined]);
  });

  it("makes anew what was removed from a finished run, the same bytes", async () => {
    file("decide.yaml", DECIDE);
    const args = ["train", "decide.yaml", "--workers", "0", "--out", "a"];
    await cajal(...args);
    for (const name of ["weights/rate.r0.best.safetensors", "records/rate.r0.json"]) {
      const path = join(folder, "a", name);
      const before = readFileSync(path);
      rmSync(path);
      const { code, out } = await cajal(...args, "--resume");
      expect(code).toBe(0);
      expect(out).toContain("1 damaged record of the journal ignored; those jobs run again.");
      expect(readFileSync(path)).toEqual(before);
    }
    expect((await cajal(...args, "--resume")).out).toContain("1 of 1 jobs kept");
  });

  it("refuses what is not trained", async () => {
    file("worm.yaml", "connectome: { name: celegans }\ntask: { kind: memory-capacity }\n");
    const { code, err } = await cajal("train", "worm.yaml");
    expect(code).toBe(2);
    expect(err).toContain(
      "worm.yaml is an experiment on the memory of a connectome, nothing in it is trained",
    );
    expect(err).toContain("Run it with: cajal run worm.yaml.");
  });
});

describe("cajal new training", () => {
  it("writes a file that checks, with its schema", async () => {
    await cajal("new", "training");
    const schema = readFileSync(join(folder, "training", ".cajal", "experiment.schema.json"), "utf8");
    expect(JSON.parse(schema).$id).toBe("cajal/training.json");
    const { code, out } = await cajal("check", "training/experiment.yaml");
    expect([code, out]).toEqual([0, expect.stringContaining("no problems. ")]);
  });
});
