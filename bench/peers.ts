/**
 * @file The other tools: Python programs in `bench/peers/`, optional, each a process that answers one line of JSON for
 * every line it is sent, so that it can be measured in turn with us. One thread each.
 */

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** Whom we compare with. */
export interface Peers {
  /** Versions by name, `undefined` for tools that are not installed; empty without Python. */
  versions: Readonly<Record<string, string | undefined>>;
  /** Lines about the peers for the head of the report. */
  description: readonly string[];
  /** Start `bench/peers/<script>.py`; undefined when one of the tools it needs is missing. */
  start(script: string, needs?: readonly string[]): Peer | undefined;
  /** Stop those that were started and not stopped. */
  stopAll(): void;
}

/** A running peer. */
export interface Peer {
  /** Send one request, wait for its answer. @throws when the peer reports an error or dies. */
  ask<Answer>(request: Record<string, unknown>): Promise<Answer>;
  /** Let a request name an array: a file of raw little-endian f64. */
  share(name: string, values: Float64Array | Int32Array): string;
  /** Read an array the peer has written under a name. */
  read(name: string): Float64Array;
  /** End it; `Peers.stopAll` does so after every subject. */
  stop(): void;
}

/** Find Python and its tools. */
export function findPeers(
  root: string,
  { enabled, thorough }: { enabled: boolean; thorough: boolean },
): Peers {
  if (!enabled) return noPeers("Peers: left out (--no-peers).");
  const folder = join(root, "bench", "peers");
  const python = candidates(folder).find((command) => canImportNumpy(command));
  if (python === undefined) return noPeers(HOW_TO_INSTALL);
  const probe = (coreType: string) => versionsOf(python, folder, coreType);
  const found = fastest((thorough ? CORE_TYPES : [""]).map(probe).filter((a) => a !== undefined));
  if (found === undefined) return noPeers(HOW_TO_INSTALL);
  const { versions, blas, coreType, seconds } = found;
  const running = new Set<Peer>();
  const missing = Object.keys(versions).filter((name) => versions[name] === null);
  return {
    versions: Object.fromEntries(Object.entries(versions).map(([k, v]) => [k, v ?? undefined])),
    description: [
      `Peers: ${Object.entries(versions)
        .filter(([, version]) => version !== null)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}`,
      `BLAS of NumPy: ${blas}${coreType ? ` (OPENBLAS_CORETYPE=${coreType}, the fastest of ${CORE_TYPES.filter(Boolean).join(", ")} and its own choice here)` : ""}, one thread, ${(1e6 * seconds).toFixed(0)} µs for x @ W at N = 1000`,
      ...(missing.length > 0 ? [`Not installed, skipped: ${missing.join(", ")}. ${HOW}`] : []),
    ],
    start(script, needs = ["numpy"]) {
      if (needs.some((name) => versions[name] == null)) return undefined;
      const peer = startPeer(python, join(folder, `${script}.py`), coreType);
      running.add(peer);
      return peer;
    },
    stopAll() {
      for (const peer of running) peer.stop();
      running.clear();
    },
  };
}

// Implementation

const HOW =
  "To install: python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install -r bench/peers/requirements.txt";
const HOW_TO_INSTALL = `Peers: skipped, no Python with NumPy was found (CAJAL_PEER_PYTHON, bench/peers/.venv, python3). ${HOW}`;

/** Kernels OpenBLAS may use; it does not know every new processor and then falls back to old ones. */
const CORE_TYPES = ["", "Haswell", "Zen", "SkylakeX", "Cooperlake"];

interface Probe {
  versions: Record<string, string | null>;
  blas: string;
  coreType: string;
  /** Of x @ W at N = 1000. */
  seconds: number;
}

function noPeers(line: string): Peers {
  return { versions: {}, description: [line], start: () => undefined, stopAll: () => {} };
}

function candidates(folder: string): string[] {
  const own = [join(folder, ".venv", "bin", "python"), join(folder, ".venv", "Scripts", "python.exe")];
  const given = process.env.CAJAL_PEER_PYTHON;
  return [...(given ? [given] : []), ...own.filter((path) => existsSync(path)), "python3"];
}

function canImportNumpy(command: string): boolean {
  return spawnSync(command, ["-c", "import numpy"], { stdio: "ignore", timeout: 60_000 }).status === 0;
}

/** Nobody gets a second thread, and OpenBLAS the kernels it runs fastest with. */
function environment(coreType: string): NodeJS.ProcessEnv {
  const threads = Object.fromEntries(THREAD_VARIABLES.map((name) => [name, "1"]));
  return { ...process.env, ...threads, ...(coreType ? { OPENBLAS_CORETYPE: coreType } : {}) };
}

const THREAD_VARIABLES = [
  "OPENBLAS_NUM_THREADS",
  "OMP_NUM_THREADS",
  "MKL_NUM_THREADS",
  "NUMEXPR_NUM_THREADS",
];

/** Undefined when the processor cannot run these kernels. */
function versionsOf(python: string, folder: string, coreType: string): Probe | undefined {
  const { status, stdout } = spawnSync(python, [join(folder, "versions.py")], {
    encoding: "utf8",
    env: environment(coreType),
    timeout: 120_000,
  });
  return status === 0 ? { ...JSON.parse(stdout), coreType } : undefined;
}

function fastest(probes: Probe[]): Probe | undefined {
  // Its own choice stands unless another is clearly faster.
  return probes.reduce<Probe | undefined>(
    (best, probe) => (best === undefined || probe.seconds < 0.97 * best.seconds ? probe : best),
    undefined,
  );
}

function startPeer(python: string, script: string, coreType: string): Peer {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: environment(coreType),
  });
  const folder = mkdtempSync(join(tmpdir(), "cajal-bench-"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<Answer>(request: Record<string, unknown>): Promise<Answer> {
      child.stdin.write(`${JSON.stringify({ folder, ...request })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} ended before it answered`);
      const answer = JSON.parse(value);
      if (answer.error) throw new Error(`${basename(script)}: ${answer.error}`);
      return answer as Answer;
    },
    share(name, values) {
      const path = join(folder, name);
      writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      return path;
    },
    read(name) {
      const bytes = readFileSync(join(folder, name));
      return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    },
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
