/**
 * @file Sum, mean, least and greatest of a state array over its neurons, per instance, as WebAssembly SIMD.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import {
  advance,
  arithmetic,
  copy,
  eachTile,
  locals,
  pointers,
  setOffset,
  storeSums,
  whileBelow,
} from "./loops.ts";
import { checkLayout, type ReductionOptions } from "./options.ts";

/**
 * Add a kernel called by its kind, `(out, x, neurons)`, all i32: byte pointers, then a count. `x` is
 * `(neuron, instance)`, `out` is `(instance)`. Neurons are folded in ascending order with one accumulator per
 * instance, so the bits do not depend on the stride and are those of `referenceReduction`.
 *
 * @throws CajalError `bad-stride`.
 */
export function addReduction(module: ModuleBuilder, options: ReductionOptions): FunctionHandle {
  checkLayout(options, "addReduction");
  return module.addFunction(
    options.kind,
    { parameters: ["i32", "i32", "i32"], results: [] },
    (code) => emitReduction(code, options),
    { exported: true },
  );
}

// Implementation

const fold = { sum: "add", mean: "add", min: "min", max: "max" } as const;
const start = { sum: 0, mean: 0, min: Infinity, max: -Infinity };

/** Vectors folded in one pass over the neurons. */
const widestTile = 8;

function emitReduction(code: FunctionBuilder, options: ReductionOptions): void {
  const [out, x, neurons] = pointers(code, 3);
  const { scalar, bytes } = arithmetic[options.precision];
  const pitch = options.stride * bytes;
  const vectors = pitch / 16;
  const [source, end] = locals(code, "i32", 2);
  const emitTile = (values: Local[], tile: { x: Local; out: Local }) => {
    emitStart(code, values, options);
    copy(code, tile.x, source);
    // One past the last neuron, at the place of this tile.
    setOffset(code, end, { base: tile.x, count: neurons, scale: pitch });
    whileBelow(code, source, end, () => {
      emitFold(code, values, { ...options, source });
      advance(code, source, pitch);
    });
    if (options.kind === "mean") emitDivision(code, values, { ...options, neurons });
    storeSums(code, values, { ...options, pointer: tile.out, accumulate: false });
  };
  if (options.stride === 1) {
    emitTile(locals(code, scalar, 1), { x, out });
    return;
  }
  const values = locals(code, "v128", Math.min(vectors, widestTile));
  eachTile(code, { vectors, widest: widestTile, x, out }, (tile) => {
    emitTile(values.slice(0, tile.width), tile);
  });
}

function emitStart(code: FunctionBuilder, values: Local[], { kind, precision }: ReductionOptions): void {
  const { scalar, vector } = arithmetic[precision];
  for (const value of values) {
    code[`${value.type === "v128" ? vector : scalar}Const`](start[kind]).set(value);
  }
}

function emitFold(
  code: FunctionBuilder,
  values: Local[],
  { kind, precision, source }: ReductionOptions & { source: Local },
): void {
  const { scalar, vector } = arithmetic[precision];
  for (const [v, value] of values.entries()) {
    const type = value.type === "v128" ? vector : scalar;
    code.get(value).get(source);
    if (value.type === "v128") code.load("v128.load", 16 * v);
    else code.load(`${scalar}.load`);
    code.op(`${type}.${fold[kind]}`).set(value);
  }
}

function emitDivision(
  code: FunctionBuilder,
  values: Local[],
  { precision, neurons }: ReductionOptions & { neurons: Local },
): void {
  const { scalar, vector } = arithmetic[precision];
  for (const value of values) {
    code.get(value).get(neurons).op(`${scalar}.convert_i32_u`);
    if (value.type === "v128") code.op(`${vector}.splat`).op(`${vector}.div`);
    else code.op(`${scalar}.div`);
    code.set(value);
  }
}
