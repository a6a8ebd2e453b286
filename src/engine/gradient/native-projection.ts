/**
 * @file The functions of one projection in native gradients: its sums, adjoints back through its weights, the gradient of
 * the weights, and the weights the other way round.
 */

import {
  aheadLength,
  areFew,
  columnMasks,
  elementBytes,
  printAheadOfStep,
  printAllZero,
  printFusedAhead,
  printFusedDense,
  printFusedFew,
  printFusedFewBack,
  printFusedMasked,
  printFusedMaskedOuter,
  printFusedOuter,
  printFusedSparse,
  printFusedSparseOuter,
  printReorder,
  printTurn,
} from "../kernels/index.ts";
import type { GradientProjection } from "./gradient-plan.ts";
import type { AheadCalls, ProductCall } from "./native-steps.ts";
import { at, type Printing } from "./native-table.ts";
import type { TransposedWeights } from "./weights.ts";

/** C of one projection: its functions, and its products for whole steps. */
export interface PrintedProjection {
  source: string;
  forward: ProductCall;
  back: ProductCall | undefined;
  ahead: AheadCalls | undefined;
}

/** What projections are printed with. */
export interface ProjectionPrinting extends Printing {
  /** Put numbers into the table; gives the C expression of a pointer to them. */
  array: (values: ArrayLike<number>) => string;
  /** Kernels printed so far, by name. */
  kernels: Map<string, string>;
  /** Functions printed so far. */
  names: string[];
}

/** The functions `project_k`, `back_k`, `turn_k`, `outer_k`, as far as there is something for them to do. */
export function printProjection(
  p: GradientProjection,
  index: number,
  printing: ProjectionPrinting,
): PrintedProjection {
  const { planned, transposed, gradient } = p;
  const define = (name: string, call: string) => {
    printing.names.push(`${name}_${index}`);
    return `int32_t ${name}_${index}(char *m, const uint32_t *a) {\n  ${call};\n  return 0;\n}\n`;
  };
  const alone = (product: ProductCall) => product(`m + ${at("out")}`, `m + ${at("source")}`);
  const parts = kernelParts(printing);
  const isFew = isFewDense(p, parts.options);
  const { weights } = planned.projection;
  const masks = printMasks(planned.weights as Weights, weights, parts);
  const product = { ...parts, masks, add: planned.accumulate };
  const forward = unlessZero(printProduct(planned.weights as Weights, weights, product), weights, product);
  let back: ProductCall | undefined;
  const texts = [define("project", alone(forward))];
  if (transposed) {
    const turned = { ...parts, masks: printMasks(transposed, transposed, parts), add: true };
    back = isFew ? printFewBack(p, parts) : printProduct(transposed, transposed, turned);
    texts.push(define("back", alone(back)));
    // A few instances go back through the weights as they lie forward.
    texts.push(define("turn", isFew ? "(void)m" : printTurning(p, transposed, parts)));
  }
  if (gradient) texts.push(define("outer", printOuter(p, gradient.address, { ...parts, masks })));
  return { source: texts.join(""), forward, back, ahead: printAhead(p, parts) };
}

// Implementation

/** Where weights lie, as far as products need it. */
interface Weights {
  kind: string;
  address: number;
  rowStart?: number;
  column?: number;
  packed?: { rowStart: Int32Array; column: Int32Array };
}

interface Size {
  rows: number;
  columns: number;
}

type KernelParts = ReturnType<typeof kernelParts>;

function kernelParts(printing: ProjectionPrinting) {
  const { plan, widest, entry, kernels } = printing;
  const { precision, stride, instances } = plan.options.run;
  const options = { precision, stride, instances, widest };
  return {
    ...printing,
    options,
    /** Name of a kernel, which is printed once. */
    once: (name: string, print: (name: string, given: typeof options) => string): string => {
      if (!kernels.has(name)) kernels.set(name, print(name, options));
      return name;
    },
    /** C expression of a pointer to an address of the memory. */
    at: (address: number) => `m + ${entry(address)}`,
  };
}

const isFewDense = ({ planned }: GradientProjection, options: KernelParts["options"]) =>
  planned.weights.kind === "dense" && areFew(options);

const structureOf = ({ rowStart, column }: Weights, { at: place }: KernelParts) =>
  [rowStart!, column!].map((address) => `(const int32_t *)(${place(address)})`);

/** C expression of the bytes of so many rows of instances. */
const bytesOf = (rows: number, { entry, options: { precision, stride } }: KernelParts) =>
  entry(rows * stride * elementBytes(precision));

const isZero = (source: string, bytes: string, { once }: KernelParts) =>
  `${once("all_zero", printAllZero)}(${source}, ${bytes})`;

