/**
 * @file The state loop of a sweep over 11 spectral radii, T = 4000: one run of 11 instances against the loop conn2res
 * runs in NumPy (a dense product a step, one radius after the other), and against two faster ways of writing it in
 * SciPy. On both sides states go to an array that a readout would take them from.
 */

import type { SparseMatrix } from "../src/core/index.ts";
import { type NativeLoader, type Simulation, type SimulationOptions, simulate } from "../src/engine/index.ts";
import { findNative } from "../src/experiment/native/native-loader.ts";
import { bareRun } from "./kernels.ts";
import { consume, cpuSeconds, interleave, maxDifference, measure, type Timing } from "./measure.ts";
import type { Peer } from "./peers.ts";
import { type BenchOptions, formatNumber, type Report } from "./report.ts";
import { ALPHAS, randomReservoir, reservoirNetwork, shareGraph, uniformInput } from "./workloads.ts";

const SUBJECT = "sweep";
/** Rows of states kept before a readout takes them. */
const BLOCK = 256;

/** The machine's own compiler, or why there is none. */
const NATIVE = findNative();
const native: NativeLoader | undefined = "loader" in NATIVE ? NATIVE.loader : undefined;

/** The sweep, what it is made of, and how it grows. */
export async function run(report: Report, { quick, peers }: BenchOptions): Promise<void> {
  const steps = quick ? 500 : 4000;
  const peer = peers.start("sweep");
  report.note("loader" in NATIVE ? `native code by ${NATIVE.compiler}` : `no native code: ${NATIVE.reason}`);
  const hasScipy = peers.versions.scipy !== undefined;
  for (const nodes of quick ? [100, 500] : [100, 500, 1000]) {
    const repeats = quick ? 3 : nodes > 100 ? 5 : 10;
    await compare(report, { nodes, steps, repeats, peer, hasScipy });
  }
  // Here the dense matrix, 32 MB, has outgrown the caches of most machines.
  if (!quick) await compare(report, { nodes: 2000, steps: 200, repeats: 5, peer, hasScipy });
  showParts(report, quick ? 500 : 1000);
  showGrowth(report, quick);
}

// Implementation

type Precision = "f64" | "f32";

/** Seconds of one run from its initial state. */
type Loop = () => number;

function makeLoop(
  { nodes, steps, options }: { nodes: number; steps: number; options: SimulationOptions },
  weights = randomReservoir(nodes),
): { loop: Loop; last: () => Float64Array } {
  const { net } = reservoirNetwork(weights);
  const simulation = simulate(net, options);
  const series = uniformInput(steps);
  const { values } = simulation.memoryOf("reservoir.r");
  const record = new Float64Array(BLOCK * values.length);
  const onStep = (step: number) => record.set(values, (step % BLOCK) * values.length);
  const once = (length: number) => {
    simulation.reset();
    simulation.run(length, { inputs: { input: series.subarray(0, length) }, onStep });
    consume(record);
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) once(Math.min(200, steps));
  return { loop: () => cpuSeconds(() => once(steps)), last: () => lastStates(simulation) };
}

/** Shape `(instance, unit)`. */
function lastStates(simulation: Simulation): Float64Array {
  const values = simulation.get("reservoir.r");
  const units = values.length / simulation.instances;
  return values.map((_, k) => values[(k % units) * simulation.instances + Math.floor(k / units)]);
}

const sweepOptions = (precision: Precision): SimulationOptions => ({
  precision,
  instances: ALPHAS.length,
  gains: { "reservoir.rec": ALPHAS },
});

interface Comparison {
  nodes: number;
  steps: number;
  repeats: number;
  peer: Peer | undefined;
  hasScipy: boolean;
}

