/**
 * @file The methods paragraph, ready to paste into a paper, and the references it cites.
 */

import { formatCount, formatExact, formatNumber } from "../../plot/index.ts";
import type { MetricGrid } from "./metric-grid.ts";
import { factorWords, metricName } from "./names.ts";
import type { LambdaPolicy, MethodsFacts, ReportInput } from "./report-input.ts";
import type { ReportStatistics } from "./report-statistics.ts";

/** Works cited, by the words that cite them. */
const REFERENCES: readonly { cite: string; full: string }[] = [
  {
    cite: "Jaeger 2001",
    full: "Jaeger H (2001). Short term memory in echo state networks. GMD Report 152, German National Research Center for Information Technology.",
  },
  {
    cite: "Maslov & Sneppen 2002",
    full: "Maslov S, Sneppen K (2002). Specificity and stability in topology of protein networks. Science 296, 910–913.",
  },
  {
    cite: "Viger & Latapy 2005",
    full: "Viger F, Latapy M (2005). Efficient and simple generation of random simple connected graphs with prescribed degree sequence. COCOON 2005, LNCS 3595, 440–449.",
  },
  {
    cite: "Golub et al. 1979",
    full: "Golub GH, Heath M, Wahba G (1979). Generalized cross-validation as a method for choosing a good ridge parameter. Technometrics 21, 215–223.",
  },
  {
    cite: "Phipson & Smyth 2010",
    full: "Phipson B, Smyth GK (2010). Permutation p-values should never be zero. Stat. Appl. Genet. Mol. Biol. 9, 39.",
  },
  {
    cite: "Efron 1987",
    full: "Efron B (1987). Better bootstrap confidence intervals. J. Am. Stat. Assoc. 82, 171–185.",
  },
  {
    cite: "Owen 2007",
    full: "Owen AB (2007). The pigeonhole bootstrap. Ann. Appl. Stat. 1, 386–411.",
  },
  {
    cite: "Holm 1979",
    full: "Holm S (1979). A simple sequentially rejective multiple test procedure. Scand. J. Stat. 6, 65–70.",
  },
  {
    cite: "Westfall & Young 1993",
    full: "Westfall PH, Young SS (1993). Resampling-Based Multiple Testing. Wiley, New York.",
  },
  {
    cite: "Suárez et al. 2024",
    full: "Suárez LE, Mihalik A, Milisav F, et al. (2024). Connectome-based reservoir computing with the conn2res toolbox. Nat. Commun. 15, 656.",
  },
  {
    cite: "Salmon et al. 2011",
    full: "Salmon JK, Moraes MA, Dror RO, Shaw DE (2011). Parallel random numbers: as easy as 1, 2, 3. SC ’11.",
  },
];

/** The paragraph's sentences as one text, and the works it cites. */
export function methodsParagraph(
  grid: MetricGrid,
  statistics: ReportStatistics,
  input: ReportInput,
): { text: string; references: string[] } {
  const { methods } = input;
  const text = [
    dataSentence(input),
    networkSentence(methods),
    sweepSentence(grid),
    taskSentence(grid, input),
    readoutSentence(methods),
    ...nullSentences(methods),
    ...statisticsSentences(grid, statistics, input),
    seedSentence(grid, input),
  ]
    .filter(Boolean)
    .join(" ");
  const cited = REFERENCES.filter((r) => text.includes(r.cite)).map((r) => r.full);
  const own = [input.connectome.citation, ...(methods.references ?? [])].filter((r) => r !== undefined);
  return { text, references: [...new Set([...own, ...cited])].sort() };
}

// Implementation

function dataSentence({ connectome, methods }: ReportInput): string {
  const edges = connectome.weights.values.length;
  const steps = methods.transforms?.length ? ` after ${listOf(methods.transforms)}` : "";
  const source = connectome.citation ? " (see Data below)" : "";
  const plural = connectome.nodeName ?? "unit";
  return `We used the connectome ${connectome.name}${source}${steps}: ${formatCount(connectome.weights.rows)} ${plural}s and ${formatCount(edges)} directed weighted connections.`;
}

function networkSentence({ network }: MethodsFacts): string {
  const equations = network.neuron
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean)
    .join("; ");
  const values = [
    network.activation && `activation ${network.activation}`,
    network.leakRate !== undefined && `leak rate ${formatExact(network.leakRate)}`,
    network.bias ? `bias ${formatExact(network.bias)}` : "",
    network.noise ? `uniform noise of half-width ${formatExact(network.noise)}` : "",
  ].filter(Boolean);
  const into =
    network.inputNodes === undefined
      ? ""
      : ` Input reached ${formatCount(network.inputNodes)} ${network.inputNodes === 1 ? "unit" : "units"}`;
  const gain = network.inputGain === undefined ? "" : ` with gain ${formatExact(network.inputGain)}`;
  const weights = network.inputWeights ? ` and ${network.inputWeights} input weights` : "";
  const out =
    network.outputNodes === undefined
      ? ""
      : `; the states of ${formatCount(network.outputNodes)} units were read out`;
  const input = into || out ? `${into || " Input reached the network"}${gain}${weights}${out}.` : "";
  return `Each unit obeyed ${equations}${values.length ? ` (${values.join(", ")})` : ""}, with the connectome as recurrent weights.${input}`;
}

