/**
 * @file A small run with numbers known in closed form, for the tests of the report.
 */

import { sparseFromEntries } from "../../core/index.ts";
import type { ReportInput, ReportRow } from "./report-input.ts";

/** Paths of the two swept values. */
export const RADIUS = "network.spectralRadius";
export const LEAK = "network.neuron.leakRate";

/** How large a made-up run is. */
export interface RunShape {
  radii?: number[];
  /** Copies of each null model. */
  nulls?: Record<string, number>;
  repeats?: number;
  leaks?: number[];
  maxDelay?: number;
  /** Cells that gave no value. */
  diverged?: (row: ReportRow["factors"]) => boolean;
}

/** Capacity of the real network at a radius: a parabola, 10 at 0.9. */
export const realCapacity = (radius: number) => 10 - 10 * (radius - 0.9) ** 2;

/** Null copy k has the same curve, lower by 2 + k/10. */
export const nullCapacity = (radius: number, k: number) => realCapacity(radius) - 2 - k / 10;

/** Input of a report: every repeat r lifts all networks by r; a leak rate l scales all. */
export function reportInput(shape: RunShape = {}): ReportInput {
  const { nulls = { rewired: 20 }, repeats = 1, leaks = [], maxDelay = 12 } = shape;
  const { rows, failures } = runOf({ ...shape, nulls, repeats, leaks, maxDelay });
  const networks = 1 + Object.values(nulls).reduce((a, b) => a + b, 0);
  return {
    title: "Memory of a worm",
    rows,
    metric: "memoryCapacity",
    otherFactors: [RADIUS, ...(leaks.length ? [LEAK] : [])],
    experimentYaml: "name: worm\nseed: 7\n",
    run: {
      versions: { cajal: "0.1.0", node: "20.20.2" },
      seed: 7,
      machine: "linux x64, 2 × CPU",
      startedAt: "2026-01-02T03:04:05Z",
      seconds: 12.5,
      hash: "abc123",
      jobs: { done: networks * repeats, failed: 0 },
      command: "cajal run worm.yaml",
    },
    connectome: {
      name: "worm",
      weights: sparseFromEntries(
        { rows: 3, columns: 3 },
        { post: [0, 1, 2], pre: [1, 2, 0], values: [1, 2, 3] },
      ),
      labels: ["A", "B", "C"],
      types: ["sensory", "motor", "motor"],
      citation: "Someone A (2019). A worm. J. Worms 1, 1–2.",
      summary: { nodes: 3, edges: 3, density: 0.5 },
      weightLabel: "Synapses",
      nodeName: "neuron",
    },
    methods: {
      task: {
        name: "memory-capacity",
        steps: 4000,
        washout: 200,
        trainSteps: 2660,
        testSteps: 1140,
        maxDelay,
      },
      network: { nodes: 3, neuron: "r = tanh(sum(in) + sum(rec))", activation: "tanh", inputNodes: 1 },
      readout: { kind: "ridge", standardized: true, lambda: { policy: "gcv", from: 1e-9, to: 1000 } },
      nulls: Object.entries(nulls).map(([name, count]) => ({ name, count, swapsPerEdge: 10 })),
    },
    failures,
  };
}

// Implementation

function runOf({
  radii = [0.5, 0.7, 0.9, 1.1],
  nulls,
  repeats,
  leaks,
  maxDelay,
  diverged = () => false,
}: RunShape & Required<Pick<RunShape, "nulls" | "repeats" | "leaks" | "maxDelay">>) {
  const rows: ReportRow[] = [];
  const failures: { job: string; message: string }[] = [];
  const networks = [
    { network: "empirical", null: null as number | null },
    ...Object.entries(nulls).flatMap(([network, n]) =>
      Array.from({ length: n }, (_, k) => ({ network, null: k })),
    ),
  ];
  for (const net of networks) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const leak of leaks.length ? leaks : [undefined]) {
        for (const radius of radii) {
          const factors = {
            ...net,
            repeat,
            [RADIUS]: radius,
            ...(leak === undefined ? {} : { [LEAK]: leak }),
          };
          const job = `${net.network}-${net.null ?? ""}.r${repeat}`;
          if (diverged(factors)) {
            failures.push({ job, message: `x diverged at spectral radius ${radius}` });
            continue;
          }
          const base = net.null === null ? realCapacity(radius) : nullCapacity(radius, net.null);
          const value = (base + repeat) * (leak ?? 1);
          rows.push({ job, factors, metric: "memoryCapacity", delay: null, value });
          rows.push({ job, factors, metric: "memoryCapacityAbs", delay: null, value: 1.5 * value });
          for (let delay = 1; delay <= maxDelay; delay++) {
            rows.push({ job, factors, metric: "r2", delay, value: delay <= value ? 1 : 0 });
          }
        }
      }
    }
  }
  return { rows, failures };
}