async function compare(report: Report, comparison: Comparison): Promise<void> {
  const { nodes, steps, repeats, peer, hasScipy } = comparison;
  const weights = randomReservoir(nodes);
  const wide = makeLoop({ nodes, steps, options: sweepOptions("f64") }, weights);
  const single = makeLoop({ nodes, steps, options: { gains: { "reservoir.rec": 1 } } }, weights);
  const narrow = makeLoop({ nodes, steps, options: sweepOptions("f32") }, weights);
  const compiled = (["f64", "f32"] as const).flatMap((precision) =>
    native
      ? [makeLoop({ nodes, steps, options: { ...sweepOptions(precision), backend: native } }, weights)]
      : [],
  );
  const size = `N = ${nodes}, T = ${steps}`;
  const line = (name: string, time: Timing, other?: { time: Timing; name: string; share?: number }): void => {
    const { min: value, median } = time;
    const peerPart = other ? { peer: other.time.min * (other.share ?? 1), peerName: other.name } : {};
    report.row({
      subject: SUBJECT,
      case: `${size}, ${name}`,
      value,
      median,
      unit: "s",
      runs: repeats,
      ...peerPart,
    });
  };
  if (!peer) {
    const loops = [wide, single, narrow, ...compiled].map(({ loop }) => loop);
    const times = await interleave(loops, repeats);
    const names = ["11 α", "1 α", "11 α, f32", "11 α, native", "11 α, f32, native"];
    times.forEach((time, k) => {
      line(names[k], time);
    });
    return;
  }
  await setUpPeer(peer, weights);
  const ask = (kind: string, request: { precision?: Precision; save?: string } = {}) => {
    return async () => (await peer.ask<{ seconds: number }>({ kind, steps, ...request })).seconds;
  };
  await peer.ask({ kind: "dense", steps: 20 });
  const contenders = [wide.loop, ask("dense", { save: "dense" }), single.loop, narrow.loop];
  contenders.push(ask("dense", { precision: "f32" }));
  contenders.push(...compiled.map(({ loop }) => loop));
  if (hasScipy) contenders.push(ask("sparse"), ask("batched"));
  const [ours, dense, one, ours32, dense32, ...more] = await interleave(contenders, repeats);
  const [native64, native32] = more.splice(0, compiled.length);
  const [sparse, batched] = more;
  line("11 α", ours, { time: dense, name: "NumPy, dense" });
  if (native64) line("11 α, native", native64, { time: dense, name: "NumPy, dense" });
  if (hasScipy) {
    line("11 α, again beside CSR", ours, { time: sparse, name: "SciPy, CSR" });
    line("11 α, again beside CSR for all α", ours, { time: batched, name: "SciPy, CSR, 11 α at once" });
  }
  line("1 α", one, { time: dense, name: "NumPy, dense (a 11th)", share: 1 / ALPHAS.length });
  line("11 α, f32", ours32, { time: dense32, name: "NumPy, dense, f32" });
  if (native32) line("11 α, f32, native", native32, { time: dense32, name: "NumPy, dense, f32" });
  const difference = maxDifference(wide.last(), peer.read("dense"));
  report.note(
    `N = ${nodes}: largest |difference| from NumPy's states after ${steps} steps: ${formatNumber(difference)}`,
  );
}

async function setUpPeer(peer: Peer, weights: SparseMatrix): Promise<void> {
  peer.share("input-weights", reservoirNetwork(weights).inputWeights.values);
  peer.share("input", uniformInput(4000));
  await shareGraph(peer, weights, { alphas: [...ALPHAS] });
}

/** Where the time of a step goes. */
function showParts(report: Report, nodes: number): void {
  const weights = randomReservoir(nodes);
  const { net } = reservoirNetwork(weights);
  const ways = (["f64", "f32"] as const).flatMap((precision) => [
    { name: precision as string, options: sweepOptions(precision) },
    ...(native
      ? [{ name: `${precision}, native`, options: { ...sweepOptions(precision), backend: native } }]
      : []),
  ]);
  for (const { name: way, options } of ways) {
    const bare = bareRun(net, options);
    const microseconds = (name: string, work: () => void, calls = 1) => {
      const { min, median } = measure(work);
      const value = (min / calls) * 1e6;
      const row = { value, median: (median / calls) * 1e6, unit: "µs/step", runs: 10 };
      report.row({ subject: SUBJECT, case: `N = ${nodes}, 11 α, ${way}, ${name}`, ...row });
      return value;
    };
    const product = microseconds("recurrent product", () => bare.project(1));
    microseconds("input product", () => bare.project(0));
    microseconds("equations (tanh)", bare.update);
    const simulation = simulate(net, options);
    microseconds("whole step", () => void simulation.run(100), 100);
    const rate = (weights.values.length * bare.plan.options.stride) / product / 1e3;
    report.note(
      `${way}: the recurrent product does ${formatNumber(rate)} · 10⁹ multiplications and additions a second (${bare.plan.options.stride} instances, one of them padding)`,
    );
  }
  const tiny = simulate(reservoirNetwork(randomReservoir(16)).net, sweepOptions("f64"));
  const { min } = measure(() => void tiny.run(1000));
  report.row({
    subject: SUBJECT,
    case: "N = 16, 11 α, whole step: what the host costs at most",
    value: min * 1e3,
    unit: "µs/step",
    runs: 10,
  });
}

/** Time over size at fixed density, and over the number of steps. */
function showGrowth(report: Report, quick: boolean): void {
  const grow = (cases: { name: string; nodes: number; steps: number }[]) => {
    const loops = cases.map(({ nodes, steps }) => makeLoop({ nodes, steps, options: sweepOptions("f64") }));
    const best = loops.map(() => Number.POSITIVE_INFINITY);
    for (let repeat = 0; repeat < 10; repeat++) {
      for (const [k, { loop }] of loops.entries()) best[k] = Math.min(best[k], loop());
    }
    cases.forEach(({ name, nodes, steps }, k) => {
      const times = k === 0 ? "" : ` (× ${formatNumber(best[k] / best[k - 1])})`;
      const title = `growth in ${name}: N = ${nodes}, T = ${steps}${times}`;
      report.row({ subject: SUBJECT, case: title, value: best[k], unit: "s", runs: 10 });
    });
  };
  const steps = quick ? 60 : 250;
  grow([60, 240, ...(quick ? [] : [960])].map((nodes) => ({ name: "N", nodes, steps: 4 * steps })));
  grow([1, 4, 16].map((times) => ({ name: "T", nodes: 240, steps: times * steps })));
}
