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
    await showShares(report, { units, settle, repeats: 3 * repeats });
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
    // What restoring has pushed out of the caches comes back.
    simulation.run(10);
    return time();
  };
}

async function showShares(report: Report, { units, settle, repeats }: Setting): Promise<void> {
  const simulation = simulate(publishedNetwork({ units }), { seed: 1 });
  simulation.run(settle);
  const image = simulation.save();
  // Few enough that activity and weights stay near what they are without some of the rules.
  const steps = units === 200 ? 500 : 50;
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
  const plain = make({ events: false });
  plain.run(settle);
  note(report, `N = ${units}, plain path after ${settle} steps`, [events, plain]);
  const interpreter = make({ backend: "interpret" });
  interpreter.restore(image);
  interpreter.run(10);
  events.run(10);
  note(report, `N = ${units}, interpreter after 10 steps`, [events, interpreter]);
  const others = [
    { name: "plain path", simulation: plain, from: plain.save() },
    { name: "interpreter", simulation: interpreter, from: image },
  ];
  const steps = stepsFor(0.1, events);
  for (const { name, simulation, from } of others) {
    const otherSteps = name === "interpreter" ? 10 : steps;
    const [ours, theirs] = await interleave(
      [
        fromState(events, image, { frozen: [], steps }),
        fromState(simulation, from, { frozen: [], steps: otherSteps }),
      ],
      repeats,
    );
    const title = `delpapa2017, N = ${units}, beside the ${name}`;
    pathLine(report, { title, name, repeats }, [perStep(ours, steps), perStep(theirs, otherSteps)]);
  }
}

/** Whether two ways of running gave the same. */
function note(report: Report, what: string, [a, b]: Simulation[]): void {
  const difference = maxDifference(a.get("E.drive"), b.get("E.drive"));
  report.note(`${what}: largest |difference| of drives ${formatNumber(difference)}`);
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
