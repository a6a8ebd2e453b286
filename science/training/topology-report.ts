/**
 * @file The grid of bio_rnn_mem, smaller: sequences and n-back on marmoset and random topology, and the orderings that a
 * rerun of the original code gives. Pairs of networks share their seed; no absolute loss is asked for.
 */

import { type Findings, mean } from "../claims.ts";
import { type TopologyResult, type TopologyStudy, trainTopology } from "./topology.ts";

/** How recurrent weights start, by name; radii are those of the paper's own pair. */
const CONDITIONS = {
  "bio, remapped": { topology: "bio", remap: true },
  random: { topology: "random" },
  "bio, ρ 0.89": { topology: "bio", radius: 0.89 },
  "random, ρ 0.89": { topology: "random", radius: 0.89 },
  "bio, remapped, ρ 0.41": { topology: "bio", remap: true, radius: 0.41 },
} as const;

type Condition = keyof typeof CONDITIONS;
type Grid = Record<Condition, TopologyResult[]>;

/** Sequences of 3, 5 and 10 numbers with 220 neurons, n-back of 2, 3 and 4 with 110. */
export function reportTopology(findings: Findings, study: TopologyStudy): void {
  const rows: string[][] = [];
  const row = (
    task: string,
    condition: string,
    results: readonly TopologyResult[],
    shown: (r: TopologyResult) => string,
  ) =>
    rows.push([
      task,
      condition,
      results.map((r) => r.radius.toFixed(2)).join(", "),
      results.map(shown).join(", "),
    ]);
  const sequences = [3, 5, 10].map((length) => {
    const grid = sequenceGrid(study, length);
    for (const [name, results] of Object.entries(grid))
      row(`sequence of ${length}`, name, results, (r) => r.loss.toExponential(1));
    return grid;
  });
  const back = [2, 3, 4].map((n) => backGrid(study, n));
  for (const { n, bio, random } of back) {
    for (const [name, results] of [
      ["bio, ρ 0.89", bio],
      ["random, ρ 0.89", random],
    ] as const)
      row(
        `${n}-back`,
        name,
        results,
        (r) => `${(100 * r.correct).toFixed(0)} % (${r.updatesTo90} updates to 90 %)`,
      );
  }
  claimSequences(findings, sequences);
  claimBack(findings, back);
  const every = [
    ...sequences.flatMap((g) => Object.values(g).flat()),
    ...back.flatMap((b) => [...b.bio, ...b.random]),
  ];
  const breaches = every.reduce((sum, r) => sum + r.training.breaches, 0);
  findings.holds("T5", "weights off their mask, counted after every update", {
    wanted: "0",
    measured: `${breaches} of ${(every.reduce((sum, r) => sum + r.training.looked, 0) / 1e6).toFixed(0)} million`,
    holds: breaches === 0,
  });
  findings.table(["task", "network", "ρ before training, by seed", "best loss or fraction, by seed"], rows);
  findings.note(
    `${study.seeds.length} pairs of seeds; tanh, Adam, batches of 128, new trials in every update (bio_rnn_mem: 400 fixed ones). Sequences: 4 neurons an area, learning rate 1e-3, 250 updates (bio_rnn_mem: 1e-4, 2000); chance is 0.083. N-back: 2 neurons an area, 2e-3, at most 3000 updates; chance is 50 %.`,
  );
  findings.note(
    "Reading: the remapped network beats the control on long sequences as published, and loses half of that or more once radii are equal; unremapped networks of either topology with the larger radius beat both by far. The initial spectrum decides, not the topology.",
  );
  findings.note(
    "Both at ρ 0.41: that the ratio be at least 0.9 was our wish. The rerun of the original has 0.080, 0.084 and 0.086 for the shrunk network against 0.074 to 0.076 for the control, an ordering from three seeds after 2000 updates; after 250 here the control itself is at chance (0.083), so that the ratio says only whether the shrunk network has begun to learn, and one of three had. In the rerun as well unremapped networks of that radius lay anywhere from 0.035 to 0.080. What remains of the published advantage, 0.56 to 0.60, is 0.80 to 1.00; that it is gone in every pair is not shown here.",
  );
}

// Implementation

function sequenceGrid({ areas, seeds }: TopologyStudy, length: number): Grid {
  const shared = { areas, neurons: 4, learningRate: 1e-3, updates: 250, every: 25 };
  // Only the long sequence tells a shrunk network from the control.
  const names = (Object.keys(CONDITIONS) as Condition[]).filter(
    (name) => length === 10 || !name.endsWith("0.41"),
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      seeds.map((seed) =>
        trainTopology({ ...shared, ...CONDITIONS[name], task: { kind: "sequence", length }, seed }),
      ),
    ]),
  ) as Grid;
}

interface BackGrid {
  n: number;
  bio: TopologyResult[];
  random: TopologyResult[];
}

function backGrid({ areas, seeds }: TopologyStudy, n: number): BackGrid {
  const shared = { areas, neurons: 2, radius: 0.89, learningRate: 2e-3, updates: 3000, every: 100 };
  const [bio, random] = (["bio", "random"] as const).map((topology) =>
    seeds.map((seed) => trainTopology({ ...shared, topology, task: { kind: "n-back", n }, seed })),
  );
  return { n, bio, random };
}

const geometric = (results: readonly TopologyResult[], of = (r: TopologyResult) => r.loss) =>
  Math.exp(mean(results.map((r) => Math.log(of(r)))));

function claimSequences(findings: Findings, [three, five, ten]: readonly Grid[]): void {
  const pairs = (a: readonly TopologyResult[], b: readonly TopologyResult[]) =>
    a.map((r, k) => r.loss / b[k].loss);
  for (const [length, grid] of [
    [3, three],
    [5, five],
    [10, ten],
  ] as const) {
    const ratio = geometric(grid["bio, ρ 0.89"]) / geometric(grid["random, ρ 0.89"]);
    findings.within(
      "T5",
      `sequence of ${length}: loss of bio over random at one radius (no enhancement)`,
      ratio,
      [0.33, 3],
      2,
    );
  }
  findings.allWithin(
    "T5",
    "sequence of 10: loss of bio, remapped, over random as drawn (the published advantage)",
    pairs(ten["bio, remapped"], ten.random),
    [0, 1],
    2,
  );
  findings.allWithin(
    "T5",
    "sequence of 10: the same with both at ρ 0.41 (no advantage)",
    pairs(ten["bio, remapped, ρ 0.41"], ten.random),
    [0.9, 2],
    2,
  );
  for (const topology of ["bio", "random"] as const) {
    findings.allWithin(
      "T5",
      `sequence of 10: loss of bio, remapped, over ${topology} with ρ 0.89, not remapped`,
      pairs(ten["bio, remapped"], ten[`${topology}, ρ 0.89`]),
      [10, 1e5],
      0,
    );
  }
}

function claimBack(findings: Findings, grids: readonly BackGrid[]): void {
  for (const { n, bio, random } of grids) {
    const done = (results: readonly TopologyResult[]) => results.filter((r) => r.correct >= 0.9).length;
    findings.holds("T5", `${n}-back: networks that reach 90 %, bio and random`, {
      wanted: `all ${bio.length} and ${random.length}`,
      measured: `${done(bio)} and ${done(random)}`,
      holds: done(bio) === bio.length && done(random) === random.length,
    });
    const ratio = geometric(bio, (r) => r.updatesTo90) / geometric(random, (r) => r.updatesTo90);
    if (Number.isFinite(ratio))
      findings.within("T5", `${n}-back: updates to 90 %, bio over random`, ratio, [0.4, 2.5], 2);
  }
}
