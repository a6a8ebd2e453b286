/**
 * @file Y = W X for a block of time, in WebAssembly: what a readout predicts from recorded states. The steps of the
 * block stand where the product of a network has its instances.
 */

import { ModuleBuilder } from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import { addDenseProduct } from "./dense-product.ts";

const PAGE = 65536;

/** Multiplies blocks of states by one matrix; owns a small memory. */
export class BlockProduct {
  readonly #multiply: () => void;
  readonly #states: Float64Array;
  readonly #result: Float64Array;

  /**
   * @param weights - Shape `(output, unit)`, row-major.
   * @param options.block - Steps in a block, a multiple of 4.
   * @throws CajalError `shape`, `bad-stride`.
   */
  constructor(weights: Float64Array, options: { outputs: number; units: number; block: number }) {
    const { outputs, units, block } = options;
    if (weights.length !== outputs * units) {
      throw new CajalError(`${weights.length} weights for ${outputs} outputs × ${units} units`, {
        code: "shape",
        where: "BlockProduct",
      });
    }
    const at = { states: weights.byteLength, result: weights.byteLength + 8 * units * block };
    const bytes = at.result + 8 * outputs * block;
    const module = new ModuleBuilder();
    module.importMemory("cajal", "memory");
    const { name } = addDenseProduct(module, { precision: "f64", stride: block, accumulate: false });
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes() as BufferSource), {
      cajal: { memory },
    });
    const kernel = exports[name] as (...pointers: number[]) => void;
    new Float64Array(memory.buffer, 0, weights.length).set(weights);
    this.#states = new Float64Array(memory.buffer, at.states, units * block);
    this.#result = new Float64Array(memory.buffer, at.result, outputs * block);
    this.#multiply = () => kernel(at.result, at.states, 0, outputs, units);
  }

  /**
   * @param states - Shape `(unit, time)`, one block.
   * @returns Shape `(output, time)`; overwritten by the next call.
   */
  multiply(states: Float64Array): Float64Array {
    this.#states.set(states);
    this.#multiply();
    return this.#result;
  }
}
