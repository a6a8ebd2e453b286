/**
 * @file Activity that dies away must not slow the loop down: the time of a step while state is of everyday size, while
 * it is tiny, and when it would be subnormal were it not stored as 0. Then each function of the equations alone, whose
 * inner powers of a tiny argument could be subnormal. A power written out, x ^ 4, shows what subnormal numbers cost
 * where nothing guards against them.
 */

import { createRng, dense } from "../src/core/index.ts";
import { type Simulation, simulate } from "../src/engine/index.ts";
import { network, neuron, population, projection } from "../src/model/index.ts";
import { consume, cpuSeconds, interleave } from "./measure.ts";
import type { BenchOptions, Report } from "./report.ts";

const SIZE = 400;
/** Steps timed at a time. */
const STEPS = 1000;
/** [ms], of steps of 1 ms: state shrinks by about a hundredth a step. */
const TAU = 100;

/** Where state stands when a stretch of steps begins, and how many steps it first takes to die. */
interface Stretch {
  title: string;
  start: number;
  lead: number;
}

const STRETCHES: Record<"f64" | "f32", Stretch[]> = {
  f64: [
    { title: "state of everyday size", start: 1, lead: 0 },
    { title: "state near 1e-200", start: 1e-200, lead: 0 },
    { title: "state that would be near 1e-315", start: 1e-280, lead: 8100 },
  ],
  f32: [
    { title: "state of everyday size", start: 1, lead: 0 },
    { title: "state near 1e-22", start: 1e-20, lead: 0 },
    { title: "state that would be near 1e-41", start: 1e-29, lead: 2400 },
  ],
};

const FUNCTIONS = ["tanh(x)", "exp(x)", "expm1(x)", "sigmoid(x)", "sin(x)", "cos(x)", "atan(x)", "x ^ 4"];
/** Arguments no smaller than state may be, while their powers leave the range of normal numbers. */
const TINY = { f64: 1e-100, f32: 1e-18 };

/** Time of a step early and late in a decay. */
export async function run(report: Report, { quick }: BenchOptions): Promise<void> {
  const repeats = quick ? 3 : 10;
  for (const precision of ["f64", "f32"] as const) {
    const simulation = decayingNetwork(precision);
    const stretches = STRETCHES[precision];
    const timings = await interleave(
      stretches.map((stretch) => () => timeSteps(simulation, stretch)),
      repeats,
    );
    for (const [k, { title }] of stretches.entries()) {
      const { min, median } = timings[k];
      const early = timings[0].min;
      report.row({
        subject: "denormals",
        case: `N = ${SIZE} dense, ${precision}, ${title}`,
        value: (min / STEPS) * 1e9,
        median: (median / STEPS) * 1e9,
        unit: "ns/step",
        runs: repeats,
        ...(k > 0 && { peer: (early / STEPS) * 1e9, peerName: "everyday size" }),
      });
    }
  }
  for (const precision of ["f64", "f32"] as const) {
    for (const text of FUNCTIONS) await oneFunction(report, { text, precision, repeats });
  }
}

// Implementation

function decayingNetwork(precision: "f64" | "f32"): Simulation {
  const rng = createRng(1).stream("weights");
  const scale = 0.1 / Math.sqrt(SIZE);
  const weights = dense(
    SIZE,
    SIZE,
    Float64Array.from({ length: SIZE * SIZE }, () => scale * rng.normal()),
  );
  const own = neuron({ parameters: { tau: TAU }, equations: "tau * dx/dt + x = sum(exc)\nr = tanh(x)" });
  const net = network({
    populations: [population("p", { size: SIZE, neuron: own })],
    projections: [projection("p", "p", { weights })],
  });
  return simulate(net, { precision });
}

/** CPU seconds of `STEPS` steps. */
function timeSteps(simulation: Simulation, { start, lead }: Stretch): number {
  simulation.reset();
  simulation.set("p.x", start);
  simulation.set("p.r", start);
  simulation.run(lead);
  const seconds = cpuSeconds(() => void simulation.run(STEPS));
  consume(simulation.get("p.r"));
  return seconds;
}

/** A function of 40 000 numbers of everyday size, and of tiny ones. */
async function oneFunction(
  report: Report,
  { text, precision, repeats }: { text: string; precision: "f64" | "f32"; repeats: number },
): Promise<void> {
  const size = 40_000;
  const steps = 20;
  // A variable that keeps its value: what depends on parameters alone is computed once, not each step.
  const own = neuron({ equations: `x = x\nr = ${text}` });
  const net = network({ populations: [population("p", { size, neuron: own })] });
  const simulation = simulate(net, { precision });
  const timed = (x: number) => () => {
    simulation.set("p.x", x);
    simulation.run(1);
    const seconds = cpuSeconds(() => void simulation.run(steps));
    consume(simulation.get("p.r"));
    return seconds;
  };
  const [everyday, tiny] = await interleave([timed(0.3), timed(TINY[precision])], repeats);
  const perNumber = 1e9 / (steps * size);
  report.row({
    subject: "denormals",
    case: `${text} alone, ${precision}, x = ${TINY[precision]}`,
    value: tiny.min * perNumber,
    median: tiny.median * perNumber,
    unit: "ns/number",
    runs: repeats,
    peer: everyday.min * perNumber,
    peerName: "x = 0.3",
  });
}
