/**
 * @file Adam's step over a block of numbers in native code, as many at a time as a vector holds.
 */

import { printVectorTypes, vectorType } from "../../../compiler/index.ts";
import type { NativeLoader } from "../../../engine/index.ts";

/** Blocks of θ, m, v and g, and a step over the first of their numbers. */
export interface AdamKernel {
  blocks: Float64Array[];
  /** @param factors - In the order of `AdamFactors`. */
  step: (count: number, ...factors: number[]) => void;
}

/** A kernel for blocks of a size, or undefined where it does not compile. */
export function createNativeAdam(loader: NativeLoader, size: number): AdamKernel | undefined {
  const compiled = loader.compile(printStep(loader.vectorBytes, size), ["adam_step"]);
  if (!Array.isArray(compiled)) return undefined;
  const numbers = new Float64Array(4 * size);
  const bytes = new Uint8Array(numbers.buffer);
  const given = new Float64Array(FACTORS.length + 1);
  const table = new Uint32Array(given.buffer);
  return {
    blocks: [0, 1, 2, 3].map((k) => numbers.subarray(k * size, (k + 1) * size)),
    step: (count, ...factors) => {
      given.set(factors);
      table[COUNT] = count;
      compiled[0](bytes, table);
    },
  };
}

// Implementation

const FACTORS = ["beta1", "rest1", "beta2", "rest2", "penalty", "keep", "step_size", "root", "epsilon"];
/** Place of the count in the table, behind the factors. */
const COUNT = 2 * FACTORS.length;

/** `adam_step`: what stands in a vector behind the last number is nobody's. */
function printStep(widest: NativeLoader["vectorBytes"], size: number): string {
  const { name, lanes } = vectorType("f64", widest);
  const spread = FACTORS.map((f, k) => `const ${name} ${f} = splat_${name}(((const double *)a)[${k}]);`);
  return `${printVectorTypes(widest)}
int32_t adam_step(char *memory, const uint32_t *a) {
${spread.join("\n")}
double *const x = (double *)memory, *const m = x + ${size}, *const v = m + ${size}, *const gradient = v + ${size};
for (uint32_t k = 0; k < a[${COUNT}]; k += ${lanes}) {
const ${name} before = load_${name}(x + k);
const ${name} g = load_${name}(gradient + k) + penalty * before;
const ${name} mean = beta1 * load_${name}(m + k) + rest1 * g;
const ${name} square = beta2 * load_${name}(v + k) + rest2 * g * g;
store_${name}(m + k, mean);
store_${name}(v + k, square);
store_${name}(x + k, before * keep - step_size * (mean / (sqrt_${name}(square) / root + epsilon)));
}
return 0;
}
`;
}
