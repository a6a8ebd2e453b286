/**
 * @file What the weights of one projection may be: which synapses exist, which are fixed, and their signs. Impossible
 * wishes are errors here, before anything is trained; `enforce.ts` keeps the rest exactly, in every step.
 */

import { CajalError, plural, type SparseMatrix } from "../../../core/index.ts";

/**
 * How signs are kept.
 *
 * - `project`: the trained numbers are the weights; after each step those of the wrong sign become 0 (nn4n).
 * - `rectify`: w = [θ]₊ · sign, Song, Yang & Wang (2016), Eq. 9; a synapse whose θ < 0 is silent and has no gradient.
 * - `absolute`: w = |θ| · sign (PsychRNN).
 */
export type Enforcement = "project" | "rectify" | "absolute";

/** A checked constraint; plain data, in the order of the weights' storage. */
export interface WeightConstraint {
  readonly name: string;
  readonly enforce: Enforcement;
  /** Units of the receiving and the sending population. */
  readonly post: number;
  readonly pre: number;
  /** Shape `(post, pre)` (or `(edge)`, see {@link constraintOnEdges}): 1 where a synapse is trained. */
  readonly plastic: Uint8Array;
  /** Same shape: weight of synapses that are not trained; 0 means no synapse. Missing when there are none. */
  readonly fixed?: Float64Array;
  /** Same shape: 1 excitatory, −1 inhibitory, 0 either. Missing when all are free. */
  readonly signs?: Int8Array;
}

/** What {@link createConstraint} is given; all but the sizes may be left out. */
export interface ConstraintOptions {
  /** Name of the projection, for messages. */
  name: string;
  post: number;
  pre: number;
  /** Shape `(post, pre)`: 0 where no synapse may be. Default all. */
  mask?: ArrayLike<number>;
  /** Dale's law, shape `(pre)`: sign of all synapses a unit makes; 0 for a unit without a law. */
  signs?: ArrayLike<number>;
  /** Sign of each synapse, shape `(post, pre)`, 0 for either; must agree with `signs`. */
  entrySigns?: ArrayLike<number>;
  /** Whether a unit may contact itself, for a population onto itself, default true. */
  autapses?: boolean;
  /** Weights that are not trained, as they act (signed), shape `(post, pre)`, 0 elsewhere. */
  fixed?: ArrayLike<number>;
  /** Default `project`. */
  enforce?: Enforcement;
}

/** Ways to keep signs, for schemas and messages. */
export const ENFORCEMENTS = ["project", "rectify", "absolute"] as const;

/**
 * A checked constraint.
 *
 * @throws CajalError `constraint-shape`, `empty-area`, `sign-conflict`, `fixed-without-synapse`, `no-synapses`.
 * @example createConstraint({ name: "wRec", post: 5, pre: 5, signs: [1, 1, 1, 1, -1], autapses: false })
 */
export function createConstraint(options: ConstraintOptions): WeightConstraint {
  const { name, post, pre, fixed, enforce = "project" } = options;
  checkSizes(options);
  const plastic = new Uint8Array(post * pre);
  for (let k = 0; k < plastic.length; k++) plastic[k] = exists(options, k) ? 1 : 0;
  const signs = options.signs || options.entrySigns ? entrySigns(options) : undefined;
  if (fixed) {
    for (let k = 0; k < plastic.length; k++) {
      if (fixed[k] === 0) continue;
      checkFixed(options, { k, allowed: plastic[k] === 1, sign: signs?.[k] ?? 0 });
      plastic[k] = 0;
    }
  }
  if (!plastic.includes(1) && !(fixed && Array.from(fixed).some((w) => w !== 0))) {
    throw fail(
      name,
      "the mask leaves no synapse at all",
      "no-synapses",
      "Raise the density or drop the projection.",
    );
  }
  return {
    name,
    enforce,
    post,
    pre,
    plastic,
    ...(fixed && { fixed: Float64Array.from(fixed) }),
    ...(signs && { signs }),
  };
}

/**
 * The same constraint for weights stored as a list of edges: every array gets shape `(edge)`.
 *
 * @param pattern - Where the edges are, shape `(post, pre)`; its values are not looked at.
 * @throws CajalError `constraint-shape`, and `pattern-mismatch` when a synapse of the constraint has no edge.
 */
export function constraintOnEdges(
  constraint: WeightConstraint,
  pattern: Pick<SparseMatrix, "rows" | "columns" | "rowStart" | "column">,
): WeightConstraint {
  const { name, post, pre, plastic, fixed, signs, enforce } = constraint;
  if (pattern.rows !== post || pattern.columns !== pre) {
    const what = `the pattern is ${pattern.rows} × ${pattern.columns}, the constraint ${post} × ${pre}`;
    throw fail(name, what, "constraint-shape", "Both are (post, pre).");
  }
  const places = new Int32Array(pattern.column.length);
  for (let i = 0; i < post; i++) {
    for (let e = pattern.rowStart[i]; e < pattern.rowStart[i + 1]; e++)
      places[e] = i * pre + pattern.column[e];
  }
  const edges = {
    plastic: Uint8Array.from(places, (k) => plastic[k]),
    ...(fixed && { fixed: Float64Array.from(places, (k) => fixed[k]) }),
    ...(signs && { signs: Int8Array.from(places, (k) => signs[k]) }),
  };
  const wanted = countSynapses(constraint);
  const kept = countSynapses(edges);
  if (kept < wanted) {
    const what = `${plural(wanted - kept, "synapse")} of the constraint have no edge in the pattern`;
    throw fail(name, what, "pattern-mismatch", "Make the pattern from the constraint's mask.");
  }
  return { name, enforce, post, pre, ...edges };
}

