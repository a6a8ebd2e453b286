import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { CajalError } from "../../src/core/index.ts";
import type * as Engine from "../../src/engine/index.ts";
import type * as Pool from "../../src/experiment/threads/thread-pool.ts";
import type * as Team from "../../src/experiment/threads/thread-team.ts";
import type * as Learning from "../../src/learning/index.ts";
import { describeNative } from "../native/native.ts";
import { MAIN, workplace } from "./cajal-process.ts";

// Threads load the build, so the rest comes from there too.
const SRC = resolve(dirname(MAIN), "..", "src");
const load = async <T>(file: string, from = SRC) => (await import(pathToFileURL(join(from, file)).href)) as T;
const { createRng } = await load<typeof import("../../src/core/index.ts")>("core/index.js");
const { differentiateShards } = await load<typeof Engine>("engine/index.js");
const { rateNetwork, Trainer } = await load<typeof Learning>("learning/index.js");
const { perceptualDecision } = await load<typeof import("../../src/tasks/index.ts")>("tasks/index.js");
const { ThreadTeam, threadTeam } = await load<typeof Team>("experiment/threads/thread-team.js");
const { ThreadPool } = await load<typeof Pool>("experiment/threads/thread-pool.js");

const INSTANCES = 7;
const STEPS = 12;
const net = rateNetwork({ inputs: 2, units: 20, outputs: 2, dale: 0.8, noise: 0.1, rng: createRng(1) });
const OPTIONS: Engine.GradientOptions = {
  ...{ dt: 20, steps: STEPS, instances: INSTANCES, precision: "f32" },
  trainable: [...net.trainable, `input:${net.input}`],
};

/** Plain data with arrays of its own. */
function copied(data: unknown): unknown {
  if (ArrayBuffer.isView(data)) return (data as Float64Array).slice();
  if (Array.isArray(data)) return data.map(copied);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, copied(value)]));
}

/** Two updates' worth of everything that threads do. */
function work(gradient: Engine.BatchGradient): unknown[] {
  const rng = createRng(2);
  const draw = (units: number, steps = STEPS) =>
    Float64Array.from({ length: steps * units * INSTANCES }, () => rng.uniform() - 0.5);
  const seen: unknown[] = [];
  for (let update = 0; update < 2; update++) {
    const inputs = { [net.input]: draw(2) };
    const initial = { "rec.x": Float64Array.from({ length: 20 * INSTANCES }, () => rng.uniform()) };
    const first = gradient.forward({ inputs, seed: update, initial, record: ["rec.x", "out.z"] });
    const back = gradient.backward({ "out.z": draw(2), "rec.x": draw(20) }, { sums: ["rec.rec"] });
    const y = draw(20);
    const products = [
      gradient.products.back("weights:rec", y),
      gradient.products.outer("weights:rec", y, draw(20)),
    ];
    // Arrays may be those of the next call.
    seen.push(copied([first, back, products]));
    gradient.set(
      "weights:rec",
      gradient.get("weights:rec").map((w) => 0.9 * w),
    );
    gradient.set("rec.bias", 0.1);
    const short = { [net.input]: draw(2, 4) };
    seen.push(copied(gradient.forward({ inputs: short, steps: 4, goOn: true, record: ["out.z"] })));
  }
  return [...seen, gradient.get("weights:rec")];
}

function ran(shards: number, threads: number | undefined, more: Partial<Engine.GradientOptions> = {}) {
  const team = threads === undefined ? undefined : threadTeam(threads);
  const gradient = differentiateShards(net.network, { ...OPTIONS, ...more }, { shards, team });
  try {
    return { path: gradient.backend.path, seen: work(gradient) };
  } finally {
    gradient.dispose();
  }
}

