import { describe, expect, it } from "vitest";
import { workplace } from "./cajal-process.ts";
import { describeStoppedRun } from "./stopped-run.ts";

const place = workplace("threads");

/** A network that learns for a second or two in three shards. */
const DECIDE = `kind: training
name: decide
task: { name: perceptual-decision }
network: { units: 40, dale: 0.8, noise: 0.1 }
optimiser: { kind: adam, learningRate: 0.005 }
regularisers: [{ kind: rate, weight: 0.01 }, { kind: omega, weight: 0.1 }]
updates: 150
gradient: { shards: 3 }
validation: { trials: 40, every: 20, conditions: grid }
test: { trials: 60 }
`;

describeStoppedRun("training in threads that is stopped between two updates", {
  place,
  command: ["train", "decide.yaml"],
  more: ["--threads", "2"],
  experiment: DECIDE,
  job: "rate.r0",
  position: /"updates":(\d+)/,
  outputs: ["records/rate.r0.npz", "weights/rate.r0.best.safetensors", "weights/rate.r0.last.safetensors"],
});

describe("training in shards", () => {
  const results = async (file: string, ...options: string[]) => {
    const dir = [file, ...options].join("");
    const { code, out, err } = await place.cajal("train", file, "--json", "--out", dir, ...options);
    expect([code, err]).toEqual([0, err]);
    const { sessions } = JSON.parse(place.read(`${dir}/run.json`));
    expect(sessions[0].bits).toContain("WebAssembly and native code differ in last bits");
    return { hash: JSON.parse(out).hash as string, threads: sessions[0].threads as number, dir };
  };

  it("has one hash for any number of threads and workers, and tells both", { timeout: 180_000 }, async () => {
    const short = DECIDE.replace("updates: 150", "updates: 8").replace("every: 20", "every: 4");
    place.write("short.yaml", short);
    const one = await results("short.yaml", "--threads", "1");
    expect(one.threads).toBe(1);
    const others = [
      await results("short.yaml", "--threads", "2", "--workers", "1"),
      await results("short.yaml", "--threads", "9", "--workers", "0"),
    ];
    expect(others.map(({ threads }) => threads)).toEqual([2, 3]);
    for (const { hash } of others) expect(hash).toBe(one.hash);
    expect(place.read(`${others[0].dir}/report.html`)).toContain(
      "Batches were divided into 3 shards, their gradients summed in a fixed order; 2 threads ran them, which changes no result.",
    );
    place.write("whole.yaml", short.replace("gradient: { shards: 3 }\n", ""));
    const whole = await results("whole.yaml", "--threads", "2");
    expect(whole.threads).toBe(1);
    expect(whole.hash).not.toBe(one.hash);
    expect(place.read(`${whole.dir}/report.html`)).not.toContain("shards, their gradients");
  });

  it("can be swept", { timeout: 120_000 }, async () => {
    const swept = DECIDE.replace("updates: 150", "updates: 2").replace("gradient: { shards: 3 }\n", "");
    place.write("swept.yaml", `${swept}sweep: { gradient.shards: [1, 2, 4] }\n`);
    const { threads, dir } = await results("swept.yaml", "--workers", "1", "--threads", "2");
    expect(threads).toBe(2);
    expect(place.list(`${dir}/weights`)).toHaveLength(6);
    expect(place.read(`${dir}/report.html`)).toContain("Batches were divided into [varied] shards");
  });

  it("is refused where a batch has fewer trials", { timeout: 60_000 }, async () => {
    place.write("many.yaml", DECIDE.replace("shards: 3", "shards: 21"));
    const { code, err } = await place.cajal("train", "many.yaml");
    expect(code).toBe(2);
    expect(err).toContain("shards must be at most batchSize, 20, got 21");
    expect(err).toMatch(/many\.yaml:8:\d+/);
  });
});