/** Number of synapses, trained and fixed. */
export function countSynapses({ plastic, fixed }: Pick<WeightConstraint, "plastic" | "fixed">): number {
  let count = 0;
  for (let k = 0; k < plastic.length; k++) if (plastic[k] === 1 || (fixed && fixed[k] !== 0)) count++;
  return count;
}

// Implementation

function fail(name: string, what: string, code: string, hint: string): CajalError {
  return new CajalError(what, { code, where: `weights "${name}"`, hint });
}

function checkSizes(options: ConstraintOptions): void {
  const { name, post, pre, signs, mask, entrySigns, fixed, autapses = true, enforce = "project" } = options;
  for (const [side, size] of [["post", post] as const, ["pre", pre] as const]) {
    if (Number.isInteger(size) && size > 0) continue;
    const hint = "Every population and area needs at least one unit.";
    throw fail(name, `${side} has ${size} units`, "empty-area", hint);
  }
  if (!ENFORCEMENTS.includes(enforce)) {
    const hint = `Known: ${ENFORCEMENTS.join(", ")}.`;
    throw fail(name, `unknown enforcement "${enforce}"`, "unknown-enforcement", hint);
  }
  if (signs && signs.length !== pre) {
    const hint = "Dale's law has one sign per sending unit.";
    throw fail(
      name,
      `${plural(signs.length, "sign")} for ${plural(pre, "sending unit")}`,
      "constraint-shape",
      hint,
    );
  }
  for (const [what, array] of Object.entries({ mask, entrySigns, fixed })) {
    if (!array || array.length === post * pre) continue;
    const hint = "Shape is (post, pre), row by row.";
    throw fail(name, `${what} has ${array.length} values, wanted ${post} × ${pre}`, "constraint-shape", hint);
  }
  for (const [what, array] of Object.entries({ mask, signs, entrySigns })) {
    const odd = array ? firstOdd(array) : -1;
    if (odd < 0) continue;
    throw fail(name, `${what}[${odd}] is ${array![odd]}`, "constraint-shape", "Give numbers, 0 for none.");
  }
  if (!autapses && post !== pre) {
    const hint = "Leave autapses out between different populations.";
    throw fail(name, `autapses: false wants a square matrix, got ${post} × ${pre}`, "constraint-shape", hint);
  }
}

/** Place of what is no number, or −1: NaN would make a synapse, or let a unit off Dale's law, without a word. */
function firstOdd(values: ArrayLike<number>): number {
  if (ArrayBuffer.isView(values) && !(values instanceof Float64Array || values instanceof Float32Array))
    return -1;
  for (let k = 0; k < values.length; k++) if (!Number.isFinite(values[k])) return k;
  return -1;
}

function exists({ mask, pre, autapses = true }: ConstraintOptions, k: number): boolean {
  if (!autapses && Math.floor(k / pre) === k % pre) return false;
  return mask === undefined || mask[k] !== 0;
}

/** Both kinds of signs as one per synapse. */
function entrySigns(options: ConstraintOptions): Int8Array {
  const { name, post, pre, signs, entrySigns: own } = options;
  const out = new Int8Array(post * pre);
  for (let k = 0; k < out.length; k++) {
    const law = signs ? Math.sign(signs[k % pre]) : 0;
    const entry = own ? Math.sign(own[k]) : 0;
    if (law * entry === -1 && exists(options, k)) {
      const what = `synapse from unit ${k % pre} to unit ${Math.floor(k / pre)} is wanted ${word(entry)}, but its unit is ${word(law)}`;
      throw fail(name, what, "sign-conflict", "Dale's law: all synapses of a unit have its sign.");
    }
    out[k] = law || entry;
  }
  return out;
}

function word(sign: number): string {
  return sign > 0 ? "excitatory" : "inhibitory";
}

function checkFixed(
  { name, pre, fixed }: ConstraintOptions,
  { k, allowed, sign }: { k: number; allowed: boolean; sign: number },
): void {
  const place = `fixed weight ${fixed![k]} from unit ${k % pre} to unit ${Math.floor(k / pre)}`;
  if (!Number.isFinite(fixed![k]))
    throw fail(name, `${place} is no number`, "constraint-shape", "Put 0 where nothing is fixed.");
  if (!allowed) {
    const hint = "Set the mask there to 1, or the fixed weight to 0; autapses: false removes the diagonal.";
    throw fail(name, `${place} lies where the mask allows no synapse`, "fixed-without-synapse", hint);
  }
  if (fixed![k] * sign < 0) {
    const hint = "Give fixed weights as they act, with their sign.";
    throw fail(name, `${place} breaks Dale's law, the unit is ${word(sign)}`, "sign-conflict", hint);
  }
}
