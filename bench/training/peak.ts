/** @file What one core can do at most: fused multiplications and additions of the widest vectors, in registers alone. */

import type { NativeLoader } from "../../src/engine/index.ts";
import { cpuSeconds } from "../measure.ts";

/** GFLOP/s in f32; undefined when the compiler fails. */
export function corePeak(loader: NativeLoader): number | undefined {
  const lanes = loader.vectorBytes / 4;
  const sums = loader.vectorBytes === 64 ? 16 : 10;
  const each = (write: (k: number) => string) => Array.from({ length: sums }, (_, k) => write(k)).join(" ");
  const source = `#include <stdint.h>
typedef float v __attribute__((vector_size(${loader.vectorBytes})));
#if !defined(__clang__)
__attribute__((optimize("fp-contract=fast")))
#endif
int32_t peak(char *m, const uint32_t *a) {
#if defined(__clang__)
#pragma clang fp contract(fast)
#endif
  float *f = (float *)m;
  v x, y;
  for (int i = 0; i < ${lanes}; i++) { x[i] = f[0]; y[i] = f[1]; }
  v ${Array.from({ length: sums }, (_, k) => `s${k} = y + ${k}.0f`).join(", ")};
  for (uint32_t k = 0; k < a[0]; k++) { ${each((k) => `s${k} = s${k} * x + y;`)} }
  v s = ${Array.from({ length: sums }, (_, k) => `s${k}`).join(" + ")};
  f[0] = s[0];
  return 0;
}
`;
  const compiled = loader.compile(source, ["peak"]);
  if (!Array.isArray(compiled)) return undefined;
  const memory = new Float32Array(2);
  // Long enough for the clock of CPU time; by a wall clock a busy machine would have a low peak.
  const turns = 20_000_000;
  let best = Infinity;
  for (let k = 0; k < 8; k++) {
    memory.set([0.5, 1]);
    best = Math.min(
      best,
      cpuSeconds(() => void compiled[0](new Uint8Array(memory.buffer), Uint32Array.of(turns))),
    );
  }
  return (2 * sums * lanes * turns) / best / 1e9;
}
