/**
 * @file The other way to native products: a BLAS found on the machine, called by koffi over the memory of the run.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { summarize, wallSeconds } from "../measure.ts";
import { findPythons } from "../peers.ts";

/** A row-major matrix, or a vector: its address, and numbers from row to row or from one to the next. */
export interface Operand {
  at: number;
  pitch: number;
  /** Lies the other way round. */
  turned?: boolean;
}

/** One loaded BLAS of single precision; addresses are those of the process. */
export interface Blas {
  /** OpenBLAS or MKL. */
  name: string;
  /** The kernels that it runs; MKL only tells its version. */
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
export type FoundBlas = { blas: Blas; path: string; tried: string[] } | { reason: string };

/**
 * The library `CAJAL_BLAS` (OpenBLAS, or MKL's libmkl_rt), or else the first OpenBLAS that loads: SciPy's in a Python that
 * peers are looked for in, or the system's.
 */
export function findBlas(root: string): FoundBlas {
  const given = process.env.CAJAL_BLAS;
  const problems: string[] = [];
  for (const path of given ? [given] : candidates(root)) {
    try {
      return { path, ...fastestOf(path) };
    } catch (error) {
      problems.push(`${path} does not load: ${(error as Error).message}`);
    }
  }
  const nowhere =
    "no OpenBLAS was found: neither SciPy's wheel in a Python (CAJAL_PEER_PYTHON, bench/peers/.venv, python3) nor libopenblas.so.0 of the system; CAJAL_BLAS takes the path of one, or of MKL's libmkl_rt.so";
  return { reason: problems.length > 0 ? problems.join("; ") : nowhere };
}

// Implementation

/** OpenBLAS takes new processors for old ones unless told before it loads, so copies of it are loaded, each told another. */
function fastestOf(path: string): { blas: Blas; tried: string[] } {
  const found = new Map<string, { blas: Blas; rate: number }>();
  for (const kernels of isMkl(path) ? [""] : ["", "Haswell", "SkylakeX"]) {
    const blas = isMkl(path) ? loadMkl(path) : loadCopy(path, kernels);
    if (!found.has(blas.kernels)) found.set(blas.kernels, { blas, rate: rateOf(blas) });
  }
  const all = [...found.values()].sort((a, b) => b.rate - a.rate);
  const tried = all.map(({ blas, rate }) => `${blas.kernels} ${Math.round(rate / 1e9)} GFLOP/s`);
  return { blas: all[0].blas, tried };
}

/** Where Debian, Fedora and others put it; Debian's alternatives have folders of their own. */
const SYSTEM = [
  ...["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].flatMap((folder) => [
    folder,
    ...["pthread", "serial", "openmp"].map((kind) => join(folder, `openblas-${kind}`)),
  ]),
  ...["/usr/lib64", "/usr/lib"],
];

/** Files of OpenBLAS that there are. */
function candidates(root: string): string[] {
  const wheels = findPythons(root)
    .map((python) => join(packagesOf(python), "scipy.libs"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => basename(file).startsWith("libscipy_openblas-"));
  const folders = [...(process.env.LD_LIBRARY_PATH ?? "").split(delimiter).filter(Boolean), ...SYSTEM];
  const system = folders.map((folder) => join(folder, "libopenblas.so.0"));
  return [...wheels, ...system.filter((file) => existsSync(file))];
}

/** Where a Python keeps packages; the current folder, which has none, when it does not start. */
function packagesOf(python: string): string {
  const ask = "import sysconfig; print(sysconfig.get_path('platlib'))";
  const { status, stdout } = spawnSync(python, ["-c", ask], { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? stdout.trim() : "";
}

const isMkl = (path: string) => basename(path).startsWith("libmkl_rt");

/** The layers that it loads lie beside it, so it stays where it is. */
function loadMkl(path: string): Blas {
  return withEnvironment({ MKL_THREADING_LAYER: "SEQUENTIAL", MKL_INTERFACE_LAYER: "LP64" }, () => {
    const blas = bind(path);
    // Layers are chosen by the first call.
    rateOf(blas);
    return blas;
  });
}

/** A library that is loaded twice is one; a copy is another, with other kernels. */
function loadCopy(path: string, kernels: string): Blas {
  const folder = mkdtempSync(join(tmpdir(), "cajal-blas-"));
  const told = { OPENBLAS_CORETYPE: kernels || undefined, OPENBLAS_NUM_THREADS: "1" };
  try {
    return withEnvironment(told, () => {
      // A wheel keeps what its libraries need beside them.
      const beside = dirname(path).endsWith(".libs") ? readdirSync(dirname(path)) : [basename(path)];
      for (const name of beside) copyFileSync(join(dirname(path), name), join(folder, name));
      return bind(join(folder, basename(path)));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Do it with some variables of the environment set, or unset, which libraries read when they load. */
function withEnvironment<Result>(variables: Record<string, string | undefined>, work: () => Result): Result {
  const set = (values: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  set(variables);
  try {
    return work();
  } finally {
    set(before);
  }
}

interface Koffi {
  load(path: string | null): Library;
}
interface Library {
  func(name: string, result: string, parameters: string[]): Call;
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
  const kernels = isMkl(path)
    ? `version ${mklVersion(library)}`
    : `${library.func(`${prefix}openblas_get_corename`, "str", [])()} kernels`;
  const same = koffi.load(null).func("memmove", "uintptr_t", ["void *", "void *", "size_t"]);
  const side = ({ turned }: Operand) => (turned ? TURNED : AS_IT_IS);
  return {
    name: isMkl(path) ? "MKL" : "OpenBLAS",
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

function mklVersion(library: Library): string {
  const text = new Uint8Array(200);
  library.func("mkl_get_version_string", "void", ["void *", "int"])(text, text.length);
  const line = new TextDecoder().decode(text);
  return /Version (\d+[.\d]*)/.exec(line)?.[1] ?? "unknown";
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
