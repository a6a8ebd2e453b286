/**
 * @file Whole arrays of sums: set to 0, or added to others.
 */

import type { FunctionHandle, ModuleBuilder } from "../../compiler/index.ts";
import { emitClear } from "./event-product.ts";
import { advance, arithmetic, copy, locals, pointers, setOffset, whileBelow } from "./loops.ts";
import type { Precision } from "./options.ts";

/** Add the kernel `clear (out, count)`: numbers set to +0; the count is a multiple of four. */
export function addClear(module: ModuleBuilder, precision: Precision): FunctionHandle {
  return module.addFunction(
    "clear",
    { parameters: ["i32", "i32"], results: [] },
    (code) => {
      const [out, count] = pointers(code, 2);
      emitClear(code, out, count, precision);
    },
    { exported: true },
  );
}

/** Add the kernel `addTo (out, x, count)`: out += x; the count is a multiple of four. */
export function addAddTo(module: ModuleBuilder, precision: Precision): FunctionHandle {
  const { bytes, vector } = arithmetic[precision];
  return module.addFunction(
    "addTo",
    { parameters: ["i32", "i32", "i32"], results: [] },
    (code) => {
      const [out, x, count] = pointers(code, 3);
      const [at, end] = locals(code, "i32", 2);
      copy(code, out, at);
      setOffset(code, end, { base: out, count, scale: bytes });
      whileBelow(code, at, end, () => {
        code
          .get(at)
          .get(at)
          .load("v128.load")
          .get(x)
          .load("v128.load")
          .op(`${vector}.add`)
          .store("v128.store");
        advance(code, at, 16);
        advance(code, x, 16);
      });
    },
    { exported: true },
  );
}
