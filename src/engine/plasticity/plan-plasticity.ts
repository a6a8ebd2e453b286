/**
 * @file The learning rules of a projection, planned: synapse equations compiled, their names bound to places in memory,
 * room for synapses chosen.
 */

import {
  compileSynapse,
  evaluate,
  type PlannedSynapse,
  PORTABLE,
  SCALAR,
  synapseError,
} from "../../compiler/index.ts";
import { CajalError, suggest, toSparse } from "../../core/index.ts";
import type { NormalisationRule, PlasticityRule, Projection, StructuralRule } from "../../model/index.ts";
import type { Allocator, Slot } from "../memory.ts";
import type { ResolvedOptions } from "../options.ts";
import { layoutStore, type StoreLayout } from "./layout.ts";

/** A synapse's equations with the place of every value they read. */
export interface PlannedSynapticRule {
  kind: "synaptic";
  name: string;
  synapse: PlannedSynapse;
  /** Which of the store's arrays holds each variable of the synapse. */
  arrays: ReadonlyMap<string, number>;
  parameters: ReadonlyMap<string, Slot>;
  values: Readonly<Record<string, number>>;
  pre: ReadonlyMap<string, Slot>;
  post: ReadonlyMap<string, Slot>;
}

/** Scaling, of all units or of those whose weights have changed since. */
export interface PlannedNormalisation extends NormalisationRule {
  onlyChanged: boolean;
}

/** A rule ready to run. */
export type PlannedRule = PlannedSynapticRule | PlannedNormalisation | StructuralRule;

/** Plastic weights of a projection. */
export interface PlasticWeights {
  kind: "plastic";
  /** Byte address of the first instance's store; others follow at `layout.size`. */
  address: number;
  layout: StoreLayout;
  rules: PlannedRule[];
  /** Starting values of the numbers a synapse has beside its weight. */
  initial: number[];
  /** Room for one number per post unit, then per pre unit. */
  scratch: number;
}

/** Finds the values of one side's variables, or says which there are. */
export interface Side {
  name: string;
  find(variable: string): Slot | undefined;
  known: string[];
}

/** Plan the plasticity of a projection. @throws CajalError from equations, `unknown-variable`, `synapse-capacity`. */
export function planPlasticity(
  projection: Projection,
  sides: { pre: Side; post: Side },
  { options, memory }: { options: ResolvedOptions; memory: Allocator },
): PlasticWeights {
  const initial: number[] = [];
  const { plasticity } = projection;
  // The mark of a changed unit is taken down by whoever scales it: with several rules it would be the wrong one.
  const scaledOnce = plasticity.filter((r) => r.kind === "normalisation").length === 1;
  const rules = plasticity.map((rule): PlannedRule => {
    if (rule.kind === "structural") return rule;
    if (rule.kind === "normalisation") return { ...rule, onlyChanged: scaledOnce && rule.rate === 1 };
    return planSynaptic(rule, { sides, options, memory, initial });
  });
  const layout = layoutStore({
    ...capacities(projection),
    rows: projection.weights.rows,
    columns: projection.weights.columns,
    arrays: 1 + initial.length,
    bytes: memory.elementBytes,
    births: birthsPerStep(projection.plasticity),
  });
  const scratch = memory.take((layout.rows + layout.columns) * layout.bytes);
  const address = memory.take(layout.size * options.instances);
  return { kind: "plastic", address, layout, rules, initial, scratch };
}

// Implementation

/** A full matrix of slots up to this many; beyond, rows get room for four times the synapses they start with. */
const FULL_SLOTS = 2 ** 22;

function capacities(projection: Projection): { inCapacity: number; outCapacity: number } {
  const { rowStart, column, rows, columns } = toSparse(projection.weights);
  const grows = projection.plasticity.some((r) => r.kind === "structural");
  const out = new Int32Array(columns);
  for (const pre of column) out[pre]++;
  let widestIn = 1;
  for (let i = 0; i < rows; i++) widestIn = Math.max(widestIn, rowStart[i + 1] - rowStart[i]);
  const widestOut = out.reduce((a, b) => Math.max(a, b), 1);
  const room = (widest: number, most: number) => {
    if (!grows) return widest;
    return rows * columns <= FULL_SLOTS ? most : Math.min(most, 4 * widest + 64);
  };
  const wanted = projection.incomingCapacity;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= widestIn)) {
    throw new CajalError(`incomingCapacity is ${wanted}, but a unit starts with ${widestIn} synapses`, {
      code: "synapse-capacity",
      where: `projection ${projection.name}`,
      hint: `Give a whole number from ${widestIn} to ${columns}, or leave it out.`,
    });
  }
  const inCapacity = Math.min(wanted ?? room(widestIn, columns), columns);
  // Rows of whole groups of four slots: sums run in four lanes.
  return { inCapacity: Math.ceil(inCapacity / 4) * 4, outCapacity: room(widestOut, rows) };
}

function birthsPerStep(rules: readonly PlasticityRule[]): number {
  return rules.reduce((sum, r) => sum + (r.kind === "structural" ? Math.floor(r.births) + 1 : 0), 0);
}

function planSynaptic(
  rule: Extract<PlasticityRule, { kind: "synaptic" }>,
  {
    sides,
    options,
    memory,
    initial,
  }: {
    sides: { pre: Side; post: Side };
    options: ResolvedOptions;
    memory: Allocator;
    initial: number[];
  },
): PlannedSynapticRule {
  const synapse = compileSynapse({ ...rule.synapse, name: rule.name }, { method: options.method });
  const bind = (side: "pre" | "post") => {
    const { find, known, name } = sides[side];
    const slots = new Map<string, Slot>();
    for (const variable of synapse[side]) {
      const slot = find(variable);
      if (slot === undefined) {
        throw synapseError(synapse, side, variable, {
          code: "unknown-variable",
          what: `"${name}" has no variable "${variable}" of its units`,
          hint: suggest(variable, known),
        });
      }
      slots.set(variable, slot);
    }
    return slots;
  };
  const values = rule.synapse.parameters;
  const arrays = new Map<string, number>([["w", 0]]);
  for (const v of synapse.variables) {
    if (v.name === "w") continue;
    initial.push(v.initial ? evaluate(v.initial, (_kind, p) => values[p], PORTABLE) : 0);
    arrays.set(v.name, initial.length);
  }
  const parameters = new Map(synapse.parameters.map((p) => [p, memory.slot(SCALAR, 1)]));
  return {
    kind: "synaptic",
    name: rule.name,
    synapse,
    arrays,
    parameters,
    values,
    pre: bind("pre"),
    post: bind("post"),
  };
}
