/**
 * @file Where a plastic step spends its time: rules are frozen one after another and what that saves is their share;
 * then the event path beside the plain one and beside the interpreter, and networks that no longer learn.
 */

import { type Simulation, type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { interleave, maxDifference, type Timing } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { packageNetwork, publishedNetwork, SUBJECT, stepsFor, timedSteps } from "./networks.ts";

/** In this order, so that no rule is timed with more to do than it has with all of them. */
const FREEZING = [
  { rule: "sp", name: "births" },
  { rule: "sn", name: "normalisation" },
  { rule: "istdp", name: "inhibitory STDP" },
  { rule: "stdp", name: "STDP" },
  { rule: "ip", name: "intrinsic plasticity" },
];

/** Shares of the rules, of the event path, and what is left when nothing learns. */
export async function showParts(report: Report, { quick }: BenchOptions): Promise<void> {
  const repeats = quick ? 3 : 10;
  for (const units of quick ? [200] : [200, 1600]) {
    const settle = units === 200 ? 20_000 : 3000;
    await showShares(report, { units, settle, repeats });
    await showPaths(report, { units, settle, repeats });
  }
  await showFrozen(report, repeats);
}

// Implementation

interface Setting {
  units: number;
  settle: number;
  repeats: number;
}

/** Repetitions of the same steps from one state, with some rules frozen. */
function fromState(
  simulation: Simulation,
  image: Uint8Array,
  { frozen, steps }: { frozen: string[]; steps: number },
) {
  const time = timedSteps(simulation, steps);
  return () => {
    simulation.restore(image);
    simulation.freeze(...frozen);
    return time();
  };
}

async function showShares(report: Report, { units, settle, repeats }: Setting): Promise<void> {
  const simulation = simulate(publishedNetwork({ units }), { seed: 1 });
  simulation.run(settle);
  const image = simulation.save();
  // Few enough that activity stays near its target without some of the rules.
  const steps = units === 200 ? 2000 : 200;
  const stages = FREEZING.map((_, k) => FREEZING.slice(0, k).map((r) => r.rule));
  const all = [...stages, FREEZING.map((r) => r.rule)];
  const timings = await interleave(
    all.map((frozen) => fromState(simulation, image, { frozen, steps })),
    repeats,
  );
  const best = timings.map(({ min }) => (min / steps) * 1e6);
  const line = (name: string, value: number) =>
    report.row({
      subject: SUBJECT,
      case: `delpapa2017, N = ${units}, ${name}`,
      value,
      unit: "µs/step",
      runs: repeats,
    });
  line("all rules and noise", best[0]);
  FREEZING.forEach(({ name }, k) => {
    const share = formatNumber((100 * (best[k] - best[k + 1])) / best[0]);
    line(`part: ${name} (${share} %)`, best[k] - best[k + 1]);
  });
  line(`part: activity and noise (${formatNumber((100 * best.at(-1)!) / best[0])} %)`, best.at(-1)!);
}

async function showPaths(report: Report, { units, settle, repeats }: Setting): Promise<void> {
  const network = publishedNetwork({ units });
  const make = (options: SimulationOptions) => simulate(network, { seed: 1, ...options });
  const events = make({});
  events.run(settle);
  const image = events.save();
  const others: { name: string; options: SimulationOptions; least: number }[] = [
    { name: "plain path", options: { events: false }, least: 0.1 },
    { name: "interpreter", options: { backend: "interpret" }, least: 0.05 },
  ];
  const steps = stepsFor(0.1, events);
  const state = stateAfter(events, image, 10);
  for (const { name, options, least } of others) {
    const other = make(options);
    // Images hold the layout of one path's memory: state crosses only where both have the same.
    const same = restores(other, image);
    if (!same) other.run(Math.min(settle, 200));
    const otherImage = same ? image : other.save();
    const otherSteps = stepsFor(least, other);
    const [ours, theirs] = await interleave(
      [
        fromState(events, image, { frozen: [], steps }),
        fromState(other, otherImage, { frozen: [], steps: otherSteps }),
      ],
      repeats,
    );
    pathLine(report, { title: `delpapa2017, N = ${units}, beside the ${name}`, name, repeats }, [
      perStep(ours, steps),
      perStep(theirs, otherSteps),
    ]);
    if (same) {
      const difference = maxDifference(state, stateAfter(other, image, 10));
      report.note(
        `N = ${units}, ${name}: largest |difference| of drives after 10 steps: ${formatNumber(difference)}`,
      );
    }
  }
}

function restores(simulation: Simulation, image: Uint8Array): boolean {
  try {
    simulation.restore(image);
    return true;
  } catch {
    return false;
  }
}

function stateAfter(simulation: Simulation, image: Uint8Array, steps: number): Float64Array {
  simulation.restore(image);
  simulation.run(steps);
  return simulation.get("E.drive");
}

function perStep({ min, median }: Timing, steps: number): { min: number; median: number } {
  return { min: (min / steps) * 1e6, median: (median / steps) * 1e6 };
}

function pathLine(
  report: Report,
  { title, name, repeats }: { title: string; name: string; repeats: number },
  [ours, theirs]: { min: number; median: number }[],
): void {
  const { min: value, median } = ours;
  const peer = { peer: theirs.min, peerName: name };
  report.row({ subject: SUBJECT, case: title, value, median, unit: "µs/step", runs: repeats, ...peer });
}

async function showFrozen(report: Report, repeats: number): Promise<void> {
  const networks = [true, false].flatMap((noise) => {
    const change = noise ? {} : { noise: 0 };
    const title = noise ? "noise" : "no noise";
    return [
      {
        title: `delpapa2017, N = 200, no rules, ${title}`,
        network: publishedNetwork({ units: 200, change }),
      },
      { title: `network of sorn, N = 200, no rules, ${title}`, network: packageNetwork(200, { change }) },
    ];
  });
  const runs = networks.map(({ title, network }) => {
    const simulation = simulate(network, { seed: 1 });
    simulation.run(20_000);
    simulation.freeze(...simulation.rules);
    const steps = stepsFor(0.2, simulation);
    return { title, steps, run: timedSteps(simulation, steps) };
  });
  const timings = await interleave(
    runs.map((r) => r.run),
    repeats,
  );
  runs.forEach(({ title, steps }, k) => {
    const { min: value, median } = perStep(timings[k], steps);
    report.row({ subject: SUBJECT, case: title, value, median, unit: "µs/step", runs: repeats });
  });
}