describe("shards in threads", () => {
  it.each(["wasm", "interpret"] as const)("have the bits of shards one after another, %s", (backend) => {
    const alone = ran(3, undefined, { backend });
    for (const threads of [1, 2, 3, 8]) expect(ran(3, threads, { backend }), `${threads}`).toEqual(alone);
  });

  it("have them in f64, with checkpoints and a window", () => {
    const more = { precision: "f64", checkpoint: 8, window: 5 } as const;
    expect(ran(2, 2, more)).toEqual(ran(2, undefined, more));
  });

  it("have them in training with terms over all units", () => {
    const terms: Learning.TrainOptions["regularisers"] = [
      { kind: "rate", of: "r", weight: 0.1 },
      { kind: "rate", name: "means", of: "r", metric: "mean-l1", absolute: true },
      { kind: "smoothness", of: "x", weight: 0.1, lag: 2 },
      { kind: "omega", weight: 0.5 },
    ];
    const trained = (threads: number, regularisers = terms) => {
      const trainer = new Trainer(
        {
          ...{ network: net, task: perceptualDecision({ catchFraction: 0.5 }), regularisers },
          ...{ updates: 3, batchSize: 7, shards: 3, validation: { trials: 14, every: 2 } },
          loss: [
            { kind: "mse", of: "z", target: "targets" },
            { kind: "rate", name: "cost", of: "r", weight: 0.2 },
          ],
        },
        threadTeam(threads),
      );
      while (trainer.status === "running") trainer.step();
      trainer.dispose();
      return trainer.result();
    };
    const alone = trained(1);
    expect(alone.status).toBe("done");
    for (const threads of [2, 3]) expect(trained(threads)).toEqual(alone);
    // Each of them has a say.
    for (const term of terms) {
      const others = trained(
        1,
        terms.filter((one) => one !== term),
      );
      expect(others.last, term.kind).not.toEqual(alone.last);
    }
  });

  it("throw what a shard threw, of several the first", () => {
    const team = (options: Partial<Engine.GradientOptions>[]) =>
      threadTeam(3)(
        net.network,
        options.map((own) => ({ ...OPTIONS, ...own })),
      );
    const caught = (run: () => unknown): CajalError => {
      try {
        run();
      } catch (error) {
        return error as CajalError;
      }
      throw new Error("nothing was thrown");
    };
    const made = caught(() => team([{}, { method: "eulr" as never }, { dt: -1 }]));
    expect(made).toMatchObject({
      ...{ name: "CajalError", code: "bad-option", where: "simulate", what: 'unknown method "eulr"' },
      hint: expect.stringContaining("explicit"),
    });
    // Shards of other lengths: one of them has no room for twelve steps.
    const three = team([{}, {}, { steps: 11 }]);
    const inputs = { [net.input]: new Float64Array(STEPS * 2) };
    const ran = caught(() =>
      three.run({ kind: "forward", values: {}, options: { inputs, steps: 12 }, into: {} }),
    );
    expect(ran.message).toBe(
      "forward: steps must be a whole number from 1 to 11, got 12. Memory is planned by the option steps of differentiate.",
    );
    // Nothing is broken by it.
    expect(three.run({ kind: "get", name: "weights:rec", values: {} })).toHaveLength(3);
    three.dispose();
    expect(caught(() => three.run({ kind: "get", name: "weights:rec", values: {} })).message).toBe(
      "training in shards: its threads have ended",
    );
  });
});

describe("teams in the same threads", () => {
  const gradientOf = (shards: number, more: Partial<Engine.GradientOptions> = {}) =>
    differentiateShards(net.network, { ...OPTIONS, ...more }, { shards, team: threadTeam(3) });

  it("keep apart what they were told, and go on when another has ended", () => {
    const alone = [ran(3, undefined), ran(2, undefined, { precision: "f64" })].map(({ seen }) => seen);
    const teams = [gradientOf(3), gradientOf(2, { precision: "f64" })];
    teams[0].set("rec.bias", 0.3);
    expect(teams[1].get("rec.bias")).toEqual(new Float64Array(20));
    teams[0].set("rec.bias", 0);
    expect(teams.map(work)).toEqual(alone);
    teams[0].dispose();
    const third = gradientOf(3);
    expect(work(third)).toEqual(alone[0]);
    expect(() => teams[0].get("rec.bias")).toThrow("training in shards: its threads have ended");
    for (const team of [teams[1], third]) team.dispose();
    third.dispose();
  });
});

describeNative("shards in threads of native code", (loader) => {
  it("have the bits of shards one after another", () => {
    const alone = ran(3, undefined, { backend: loader });
    expect(alone.path).toBe("native");
    for (const threads of [2, 3]) expect(ran(3, threads, { backend: loader })).toEqual(alone);
  });

  it("are refused where some would run other code", () => {
    // What this thread runs is compiled already; the other looks for a compiler of its own, and finds none.
    ran(2, 1, { backend: loader });
    const before = process.env.PATH;
    process.env.PATH = "/nowhere";
    const shards = [3, 4].map((instances) => ({ ...OPTIONS, instances, backend: loader }));
    try {
      expect(() => new ThreadTeam(net.network, shards, { threads: 2, pool: new ThreadPool(2) })).toThrow(
        /^training in shards: one thread runs native code, another wasm code\. There: .+\.$/,
      );
    } finally {
      process.env.PATH = before;
    }
  });
});

const place = workplace("team");

type Change = (text: string) => string;
const unchanged: Change = (text) => text;

