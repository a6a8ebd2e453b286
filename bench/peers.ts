/**
 * @file The other tools: Python programs in `bench/peers/`, optional, each with the kernels of OpenBLAS that suit the
 * products it makes. One thread each.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { CORE_TYPES, fastest, type NumpyProbe, type Product, probeNumpy } from "./peer-probe.ts";
import { type Peer, startPeer } from "./peer-process.ts";
import { describeTorch, findTorches, type RunningTorch, type Torch } from "./torches.ts";

export type { Peer } from "./peer-process.ts";
export type { RunningTorch } from "./torches.ts";

/** Whom we compare with. */
export interface Peers {
  /** Versions by name, `undefined` for tools that are not installed; empty without Python. */
  versions: Readonly<Record<string, string | undefined>>;
  /** Every PyTorch of this machine, the fastest first; empty when none was asked for. */
  torches: readonly Torch[];
  /** Lines about the peers for the head of the report. */
  description: readonly string[];
  /** Start `bench/peers/<script>.py`; undefined when one of the tools it needs is missing. */
  start(script: string, needs?: readonly string[]): Peer | undefined;
  /** Start it on every PyTorch whose Python has all it needs. */
  startTorches(script: string, needs?: readonly string[]): RunningTorch[];
  /** Stop those that were started and not stopped. */
  stopAll(): void;
}

/** What to look for. */
export interface PeerOptions {
  /** False for nobody. */
  enabled: boolean;
  /** Try more kernels with NumPy's BLAS than its own choice. */
  thorough: boolean;
  /** Look for PyTorch in every Python: takes some ten seconds. */
  torch: boolean;
}

/** Find Pythons and their tools. */
export function findPeers(root: string, { enabled, thorough, torch }: PeerOptions): Peers {
  if (!enabled) return noPeers("Peers: left out (--no-peers).");
  const folder = join(root, "bench", "peers");
  const pythons = findPythons(root).filter((python) => canImportNumpy(python));
  if (pythons.length === 0) return noPeers(HOW_TO_INSTALL);
  const types = thorough ? CORE_TYPES : [process.env.OPENBLAS_CORETYPE ?? ""];
  const probes = types.map((type) => probeNumpy(pythons[0], folder, type)).filter((a) => a !== undefined);
  if (probes.length === 0) return noPeers(HOW_TO_INSTALL);
  const best = (product: Product) => fastest(probes, ({ speeds }) => speeds[product])!;
  const { versions } = probes[0];
  const torches = torch ? findTorches(pythons, folder) : [];
  const found = [versions, ...torches.map((one) => one.versions)];
  const missing = Object.keys(versions).filter((name) => found.every((all) => all[name] === null));
  const running = new Set<Peer>();
  const start = (python: string, script: string, coreType: string) => {
    const peer = startPeer(python, join(folder, `${script}.py`), coreType);
    running.add(peer);
    return peer;
  };
  return {
    versions: Object.fromEntries(Object.entries(versions).map(([k, v]) => [k, v ?? undefined])),
    torches,
    description: [
      `Peers: ${Object.entries(versions)
        .filter(([, version]) => version !== null)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}`,
      ...describeNumpy(best("vector"), best("matrix")),
      ...(thorough
        ? [`OpenBLAS was tried with ${CORE_TYPES.filter(Boolean).join(", ")} and its own choice`]
        : []),
      ...torches.map(describeTorch),
      ...(missing.length > 0 ? [`Not installed, skipped: ${missing.join(", ")}. ${HOW}`] : []),
    ],
    start(script, needs = ["numpy"]) {
      if (needs.some((name) => versions[name] == null)) return undefined;
      return start(pythons[0], script, best(PRODUCTS[script] ?? "vector").coreType);
    },
    startTorches: (script, needs = []) =>
      torches
        .filter((one) => needs.every((name) => one.versions[name] != null))
        .map(({ name, blas, python, coreType }) => ({ name, blas, peer: start(python, script, coreType) })),
    stopAll() {
      for (const peer of running) peer.stop();
      running.clear();
    },
  };
}

/** Commands of Pythons that may have tools, those of `CAJAL_PEER_PYTHON` first. */
export function findPythons(root: string): string[] {
  const environment = join(root, "bench", "peers", ".venv");
  const own = [join(environment, "bin", "python"), join(environment, "Scripts", "python.exe")];
  const given = (process.env.CAJAL_PEER_PYTHON ?? "").split(delimiter).filter((path) => path !== "");
  return [...new Set([...given, ...own.filter((path) => existsSync(path)), "python3"])];
}

// Implementation

const HOW =
  "To install: python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install -r bench/peers/requirements.txt";
const HOW_TO_INSTALL = `Peers: skipped, no Python with NumPy was found (CAJAL_PEER_PYTHON, bench/peers/.venv, python3). ${HOW}`;

/** What scripts of NumPy spend their time in; those that are not here in products of matrix and vector. */
const PRODUCTS: Record<string, Product> = { readout: "matrix" };

function noPeers(line: string): Peers {
  return {
    ...{ versions: {}, torches: [], description: [line] },
    ...{ start: () => undefined, startTorches: () => [], stopAll: () => {} },
  };
}

function canImportNumpy(command: string): boolean {
  return spawnSync(command, ["-c", "import numpy"], { stdio: "ignore", timeout: 60_000 }).status === 0;
}

function describeNumpy(vector: NumpyProbe, matrix: NumpyProbe): string[] {
  const line = (use: string, { blas, coreType }: NumpyProbe, speed: string) =>
    `BLAS of NumPy for ${use}: ${blas}${coreType ? ` (OPENBLAS_CORETYPE=${coreType})` : ""}, one thread, ${speed}`;
  return [
    line("x @ W", vector, `${(1e6 * vector.speeds.vector).toFixed(0)} µs at N = 1000`),
    line(
      "matrices",
      matrix,
      `${(2e-9 * (500 ** 3 / matrix.speeds.matrix)).toFixed(0)} GFLOP/s at 500 × 500, f64`,
    ),
  ];
}
