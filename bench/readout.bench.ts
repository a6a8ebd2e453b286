/**
 * @file A readout: the normal equations of T = 4000 states, and ridge regression with λ chosen along a path of 43 by
 * generalised cross-validation, for 20 outputs. States are those of a reservoir with the memory-capacity task.
 */

import { gatherBlock, MomentsAccumulator, simulate } from "../src/engine/index.ts";
import { fitRidge, type RidgeReadout } from "../src/learning/index.ts";
import { consume, cpuSeconds, interleave, type Timing } from "./measure.ts";
import type { Peer } from "./peers.ts";
import { type BenchOptions, formatNumber, type Report } from "./report.ts";
import { randomReservoir, reservoirNetwork, uniformInput } from "./workloads.ts";

const SUBJECT = "readout";
const STEPS = 4000;
const OUTPUTS = 20;
const BLOCK = 250;

/** Moments and ridge at two sizes. */
export async function run(report: Report, { quick, peers }: BenchOptions): Promise<void> {
  for (const units of quick ? [280] : [280, 1000]) {
    const data = statesAndTargets(units);
    const peer = peers.start("readout");
    const hasSklearn = peer !== undefined && peers.versions["scikit-learn"] !== undefined;
    const repeats = quick ? 3 : units > 500 ? 5 : 10;
    await measureMoments(report, data, { peer, repeats });
    await measureRidge(report, data, { peer, repeats, hasSklearn });
  }
  report.note(
    "Rates count T N² operations: half of the symmetric product, multiplication and addition apart.",
  );
}

// Implementation

interface Data {
  units: number;
  /** Shape `(block, unit + output, time)`, as a run hands them over. */
  blocks: Float64Array[];
  /** Shape `(time, unit)`. */
  states: Float64Array;
  /** Shape `(time, output)`. */
  targets: Float64Array;
}

function statesAndTargets(units: number): Data {
  const { net } = reservoirNetwork(randomReservoir(units));
  const series = uniformInput(STEPS + OUTPUTS);
  const simulation = simulate(net, { gains: { "reservoir.rec": 0.9 } });
  const { values } = simulation.memoryOf("reservoir.r");
  const pitch = values.length;
  simulation.run(OUTPUTS, { inputs: { input: series.subarray(0, OUTPUTS) } });
  const record = new Float64Array(STEPS * pitch);
  simulation.run(STEPS, {
    inputs: { input: series.subarray(OUTPUTS) },
    onStep: (k) => record.set(values, k * pitch),
  });
  const states = new Float64Array(STEPS * units);
  for (let t = 0; t < STEPS; t++) states.set(record.subarray(t * pitch, t * pitch + units), t * units);
  const targets = Float64Array.from(
    { length: STEPS * OUTPUTS },
    (_, k) => series[OUTPUTS + Math.floor(k / OUTPUTS) - 1 - (k % OUTPUTS)],
  );
  return { units, blocks: blocksOf(record, targets, { units, pitch }), states, targets };
}

function blocksOf(
  record: Float64Array,
  targets: Float64Array,
  { units, pitch }: { units: number; pitch: number },
): Float64Array[] {
  const all = Int32Array.from({ length: units }, (_, i) => i);
  return Array.from({ length: STEPS / BLOCK }, (_, b) => {
    const block = new Float64Array((units + OUTPUTS) * BLOCK);
    const layout = { neurons: pitch, stride: 1, instance: 0, units: all, steps: BLOCK };
    gatherBlock(
      record.subarray(b * BLOCK * pitch, (b + 1) * BLOCK * pitch),
      layout,
      block.subarray(0, units * BLOCK),
    );
    for (let o = 0; o < OUTPUTS; o++) {
      for (let k = 0; k < BLOCK; k++) block[(units + o) * BLOCK + k] = targets[(b * BLOCK + k) * OUTPUTS + o];
    }
    return block;
  });
}