/** The library with another thread, or another overseer, and a script that trains with it. */
function withThread(name: string, change: Change | { thread: Change; overseer: Change }, script: string) {
  const home = place.path(name);
  const own = join("src", "experiment");
  mkdirSync(join(home, own), { recursive: true });
  // The rest is where it is.
  for (const [from, to, but] of [
    [SRC, join(home, "src"), "experiment"],
    [join(SRC, "experiment"), join(home, own), "threads"],
  ])
    for (const entry of readdirSync(from)) if (entry !== but) symlinkSync(join(from, entry), join(to, entry));
  cpSync(join(SRC, "experiment", "threads"), join(home, own, "threads"), { recursive: true });
  writeFileSync(join(home, "package.json"), '{ "type": "module" }');
  const { thread, overseer } = typeof change === "function" ? { thread: change } : change;
  for (const [module, edit] of [
    ["shard-thread", thread],
    ["overseer", overseer],
  ] as const) {
    if (!edit) continue;
    const file = join(home, "src/experiment/threads", `${module}.js`);
    const text = readFileSync(file, "utf8");
    const changed = edit(text);
    if (edit !== unchanged) expect(changed).not.toBe(text);
    writeFileSync(file, changed);
  }
  writeFileSync(
    join(home, "script.js"),
    `import { createRng } from "./src/core/index.js";
import { perceptualDecision } from "./src/tasks/index.js";
import { rateNetwork, Trainer } from "./src/learning/index.js";
import { ThreadPool } from "./src/experiment/threads/thread-pool.js";
import { ThreadTeam, threadTeam } from "./src/experiment/threads/thread-team.js";
const network = rateNetwork({ inputs: 2, units: 8, outputs: 2, rng: createRng(1) });
const options = { network, task: perceptualDecision(), updates: 3, batchSize: 6, shards: 3, validation: false };
${script}`,
  );
  // Little memory is used up soon.
  return spawnSync(process.execPath, ["--max-old-space-size=100", join(home, "script.js")], {
    encoding: "utf8",
    timeout: 60_000,
  });
}

describe("a thread that dies", () => {
  const inForward = (does: string) => (text: string) =>
    text.replace("runTask(shard, task)", `(task.kind === "forward" ? ${does} : runTask(shard, task))`);
  const TRY = `let trainer;
try {
  trainer = new Trainer(options, threadTeam(3));
  trainer.step();
} catch (error) {
  console.log(error.code + ": " + error.message);
}
try {
  trainer?.step();
} catch (error) {
  console.log("again " + error.code);
}`;

  it("in a task is an error, each time, and no hang", () => {
    const { status, stdout } = withThread("exits", inForward("process.exit(3)"), TRY);
    expect([status, stdout]).toEqual([
      0,
      "thread-ended: training in shards: thread 2 of 3 ended: it exited. Go on from the last saved state, with fewer threads if memory was short; the bits stay the same.\nagain thread-ended\n",
    ]);
  });

  it("out of memory says so", () => {
    const fill = "(() => { const a = []; for (;;) a.push(new Array(1e5).fill({})); })()";
    const { status, stdout } = withThread("memory", inForward(fill), TRY);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^thread-ended: .+ thread [23] of 3 ended: .+memory limit.+\nagain thread-ended\n$/,
    );
  });

  it("before its first task is one too", () => {
    const { status, stdout } = withThread("throws", (text) => `throw new Error("no way");\n${text}`, TRY);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^thread-ended: .+ ended: no way\. Go on/)]);
  });

  it("keeps no process from its end when nobody ends the team", () => {
    const script = `const trainer = new Trainer(options, threadTeam(3));
trainer.step();
console.log(trainer.updates);`;
    const { status, stdout } = withThread("left", unchanged, script);
    expect([status, stdout]).toEqual([0, "1\n"]);
  });
});

describe("a thread that does not answer", () => {
  // Signs of life come once a second.
  const IMPATIENT = `const team = (network, shards) =>
  new ThreadTeam(network, shards, { threads: 3, pool: new ThreadPool(3, { lookEvery: 1000, looks: 3 }) });
const trainer = new Trainer(options, team);
try {
  trainer.step();
} catch (error) {
  console.log(error.code + ": " + error.message);
}
console.log(trainer.updates);`;
  const sleeping = (time: string) => (text: string) =>
    text.replace(
      "runTask(shard, task)",
      `(task.kind === "forward" && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${time}), runTask(shard, task))`,
    );

  it("is given up when nothing is heard of its overseer either", () => {
    // From the first task on.
    const silent = (text: string) =>
      text.replace(
        /^setInterval\(\(\) => (.*), SIGN_EVERY\);$/m,
        "setInterval(() => Atomics.load(control, 1) !== STATES.busy && $1, 100);",
      );
    const change = { thread: sleeping("Infinity"), overseer: silent };
    const { status, stdout } = withThread("silent", change, IMPATIENT);
    expect([status, stdout]).toEqual([
      0,
      "thread-ended: training in shards: thread 2 of 3 ended: nothing was heard of it. Go on from the last saved state, with fewer threads if memory was short; the bits stay the same.\n0\n",
    ]);
  });

  it("is waited for as long as its overseer lives", () => {
    const { status, stdout } = withThread("slow", sleeping("6000"), IMPATIENT);
    expect([status, stdout]).toEqual([0, "1\n"]);
  });
});
