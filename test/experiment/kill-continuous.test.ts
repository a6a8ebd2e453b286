import { expect, it } from "vitest";
import { workplace } from "./cajal-process.ts";
import { describeStoppedRun } from "./stopped-run.ts";

const place = workplace("continuous");

/** Trials of drawn lengths that follow each other in 12 streams, three shards of them. */
const WAVE = `kind: training
name: wave
task: { name: sine-wave, timing: { wave: { kind: choice, values: [800, 1600] } } }
network: { units: 30, activation: tanh, noise: 0.05 }
continuous: true
optimiser: { kind: adam, learningRate: 0.01 }
updates: 150
batchSize: 12
gradient: { shards: 3 }
validation: { trials: 12, every: 20 }
test: { trials: 30 }
`;

describeStoppedRun("training in trials that follow each other, stopped between two of them", {
  place,
  command: ["train", "wave.yaml"],
  more: ["--threads", "2"],
  experiment: WAVE,
  job: "rate.r0",
  position: /"updates":(\d+)/,
  outputs: ["records/rate.r0.npz", "weights/rate.r0.best.safetensors", "weights/rate.r0.last.safetensors"],
});

it("is the same in one thread as in two, and another training where trials begin anew", {
  timeout: 120_000,
}, async () => {
  const short = WAVE.replace("updates: 150", "updates: 8").replace("every: 20", "every: 4");
  place.write("short.yaml", short);
  place.write("anew.yaml", short.replace("continuous: true", "continuous: false"));
  place.write("plain.yaml", short.replace("continuous: true\n", ""));
  const hashOf = async (file: string, threads: number) => {
    const dir = `${file}${threads}`;
    const { code, out, err } = await place.cajal(
      ...["train", file, "--json", "--out", dir, "--threads", String(threads), "--workers", "0"],
    );
    expect([code, err]).toEqual([0, err]);
    return JSON.parse(out).hash as string;
  };
  const one = await hashOf("short.yaml", 1);
  expect(await hashOf("short.yaml", 2)).toBe(one);
  const anew = await hashOf("anew.yaml", 1);
  expect(anew).not.toBe(one);
  expect(await hashOf("plain.yaml", 1)).toBe(anew);
  expect(place.read("short.yaml1/report.html")).toContain("Trials followed each other without a reset");
});