function sweepSentence(grid: MetricGrid): string {
  if (!grid.factor) return "";
  const [low, high] = [grid.points[0], grid.points[grid.points.length - 1]];
  const isRadius = grid.factor.split(".").at(-1) === "spectralRadius";
  const rescaled = isRadius
    ? "All weights were rescaled by one factor so that the largest absolute eigenvalue was the wanted spectral radius"
    : `We set ${factorWords(grid.factor)}`;
  const range =
    grid.points.length === 1
      ? ` (${formatExact(low)})`
      : `, ${grid.points.length} values from ${formatExact(low)} to ${formatExact(high)}`;
  const others = Object.keys(grid.settings[0]?.values ?? {});
  const crossed =
    others.length && grid.settings.length > 1
      ? `, crossed with ${grid.settings.length} settings of ${listOf(others.map(factorWords))}`
      : "";
  return `${rescaled}${range}${crossed}.`;
}

function taskSentence(grid: MetricGrid, { methods, metric }: ReportInput): string {
  const { task } = methods;
  const split = [
    `the first ${formatCount(task.washout)} were discarded`,
    task.trainSteps !== undefined && `${formatCount(task.trainSteps)} used for training`,
    task.testSteps !== undefined && `${formatCount(task.testSteps)} for testing, in time order`,
  ].filter((s) => typeof s === "string");
  const series = `Input was ${task.input ?? "a series"} of ${formatCount(task.steps)} steps; ${listOf(split)}.`;
  if (task.name !== "memory-capacity" && metric !== "memoryCapacity")
    return `${series} The task was ${task.name}.`;
  const delays = task.maxDelay === undefined ? "" : ` for k = 1 … ${task.maxDelay}`;
  const abs = grid.cube("memoryCapacityAbs")
    ? " The sum of |r| (Suárez et al. 2024) is reported beside it."
    : "";
  return `${series} A linear readout recovered the input of k steps ago${delays}; memory capacity is the sum over k of the squared correlation r²(k) of readout and delayed input on the test steps (Jaeger 2001).${abs}`;
}

function readoutSentence({ readout }: MethodsFacts): string {
  const traits = [readout.standardized && "standardised states", readout.intercept && "an intercept"].filter(
    (s) => typeof s === "string",
  );
  const on = traits.length ? ` on ${listOf(traits)}` : "";
  return `The readout was ${readout.kind} regression${on}${readout.lambda ? `, ${lambdaWords(readout.lambda)}` : ""}.`;
}

function lambdaWords(lambda: LambdaPolicy): string {
  if (lambda.policy === "fixed") return `λ = ${formatExact(lambda.value)}`;
  if (lambda.policy === "swept") return "λ swept";
  const count = lambda.count === undefined ? "" : `${lambda.count} `;
  return `λ chosen for each delay by generalised cross-validation on the training steps (Golub et al. 1979) among ${count}values from ${formatExact(lambda.from)} to ${formatExact(lambda.to)}`;
}

function nullSentences({ nulls }: MethodsFacts): string[] {
  return nulls.map(({ name, count, methods, swapsPerEdge }) => {
    const made =
      methods ??
      (name === "rewired"
        ? "degree-preserving edge swaps that keep every in- and out-degree (Maslov & Sneppen 2002)"
        : "randomisation");
    const swaps =
      swapsPerEdge === undefined ? "" : `, ${formatExact(swapsPerEdge)} successful swaps per edge`;
    return `It was compared with ${formatCount(count)} ${name} null ${count === 1 ? "network" : "networks"} made by ${made}${swaps}, which met the same inputs and were rescaled in the same way.`;
  });
}

function statisticsSentences(
  grid: MetricGrid,
  { comparisons, pointwise }: ReportStatistics,
  input: ReportInput,
): string[] {
  const first = comparisons[0];
  if (!first) return [];
  const n = first.result.nullValues.length;
  const { plain, better } = metricName(input.metric);
  const score =
    grid.points.length > 1 ? `${better === "higher" ? "highest" : "lowest"} ${plain} over the sweep` : plain;
  const { method, resamples } = first.result.difference;
  const kind = method === "bca" ? "bias-corrected and accelerated (Efron 1987)" : "percentile";
  const over = first.result.resampled === "nulls" ? "null networks" : "null networks and repeats (Owen 2007)";
  return [
    `The score of a network was its ${score}.`,
    `We report a two-sided permutation p = (k + 1)/(n + 1) (Phipson & Smyth 2010), k being the number of the n = ${n} null networks at least as far from the mean of all n + 1 as the connectome, so p cannot be below ${formatNumber(1 / (n + 1), 2)}; and a ${kind} 95 % bootstrap interval of the difference between the connectome and the mean of its nulls, from ${formatCount(resamples)} resamples of ${over}.`,
    pointwise.length
      ? "Tests at single values of the sweep were corrected by Holm's method (Holm 1979) and by the maxT permutation method (Westfall & Young 1993)."
      : "",
  ];
}

function seedSentence(grid: MetricGrid, { run }: ReportInput): string {
  const version = run.versions.cajal ? ` ${run.versions.cajal}` : "";
  const repeats =
    grid.repeats.length > 1
      ? ` The whole was repeated ${grid.repeats.length} times with fresh inputs, shared by all networks, and averaged.`
      : "";
  return `${repeats.trim()} Simulations ran in Cajal${version} with counter-based random numbers (Salmon et al. 2011), seed ${run.seed}.`.trim();
}

function listOf(items: readonly string[]): string {
  return items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}
