/**
 * @file A step beside the package `sorn`, both from one settled state: the same weights, thresholds and activity at the
 * target rate of 0.1, so the same work. Without noise and births, which each side draws for itself, the states that
 * follow are compared one by one; with them, the rate and the numbers of synapses are.
 */

import { type Matrix, toSparse } from "../../src/core/index.ts";
import { type Simulation, simulate } from "../../src/engine/index.ts";
import { interleave, summarize, type Timing } from "../measure.ts";
import type { Peer } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { inputsOf, packageNetwork, publishedNetwork, SUBJECT, synapses, timedSteps } from "./networks.ts";

/** How much is run at one size. */
interface Size {
  units: number;
  /** Steps before anything is timed. */
  settle: number;
  /** Steps timed at a time: ours, the peer's with all rules, the peer's without. */
  steps: { ours: number; plastic: number; frozen: number };
  /** Steps compared. */
  compared: number;
  repeats: number;
}

const SMALL = { units: 200, settle: 20_000, compared: 300 };
const LARGE = { units: 1600, settle: 3000, compared: 40 };

/** All rules, then none, at two sizes. */
export async function besideSorn(report: Report, { quick, peers }: BenchOptions): Promise<void> {
  const sizes: Size[] = quick
    ? [{ ...SMALL, compared: 100, steps: { ours: 5000, plastic: 20, frozen: 200 }, repeats: 3 }]
    : [
        { ...SMALL, steps: { ours: 20_000, plastic: 60, frozen: 1000 }, repeats: 10 },
        { ...LARGE, steps: { ours: 500, plastic: 2, frozen: 20 }, repeats: 5 },
      ];
  const peer = peers.start("self-organisation", ["numpy", "scipy", "networkx", "sorn"]);
  for (const size of sizes) await compareSize(report, size, peer);
}

// Implementation

interface PeerAnswer {
  seconds: number;
  wall: number;
  rate: number;
  excitatory: number;
  inhibitory: number;
}

/** CPU and wall seconds of one step. */
interface StepTimes {
  cpu: Timing;
  wall: Timing;
}

async function compareSize(report: Report, size: Size, peer: Peer | undefined): Promise<void> {
  const { units, settle, steps, repeats } = size;
  const settled = simulate(packageNetwork(units), { seed: 1 });
  settled.run(settle);
  const start = settled.save();
  const published = simulate(publishedNetwork({ units }), { seed: 1 });
  published.run(settle);
  const still = simulate(packageNetwork(units), { seed: 1 });
  still.restore(start);
  still.freeze(...still.rules);
  if (peer) await setUpPeer(peer, settled);

  const contenders = [
    ourSteps(settled, steps.ours),
    ourSteps(published, steps.ours),
    ourSteps(still, 4 * steps.ours),
    ...(peer
      ? [peerSteps(peer, "plasticity", steps.plastic), peerSteps(peer, "training", steps.frozen)]
      : []),
  ];
  const timings = await interleave(
    contenders.map((c) => c.run),
    repeats,
  );
  const times = timings.map((timing, k): StepTimes => perStep(timing, contenders[k]));
  const [same, richer, frozen, plasticPeer, frozenPeer] = times;
  const line = makeLine(report, `N = ${units}`, repeats);
  line("all rules and noise, network of sorn", same, plasticPeer);
  line("all rules and noise, delpapa2017", richer, plasticPeer);
  line("no rules, noise (sorn: training phase)", frozen, frozenPeer);
  if (peer) await checkStates(report, size, { peer, start: simulationAt(units, start) });
}

function simulationAt(units: number, image: Uint8Array): Simulation {
  const simulation = simulate(packageNetwork(units), { seed: 1 });
  simulation.restore(image);
  return simulation;
}

interface Contender {
  steps: number;
  walls: number[];
  run: () => number | Promise<number>;
}

function ourSteps(simulation: Simulation, steps: number): Contender {
  const walls: number[] = [];
  return { steps, walls, run: timedSteps(simulation, steps, walls) };
}

function peerSteps(peer: Peer, phase: string, steps: number): Contender {
  const walls: number[] = [];
  const run = async () => {
    const { seconds, wall } = await peer.ask<PeerAnswer>({ kind: "run", phase, steps });
    walls.push(wall);
    return seconds;
  };
  return { steps, walls, run };
}

