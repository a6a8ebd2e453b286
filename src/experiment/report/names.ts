/**
 * @file Names that readers of a paper know, for the names of the tables.
 */

/** How a metric is called and read. */
export interface MetricName {
  /** Axis label with unit. */
  axis: string;
  /** Inside a sentence. */
  plain: string;
  /** Unit after a number, with its space; empty if there is none. */
  unit: string;
  better: "higher" | "lower";
  /** Verb and object: "remembers 12 steps". */
  verb: "remember" | "score";
}

const METRICS: Record<string, MetricName> = {
  memoryCapacity: {
    axis: "Memory capacity Σr² (steps)",
    plain: "memory capacity",
    unit: " steps",
    better: "higher",
    verb: "remember",
  },
  memoryCapacityAbs: {
    axis: "Memory capacity Σ|r|",
    plain: "memory capacity Σ|r|",
    unit: "",
    better: "higher",
    verb: "score",
  },
  r2: { axis: "r²", plain: "r²", unit: "", better: "higher", verb: "score" },
  r: { axis: "Correlation r", plain: "correlation", unit: "", better: "higher", verb: "score" },
  nrmse: { axis: "Error (NRMSE)", plain: "error (NRMSE)", unit: "", better: "lower", verb: "score" },
  mse: { axis: "Mean squared error", plain: "mean squared error", unit: "", better: "lower", verb: "score" },
};

/** Name of a metric; unknown ones go by their own name, higher being better. */
export function metricName(metric: string): MetricName {
  if (Object.hasOwn(METRICS, metric)) return METRICS[metric];
  return { axis: metric, plain: metric, unit: "", better: "higher", verb: "score" };
}

const FACTORS: Record<string, string> = {
  spectralRadius: "Spectral radius",
  leakRate: "Leak rate",
  gain: "Input gain",
  noise: "Noise",
  bias: "Bias",
  activation: "Activation",
  lambda: "Ridge λ",
  steps: "Series length (steps)",
  maxDelay: "Longest delay (steps)",
  density: "Density",
};

/** Name of a swept path: `network.spectralRadius` is `Spectral radius`. */
export function factorName(path: string): string {
  const leaf = path.split(".").at(-1) || path;
  if (Object.hasOwn(FACTORS, leaf)) return FACTORS[leaf];
  const words = leaf.replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  // A single letter is a symbol: N is not n.
  return words.length === 1 ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same inside a sentence. */
export function factorWords(path: string): string {
  const name = factorName(path);
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** A family of nulls beside a figure: `20 rewired copies`. */
export function nullsName(kind: string, count: number): string {
  return `${count} ${kind} ${count === 1 ? "copy" : "copies"}`;
}

/** The same in the answer, with what the copies keep. */
export function nullsWords(kind: string, count: number): string {
  const keeps = kind === "rewired" ? " with the same degrees" : "";
  return `${nullsName(kind, count)}${keeps}`;
}
