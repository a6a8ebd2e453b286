/**
 * @file A network without its noise: every random draw of the equations is replaced by its mean. Random starting values
 * stay.
 */

import { parseEquations } from "../../../compiler/index.ts";
import type { Network, Neuron } from "../../../model/index.ts";

/**
 * The network with `Normal(m, s)` replaced by m and `Uniform(a, b)` by (a + b) / 2 wherever they are drawn in each step.
 * Where a draw decides, as in `Uniform(0, 1) < p`, the mean decides.
 */
export function withoutNoise(network: Network): Network {
  return {
    ...network,
    populations: network.populations.map((p) => ({ ...p, neuron: quietNeuron(p.neuron) })),
  };
}

// Implementation

type Parsed = ReturnType<typeof parseEquations>[number];
type Expression = Parsed extends infer S ? (S extends { kind: "assign"; value: infer E } ? E : never) : never;

/** Text and what replaces it. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

function quietNeuron(neuron: Neuron): Neuron {
  const quiet = (title: string, text: string) => {
    const edits = parseEquations({ title, text }).flatMap((s) =>
      s.kind === "assign" ? editsOf(s.value, text) : [...editsOf(s.left, text), ...editsOf(s.right, text)],
    );
    return applied(text, edits, 0);
  };
  const rules = Object.entries(neuron.plasticity).map(([rule, text]) => [rule, quiet(rule, text)]);
  const title = `neuron "${neuron.name}"`;
  return { ...neuron, equations: quiet(title, neuron.equations), plasticity: Object.fromEntries(rules) };
}

function editsOf(e: Expression, text: string): Edit[] {
  const [first, second] = e.kind === "call" ? e.arguments : [];
  if (e.kind === "call" && (e.callee === "Normal" || e.callee === "Uniform") && second) {
    const written = (a: Expression) =>
      `(${applied(text.slice(a.span.start, a.span.end), editsOf(a, text), a.span.start)})`;
    const mean = e.callee === "Normal" ? written(first) : `((${written(first)} + ${written(second)}) / 2)`;
    return [{ ...e.span, text: mean }];
  }
  return partsOf(e).flatMap((part) => editsOf(part, text));
}

function partsOf(e: Expression): Expression[] {
  switch (e.kind) {
    case "unary":
      return [e.operand];
    case "binary":
    case "compare":
    case "logical":
      return [e.left, e.right];
    case "conditional":
      return [e.test, e.then, e.otherwise];
    case "call":
      return e.arguments;
    default:
      return [];
  }
}

/** `text`, which begins at `offset` of the text that the edits speak of, with all edits made. */
function applied(text: string, edits: readonly Edit[], offset: number): string {
  let out = "";
  let at = 0;
  for (const { start, end, text: by } of [...edits].sort((a, b) => a.start - b.start)) {
    out += text.slice(at, start - offset) + by;
    at = end - offset;
  }
  return out + text.slice(at);
}