function perStep({ seconds }: Timing, { steps, walls }: Contender): StepTimes {
  const each = (values: number[]) => summarize(values.map((v) => (v / steps) * 1e6));
  return { cpu: each(seconds), wall: each(walls) };
}

function makeLine(report: Report, size: string, runs: number) {
  return (name: string, ours: StepTimes, theirs: StepTimes | undefined): void => {
    for (const clock of ["cpu", "wall"] as const) {
      const { min: value, median } = ours[clock];
      const peer = theirs && { peer: theirs[clock].min, peerName: "sorn" };
      const title = `${size}, ${name}${clock === "wall" ? " (wall)" : ""}`;
      report.row({ subject: SUBJECT, case: title, value, median, unit: "µs/step", runs, ...peer });
    }
  };
}

/** Give the peer the state a simulation is in. */
async function setUpPeer(peer: Peer, simulation: Simulation): Promise<void> {
  const units = simulation.memoryOf("E.x").units;
  const fixed = packageNetwork(units).projections.find((p) => p.name === "E->I")!.weights;
  peer.share("EE", byPre(simulation.weights("E->E")));
  peer.share("EI", byPre(simulation.weights("I->E")));
  peer.share("IE", byPre(fixed));
  for (const [name, variable] of [
    ["T_E", "E.T"],
    ["T_I", "I.T"],
    ["x", "E.x"],
    ["y", "I.y"],
  ]) {
    peer.share(name, simulation.get(variable));
  }
  const inhibitory = simulation.memoryOf("I.y").units;
  await peer.ask({ kind: "setup", units, inhibitory, inputs: inputsOf(units) });
}

/** All of a matrix, shape `(pre, post)`. */
function byPre(matrix: Matrix): Float64Array {
  const { rows, columns, rowStart, column, values } = toSparse(matrix);
  const all = new Float64Array(rows * columns);
  for (let post = 0; post < rows; post++) {
    for (let k = rowStart[post]; k < rowStart[post + 1]; k++) all[column[k] * rows + post] = values[k];
  }
  return all;
}

async function checkStates(
  report: Report,
  { units, compared: steps }: Size,
  { peer, start }: { peer: Peer; start: Simulation },
): Promise<void> {
  await setUpPeer(peer, start);
  const request = { kind: "run", phase: "plasticity", steps, record: true };
  const quiet = simulate(withoutChance(start), { seed: 1 });
  const { active, rate: quietRate } = record(quiet, steps);
  await peer.ask<PeerAnswer>({ ...request, noise: false, frozen: ["sp"] });
  const theirs = peer.read("active");
  const different = active.reduce((count, value, k) => count + (value === theirs[k] ? 0 : 1), 0);
  report.note(
    `N = ${units}, no noise, no births, ${steps} steps from one state: ${different} of ${active.length} states differ from sorn's (rate ${formatNumber(quietRate)})`,
  );
  const { rate } = record(start, steps);
  const answer = await peer.ask<PeerAnswer>(request);
  const pairs = [
    `rate ${formatNumber(rate)} (sorn ${formatNumber(answer.rate)})`,
    `${synapses(start)} (${answer.excitatory}) E→E and ${synapses(start, "I->E")} (${answer.inhibitory}) I→E synapses`,
  ];
  report.note(
    `N = ${units}, noise and births of each its own, ${steps} steps from one state: ${pairs.join(", ")}`,
  );
}

/** The network in the state a simulation is in, without noise and births. */
function withoutChance(simulation: Simulation) {
  const units = simulation.memoryOf("E.x").units;
  const IE = packageNetwork(units).projections.find((p) => p.name === "E->I")!.weights;
  return packageNetwork(units, {
    change: {
      weights: { EE: simulation.weights("E->E"), EI: simulation.weights("I->E"), IE },
      thresholds: { E: simulation.get("E.T"), I: simulation.get("I.T") },
      initial: { x: simulation.get("E.x"), y: simulation.get("I.y") },
      noise: 0,
      births: 0,
    },
  });
}

/** Activity of a stretch, shape `(time, unit)`. */
function record(simulation: Simulation, steps: number): { active: Float64Array; rate: number } {
  const { values, units } = simulation.memoryOf("E.x");
  const active = new Float64Array(steps * units);
  simulation.run(steps, { onStep: (step) => active.set(values, step * units) });
  return { active, rate: active.reduce((sum, value) => sum + value, 0) / active.length };
}
