/**
 * @file From equation text to the first finished step: warm (the process has compiled models before, as in a sweep or
 * an editor) and cold (the first model of a process). The stages are too short for the clock of CPU time, so they are
 * wall times of the one thread they run on.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildKernel, compileNeuron } from "../src/compiler/index.ts";
import { createWasmBackend } from "../src/engine/backends/wasm.ts";
import { Simulation, simulate } from "../src/engine/index.ts";
import { resolveOptions } from "../src/engine/options.ts";
import { planRun } from "../src/engine/plan.ts";
import type { Network, Neuron } from "../src/model/index.ts";
import { consume, cpuSeconds, summarize, type Timing, wallSeconds } from "./measure.ts";
import type { BenchOptions, Report } from "./report.ts";
import { LARGE_NEURON, NOTEBOOK_NEURON, notebookNetwork } from "./workloads.ts";

const SUBJECT = "compile";
const MODELS = [
  { name: "notebook neuron, N = 400", kind: "notebook", model: NOTEBOOK_NEURON },
  { name: "ten coupled equations, N = 400", kind: "large", model: LARGE_NEURON },
];

/** Compile times and their parts. */
export async function run(report: Report, { quick }: BenchOptions): Promise<void> {
  const repeats = quick ? 10 : 40;
  for (const { name, kind, model } of MODELS) {
    const line = (what: string, { min, median }: Timing, runs: number) => {
      const row = { value: min * 1e3, median: median * 1e3, unit: "ms", runs };
      report.row({ subject: SUBJECT, case: `${name}: ${what}`, ...row });
    };
    const net = notebookNetwork(400, model);
    const parts = timeParts(net, model, repeats);
    line("text to first step, warm (CPU)", parts.totalCpu, repeats);
    line("text to first step, warm (wall)", parts.total, repeats);
    for (const [part, timing] of stagesOf(parts)) line(`  ${part}`, timing, repeats);
    const runs = quick ? 3 : 10;
    const cold = Array.from({ length: runs }, () => compileCold(kind));
    line("text to first step, cold (wall)", summarize(cold.map((c) => c.wall)), runs);
    line("text to first step, cold (CPU)", summarize(cold.map((c) => c.cpu)), runs);
  }
  report.note(
    "Cold: the first model of a process, after its modules are loaded; CPU counts V8's compiler threads too.",
  );
}

// Implementation

/** What is timed; some hold others. */
type Part =
  | "total"
  | "totalCpu"
  | "front"
  | "ir"
  | "plan"
  | "module"
  | "instance"
  | "backend"
  | "construct"
  | "step";

function timeParts(net: Network, model: Neuron, repeats: number): Record<Part, Timing> {
  const samples = Array.from({ length: repeats + 10 }, () => compileOnce(net, model)).slice(10);
  const parts = Object.keys(samples[0]) as Part[];
  const timings = parts.map((part) => [part, summarize(samples.map((sample) => sample[part]))]);
  return Object.fromEntries(timings) as Record<Part, Timing>;
}

/** The stages by themselves, in their order. Differences of best times: those of single times would be noise. */
function stagesOf(parts: Record<Part, Timing>): [string, Timing][] {
  const less = (whole: Part, ...inside: Part[]): Timing => {
    const subtract = (of: "min" | "median") =>
      inside.reduce((rest, part) => rest - parts[part][of], parts[whole][of]);
    return { seconds: [], min: subtract("min"), median: subtract("median") };
  };
  return [
    ["parse, check, plan", parts.front],
    ["kernel IR", parts.ir],
    ["memory layout, weights packed", less("plan", "front", "ir")],
    ["bytes emitted", less("backend", "module", "instance")],
    ["module compiled", parts.module],
    ["module instantiated", parts.instance],
    ["memory filled", less("construct", "backend")],
    ["first step", parts.step],
  ];
}

function compileOnce(net: Network, model: Neuron): Record<Part, number> {
  let simulation: Simulation | undefined;
  // The whole, as a user has it …
  let total = 0;
  const totalCpu = cpuSeconds(() => {
    total = wallSeconds(() => {
      simulation = simulate(net, { seed: 1 });
      simulation.step();
    });
  });
  consume(simulation!.get("reservoir.r"));
  // … and its parts, each by itself.
  const options = resolveOptions({ seed: 1 });
  const front = wallSeconds(() => void compileNeuron(model));
  let run = planRun(net, options);
  const plan = wallSeconds(() => {
    run = planRun(net, options);
  });
  const { model: compiled, targets } = run.populations[0];
  const shapes = { dt: 1, targets, batched: false, parameterShapes: {} };
  const ir = wallSeconds(() => void buildKernel(compiled, shapes));
  const { seconds, restore } = watchWebAssembly();
  const backend = wallSeconds(() => void createWasmBackend(run));
  restore();
  const construct = wallSeconds(() => {
    simulation = new Simulation(run);
  });
  const step = wallSeconds(() => void simulation!.step());
  return { total, totalCpu, front, ir, plan, ...seconds, backend, construct, step };
}

/** Seconds spent in the two constructors of WebAssembly until `restore`. */
function watchWebAssembly() {
  const { Module, Instance } = WebAssembly;
  const seconds = { module: 0, instance: 0 };
  const timed = <T extends object>(original: new (...given: never[]) => T, part: keyof typeof seconds) =>
    new Proxy(original, {
      construct(target, given) {
        const start = performance.now();
        const made = Reflect.construct(target, given) as T;
        seconds[part] += (performance.now() - start) / 1e3;
        return made;
      },
    });
  Object.assign(WebAssembly, { Module: timed(Module, "module"), Instance: timed(Instance, "instance") });
  return { seconds, restore: () => Object.assign(WebAssembly, { Module, Instance }) };
}

function compileCold(kind: string): { wall: number; cpu: number } {
  const script = join(import.meta.dirname, "compile-cold.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, kind], { encoding: "utf8" });
  if (status !== 0) throw new Error(`compile-cold failed: ${stderr}`);
  return JSON.parse(stdout);
}