function momentsOf({ units, blocks }: Data) {
  const accumulator = new MomentsAccumulator({ variables: units + OUTPUTS });
  for (const block of blocks) accumulator.add(block, BLOCK);
  return accumulator.result();
}

interface Settings {
  peer: Peer | undefined;
  repeats: number;
}

const asker = (peer: Peer, kind: string) => async () =>
  (await peer.ask<{ seconds: number }>({ kind })).seconds;

async function measureMoments(report: Report, data: Data, { peer, repeats }: Settings): Promise<void> {
  const { units } = data;
  const ours = () => cpuSeconds(() => consume(momentsOf(data).scatter));
  ours();
  const others: (() => Promise<number>)[] = [];
  if (peer) {
    const path = fitRidge(momentsOf(data), { units, outputs: OUTPUTS }).gcv!.lambdas;
    peer.share("states", data.states);
    peer.share("targets", data.targets);
    peer.share("path", path);
    await peer.ask({ kind: "setup", units, outputs: OUTPUTS });
    await peer.ask({ kind: "moments" });
    others.push(asker(peer, "moments"));
  }
  const [time, theirs] = await interleave([ours, ...others], repeats);
  const rate = (seconds: number, variables: number) => (STEPS * variables * variables) / seconds / 1e9;
  report.row({
    subject: SUBJECT,
    case: `N = ${units}, T = ${STEPS}, means and scatter`,
    value: rate(time.min, units + OUTPUTS),
    median: rate(time.median, units + OUTPUTS),
    unit: "GFLOP/s",
    better: "higher",
    runs: repeats,
    ...(theirs && { peer: rate(theirs.min, units), peerName: "NumPy" }),
  });
}

async function measureRidge(
  report: Report,
  data: Data,
  { peer, repeats, hasSklearn }: Settings & { hasSklearn: boolean },
): Promise<void> {
  const { units } = data;
  const moments = momentsOf(data);
  let readout: RidgeReadout = fitRidge(moments, { units, outputs: OUTPUTS });
  const fit = () =>
    cpuSeconds(() => {
      readout = fitRidge(moments, { units, outputs: OUTPUTS });
      consume(readout.weights);
    });
  const whole = () =>
    cpuSeconds(() => consume(fitRidge(momentsOf(data), { units, outputs: OUTPUTS }).weights));
  const line = (name: string, time: Timing, other?: [string, Timing | undefined]) => {
    const { min: value, median } = time;
    const peerPart = other?.[1] ? { peer: other[1].min, peerName: other[0] } : {};
    const title = `N = ${units}, ${OUTPUTS} outputs, ${name}`;
    report.row({ subject: SUBJECT, case: title, value, median, unit: "s", runs: repeats, ...peerPart });
  };
  const others = peer
    ? ["solve", "eigen", ...(hasSklearn ? ["sklearn"] : [])].map((kind) => asker(peer, kind))
    : [];
  const [fitTime, wholeTime, solve, eigen, sklearn] = await interleave([fit, whole, ...others], repeats);
  line("ridge by GCV, 43 λ", fitTime, ["NumPy, 43 × solve, no GCV", solve]);
  if (eigen) line("ridge by GCV, 43 λ, again beside eigh", fitTime, ["NumPy, GCV by eigh", eigen]);
  line("scatter and ridge by GCV", wholeTime, ["scikit-learn RidgeCV", sklearn]);
  if (!peer) return;
  peer.share("weights", readout.weights);
  peer.share("intercept", readout.intercept);
  peer.share("lambda", readout.lambda);
  const errors = await peer.ask<{ elsewhere: number; numpy: number }>({
    kind: "difference",
    units,
    outputs: OUTPUTS,
  });
  report.note(
    `N = ${units}: largest error of a prediction at the same λ, against a fit by singular values: ${formatNumber(errors.elsewhere)}, NumPy's solve ${formatNumber(errors.numpy)}`,
  );
}
