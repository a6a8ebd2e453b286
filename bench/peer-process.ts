/**
 * @file A Python program of `bench/peers/` as a process that answers one line of JSON for every line it is sent, so that it
 * can be measured in turn with us.
 */

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

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

/** Nobody gets a second thread unasked, and OpenBLAS the kernels for `coreType`; "" for its own choice. */
export function environment(coreType: string): NodeJS.ProcessEnv {
  const { OPENBLAS_CORETYPE: _, ...rest } = process.env;
  const threads = Object.fromEntries(THREAD_VARIABLES.map((name) => [name, "1"]));
  return { ...rest, ...threads, ...(coreType ? { OPENBLAS_CORETYPE: coreType } : {}) };
}

/** Start a script. */
export function startPeer(python: string, script: string, coreType: string): Peer {
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

// Implementation

const THREAD_VARIABLES = [
  "OPENBLAS_NUM_THREADS",
  "OMP_NUM_THREADS",
  "MKL_NUM_THREADS",
  "NUMEXPR_NUM_THREADS",
];
