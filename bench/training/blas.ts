/**
 * @file The other way to native products: a BLAS found on the machine, called by koffi over the memory of the run.
 */

import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { summarize, wallSeconds } from "../measure.ts";

/** A row-major matrix, or a vector: its address, and numbers from row to row or from one to the next. */
export interface Operand {
  at: number;
  pitch: number;
  /** Lies the other way round. */
  turned?: boolean;
}

/** One loaded BLAS of single precision; addresses are those of the process. */
export interface Blas {
  /** The kernels that it runs. */
  kernels: string;
  /** C ← A B, or C + A B, with C `(m, n)` and k summed over. */
  multiply(size: readonly [m: number, n: number, k: number], a: Operand, b: Operand, c: Sum): void;
  /** y ← A x, or y + A x, with A as it lies `(rows, columns)`. */
  multiplyVector(size: readonly [rows: number, columns: number], a: Operand, x: Operand, y: Sum): void;
  /** Every so many-th of n numbers, to neighbours. */
  gather(n: number, from: Operand, to: number): void;
  /** Address of the first byte; whoever uses it keeps the buffer. */
  addressOf(buffer: ArrayBuffer): number;
}

/** What a product is written or added to. */
export type Sum = Operand & { add: boolean };

/** What was found: the BLAS with the kernels that are fastest here, and what all of them do; or why there is none. */
export type FoundBlas = { blas: Blas; tried: string[] } | { reason: string };

/**
 * OpenBLAS: the library `CAJAL_BLAS`, SciPy's in bench/peers/.venv, or the system's. It takes new processors for old
 * ones unless told before it loads, so copies of it are loaded, each told another.
 */
export function findBlas(root: string): FoundBlas {
  const path = candidates(root).find((file) => existsSync(file));
  if (path === undefined)
    return { reason: "no OpenBLAS was found (CAJAL_BLAS, or SciPy in bench/peers/.venv)" };
  const found = new Map<string, { blas: Blas; rate: number }>();
  for (const kernels of ["", "Haswell", "SkylakeX"]) {
    try {
      const blas = loadCopy(path, kernels);
      if (!found.has(blas.kernels)) found.set(blas.kernels, { blas, rate: rateOf(blas) });
    } catch (error) {
      return { reason: `${basename(path)} does not load: ${(error as Error).message}` };
    }
  }
  const all = [...found.values()].sort((a, b) => b.rate - a.rate);
  const tried = all.map(({ blas, rate }) => `${blas.kernels} kernels ${Math.round(rate / 1e9)} GFLOP/s`);
  return { blas: all[0].blas, tried };
}

// Implementation

const KERNELS = "OPENBLAS_CORETYPE";
const THREADS = "OPENBLAS_NUM_THREADS";

function candidates(root: string): string[] {
  const lib = join(root, "bench", "peers", ".venv", "lib");
  const wheels = existsSync(lib)
    ? readdirSync(lib).map((python) => join(lib, python, "site-packages", "scipy.libs"))
    : [];
  const bundled = wheels
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => basename(file).startsWith("libscipy_openblas-"));
  const system = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64"];
  const given = process.env.CAJAL_BLAS;
  return [...(given ? [given] : []), ...bundled, ...system.map((folder) => join(folder, "libopenblas.so.0"))];
}

/** A library that is loaded twice is one; a copy is another, with other kernels. */
function loadCopy(path: string, kernels: string): Blas {
  const before = { [KERNELS]: process.env[KERNELS], [THREADS]: process.env[THREADS] };
  const folder = mkdtempSync(join(tmpdir(), "cajal-blas-"));
  try {
    if (kernels) process.env[KERNELS] = kernels;
    else delete process.env[KERNELS];
    process.env[THREADS] = "1";
    // A wheel keeps what its libraries need beside them.
    const beside = dirname(path).endsWith(".libs") ? readdirSync(dirname(path)) : [basename(path)];
    for (const name of beside) copyFileSync(join(dirname(path), name), join(folder, name));
    return bind(join(folder, basename(path)));
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Koffi {
  load(path: string | null): { func(name: string, result: string, parameters: string[]): Call };
}
type Call = (...values: unknown[]) => unknown;

const [ROWS_FIRST, AS_IT_IS, TURNED] = [101, 111, 112];

function bind(path: string): Blas {
  const koffi = createRequire(import.meta.url)("koffi") as Koffi;
  const library = koffi.load(path);
  const prefix = basename(path).startsWith("libscipy") ? "scipy_" : "";
  const call = (name: string, letters: string) =>
    library.func(
      `${prefix}${name}`,
      "void",
      [...letters].map((letter) => TYPES[letter]),
    );
  const gemm = call("cblas_sgemm", "iiiiiifpipifpi");
  const gemv = call("cblas_sgemv", "iiiifpipifpi");
  const scopy = call("cblas_scopy", "ipipi");
  const kernels = library.func(`${prefix}openblas_get_corename`, "str", [])() as string;
  const same = koffi.load(null).func("memmove", "uintptr_t", ["void *", "void *", "size_t"]);
  const side = ({ turned }: Operand) => (turned ? TURNED : AS_IT_IS);
  return {
    kernels,
    multiply: ([m, n, k], a, b, c) => {
      const by = c.add ? 1 : 0;
      gemm(ROWS_FIRST, side(a), side(b), m, n, k, 1, a.at, a.pitch, b.at, b.pitch, by, c.at, c.pitch);
    },
    multiplyVector: ([rows, columns], a, x, y) => {
      const by = y.add ? 1 : 0;
      gemv(ROWS_FIRST, side(a), rows, columns, 1, a.at, a.pitch, x.at, x.pitch, by, y.at, y.pitch);
    },
    gather: (n, from, to) => void scopy(n, from.at, from.pitch, to, 1),
    addressOf: (buffer) => {
      const bytes = new Uint8Array(buffer);
      return same(bytes, bytes, 0) as number;
    },
  };
}

const TYPES: Record<string, string> = { i: "int", f: "float", p: "uintptr_t" };

/** Operations a second of a product as training makes them. */
function rateOf(blas: Blas): number {
  const [units, batch] = [256, 64];
  const memory = new ArrayBuffer(4 * (units * units + 2 * units * batch));
  new Float32Array(memory).fill(0.5);
  const a = { at: blas.addressOf(memory), pitch: units };
  const b = { at: a.at + 4 * units * units, pitch: batch };
  const c = { at: b.at + 4 * units * batch, pitch: batch, add: false };
  const turns = 50;
  const batchOf = () =>
    wallSeconds(() => {
      for (let k = 0; k < turns; k++) blas.multiply([units, batch, units], a, b, c);
    }) / turns;
  return (2 * units * units * batch) / summarize(Array.from({ length: 20 }, batchOf)).min;
}
