/**
 * @file Whole steps of native gradients as C: forward as many as there are in one call, backward one a call. They call
 * the functions of projections and populations in the order that `tape.ts` and `backpropagation.ts` describe.
 */

import { adjointName } from "../../compiler/index.ts";
import { scheduleSums } from "../schedule.ts";
import type { GradientPlan } from "./gradient-plan.ts";

/** C of one product: `out (+)= W source`, both C expressions of pointers. */
export type ProductCall = (out: string, source: string) => string;

/** C of the sums of an input that are taken before the steps. */
export interface AheadCalls {
  /** `source` is that of the first step; bytes from one step's to the next. */
  all(source: string, steps: string, pitch: string): string;
  /** Those of a step of this call. */
  ofStep(out: string, step: string): string;
}

/** What the steps are made of. */
export interface StepParts {
  plan: GradientPlan;
  /** Put a number into the table; gives the C expression that looks it up. */
  entry(value: number): string;
  forward: readonly ProductCall[];
  back: readonly (ProductCall | undefined)[];
  ahead: readonly (AheadCalls | undefined)[];
}

/** C source, with places in the table. */
export interface PrintedSteps {
  source: string;
  /** For each projection from an input: where the address of the values of the first step goes; else undefined. */
  inputs: (number | undefined)[];
  /** For each projection that goes back to a population: where the address of its sum's adjoint goes, 0 for none. */
  sums: (number | undefined)[];
}

/** Whether nothing but products and equations happens in a step back. */
export function stepsBackAlone({ populations }: GradientPlan): boolean {
  return populations.every(
    ({ adjoint, shared }) => shared === undefined && adjoint.shares === 0 && adjoint.reductions.length === 0,
  );
}

/** Whether steps forward depend on nothing that is written between them: random numbers, reductions, the time. */
export function stepsForwardAlone({ populations }: GradientPlan): boolean {
  return populations.every(
    ({ planned: { model }, forward }) =>
      model.randoms.length === 0 && model.reductions.length === 0 && !forward.kernel.slots.has("time"),
  );
}

/**
 * `forward_steps`: as many steps as the table says, from a frame on; gives the first with a value that is not finite,
 * from 1, or 0. `backward_step`: one; gives not 0 when an adjoint is not finite.
 *
 * @param frame - C expression of the frame's address in the table.
 * @param count - That of the number of steps.
 */
export function printSteps(
  { plan, entry, forward, back, ahead }: StepParts,
  { frame, count }: { frame: string; count: string },
): PrintedSteps {
  const inputs: PrintedSteps["inputs"] = [];
  const before: string[] = [];
  const indexOf = (text: string) => Number(text.slice(2, -1));
  const calls = plan.projections.map(({ planned, pre, post }, k) => {
    const { projection, delay } = planned;
    const sum = plan.populations[post].forward.place(`sum:${projection.target}`, "load");
    const out = `m + ${sum.base === "frame" ? `${frame} + ` : ""}${entry(sum.offset)}`;
    if (pre === undefined) {
      const first = entry(0);
      inputs[k] = indexOf(first);
      const pitch = entry(plan.inputs.get(projection.from)!.pitch);
      const early = ahead[k];
      if (early === undefined) return forward[k](out, `m + ${first} + (size_t)s * ${pitch}`);
      before.push(early.all(`m + ${first}`, count, pitch));
      return early.ofStep(out, "s");
    }
    const { offset } = plan.populations[pre].frame.get(`variable:${projection.variable}`)!;
    const from = (1 - delay) * plan.frames.bytes + offset;
    return forward[k](out, `m + (uint32_t)(${frame} + ${entry(from >>> 0)})`);
  });
  const { next, same } = scheduleSums(plan.run);
  const step = [
    ...next.map((k) => calls[k]),
    ...same.flatMap((sums, p) => [...sums.map((k) => calls[k]), `bad |= forward_${p}(m, a)`]),
  ];
  const { sums, lines } = printBack(plan, { entry, back, indexOf });
  const source = `int32_t forward_steps(char *m, uint32_t *a) {
  int32_t first = 0;
${before.map((line) => `  ${line};\n`).join("")}  for (uint32_t s = 0; s < ${count}; s++) {
    int32_t bad = 0;
${step.map((line) => `    ${line};\n`).join("")}    if (bad && first == 0) first = (int32_t)s + 1;
    ${frame} += ${entry(plan.frames.bytes)};
  }
  return first;
}
int32_t backward_step(char *m, const uint32_t *a) {
  int32_t bad = 0;
${lines.map((line) => `  ${line}\n`).join("")}  return bad;
}
`;
  return { source, inputs, sums };
}

// Implementation

function printBack(
  { populations, projections }: GradientPlan,
  {
    entry,
    back,
    indexOf,
  }: { entry: StepParts["entry"]; back: StepParts["back"]; indexOf: (text: string) => number },
) {
  const sums: PrintedSteps["sums"] = [];
  const pull = (k: number): string[] => {
    const { pre, planned } = projections[k];
    const call = back[k];
    if (pre === undefined || call === undefined) return [];
    const from = entry(0);
    sums[k] = indexOf(from);
    const { address } = populations[pre].slots.get(adjointName(planned.projection.variable))!;
    return [`if (${from}) ${call(`m + ${entry(address)}`, `m + ${from}`)};`];
  };
  const lines: string[] = [];
  for (let p = populations.length - 1; p >= 0; p--) {
    projections.forEach(({ pre, planned }, k) => {
      if (pre === p && planned.delay === 0) lines.push(...pull(k));
    });
    lines.push(`bad |= units_${p}(m, a);`);
  }
  projections.forEach(({ pre, planned }, k) => {
    if (pre !== undefined && planned.delay > 0) lines.push(...pull(k));
  });
  return { sums, lines };
}