/** A product that costs nothing where its source is 0, as the state of most networks is before the first step. */
function unlessZero(
  product: ProductCall,
  { rows, columns }: Size,
  parts: KernelParts & { add: boolean },
): ProductCall {
  const [from, to] = [bytesOf(columns, parts), bytesOf(rows, parts)];
  return (out, source) => {
    const nothing = parts.add ? "(void)0" : `(void)memset(${out}, 0, ${to})`;
    return `${isZero(source, from, parts)} ? ${nothing} : ${product(out, source)}`;
  };
}

/** Which columns rows have, in the table: C expressions of the records and how many blocks they are of; undefined for a list. */
function printMasks(w: Weights, { rows, columns }: Size, parts: KernelParts): string[] | undefined {
  const masks = w.packed && columnMasks(w.packed, { rows, columns }, parts.options);
  return masks && [parts.array(masks.records), parts.entry(masks.blocks)];
}

/** With the bits of a matrix where it has some. */
type MaskedParts = KernelParts & { masks: string[] | undefined };

function printProduct(
  w: Weights,
  { rows, columns }: Size,
  parts: MaskedParts & { add: boolean },
): ProductCall {
  const { options, once, at: place, entry, masks } = parts;
  const add = parts.add ? 1 : 0;
  const values = place(w.address);
  const print =
    (kernel: string, list: string[]): ProductCall =>
    (out, source) =>
      `${kernel}(${out}, ${source}, ${list.join(", ")}, ${add})`;
  if (masks) return print(once("masked_product", printFusedMasked), [...masks, values, entry(rows)]);
  if (w.kind === "sparse") {
    const list = [...structureOf(w, parts), values, entry(rows)];
    return print(once("sparse_product", printFusedSparse), list);
  }
  const kernel = once("dense_product", areFew(options) ? printFusedFew : printFusedDense);
  return print(kernel, [values, entry(rows), entry(columns)]);
}

function printFewBack({ planned }: GradientProjection, { once, at: place, entry }: KernelParts): ProductCall {
  const { rows, columns } = planned.projection.weights;
  const kernel = once("dense_back", printFusedFewBack);
  const list = [place((planned.weights as Weights).address), entry(rows), entry(columns)];
  return (out, source) => `${kernel}(${out}, ${source}, ${list.join(", ")})`;
}

/** Calls that take the sums of an input for all steps, and bring those of a step to their place. */
function printAhead(
  { planned, ahead }: GradientProjection,
  { once, at: place, entry, options }: KernelParts,
): AheadCalls | undefined {
  if (ahead === undefined) return undefined;
  const { rows, columns } = planned.projection.weights;
  const sums = place(ahead.address);
  const list = [place((planned.weights as Weights).address), entry(rows), entry(columns)];
  const bytes = entry(aheadLength(rows, options) * elementBytes(options.precision));
  const all = once("products_ahead", printFusedAhead);
  const ofStep = once("product_ahead", printAheadOfStep);
  return {
    all: (source, steps, pitch) => `${all}(${sums}, ${source}, ${list.join(", ")}, ${steps}, ${pitch})`,
    ofStep: (out, step) => `${ofStep}(${out}, ${sums} + (size_t)${step} * ${bytes}, ${list[1]})`,
  };
}

/** Call that brings weights to Wᵀ. */
function printTurning(
  { planned }: GradientProjection,
  transposed: TransposedWeights,
  { once, at: place, entry, array }: KernelParts,
): string {
  const list = [place(transposed.address), place((planned.weights as Weights).address)];
  if (transposed.kind === "dense") list.push(entry(transposed.columns), entry(transposed.rows));
  else list.push(array(transposed.order), entry(transposed.length));
  const kernel = transposed.kind === "dense" ? once("turn", printTurn) : once("reorder", printReorder);
  return `${kernel}(${list.join(", ")})`;
}

/** Call that adds to the gradient of weights; a first step whose source is 0 adds nothing. */
function printOuter({ planned }: GradientProjection, address: number, parts: MaskedParts): string {
  const { once, at: place, entry, plan, masks } = parts;
  const { rows, columns } = planned.projection.weights;
  const weights = planned.weights as Weights;
  const pitch = entry(plan.ring.bytes);
  const first = isZero("x", bytesOf(columns, parts), parts);
  const print = (
    kernel: string,
    list: string[],
  ) => `const uint32_t d_pitch = ${pitch}, x_pitch = ${at("xPitch")};
  const char *d = m + ${at("ring")}, *x = m + ${at("source")};
  uint32_t steps = ${at("steps")};
  if (${first}) { d += d_pitch; x += x_pitch; steps--; }
  ${kernel}(${[place(address), "d", "x", ...list, "steps", "d_pitch", "x_pitch"].join(", ")})`;
  if (masks) return print(once("masked_outer", printFusedMaskedOuter), [...masks, entry(rows)]);
  if (weights.kind === "sparse")
    return print(once("sparse_outer", printFusedSparseOuter), [...structureOf(weights, parts), entry(rows)]);
  return print(once("dense_outer", printFusedOuter), [entry(rows), entry(columns)]);
}
