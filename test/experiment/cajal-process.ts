/**
 * @file The built `cajal` command as a shell starts it: its own process group, its own streams, a folder of its own.
 */

import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** The build that `npm test` makes first; another folder can be named to test another build. */
export const MAIN = resolve(
  import.meta.dirname,
  "../..",
  process.env.CAJAL_BUILD ?? "dist",
  "cli",
  "main.js",
);

if (!existsSync(MAIN)) {
  throw new Error(`${MAIN} is missing. These tests run the built command: npm run build (npm test does it).`);
}

/** How a process ended. */
export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** A process that may still be running. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when what was printed so far matches, or when the process has ended. */
  printed(pattern: RegExp): Promise<void>;
  /** A signal to the whole process group, as the terminal's Ctrl-C. */
  signal(name: NodeJS.Signals): void;
}

/** A folder for the tests of one file. */
export interface Workplace {
  path(...parts: string[]): string;
  /** Write a file, its folders included. */
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  exists(name: string): boolean;
  list(name: string): string[];
  start(args: readonly string[], options?: StartOptions): Running;
  /** Run `cajal …` to its end. */
  cajal(...args: string[]): Promise<Ended>;
}

export interface StartOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** A temporary folder, there before the first test of the file and removed after the last. */
export function workplace(name: string): Workplace {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `cajal-${name}-`));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (...parts: string[]) => join(folder, ...parts);
  const start = (args: readonly string[], options: StartOptions = {}) =>
    startProcess(args, { cwd: folder, ...options });
  return {
    path,
    start,
    cajal: (...args) => start(args).ended,
    write(file, content) {
      mkdirSync(dirname(path(file)), { recursive: true });
      writeFileSync(path(file), content);
    },
    read: (file) => readFileSync(path(file), "utf8"),
    exists: (file) => existsSync(path(file)),
    list: (file) => (existsSync(path(file)) ? readdirSync(path(file)).sort() : []),
  };
}

/** Names of the finished jobs in a journal. */
export function journalOf(place: Workplace, dir: string): string[] {
  return place.list(join(dir, "journal")).filter((name) => name.endsWith(".json"));
}

/** Pause for `ms` milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * The worm's chemical synapses and ten rewired copies at four spectral radii: a real run of about three seconds.
 *
 * @param more - Lines added at the end.
 */
export const worm = (more = ""): string => `name: worm
connectome: { name: celegans, synapses: chemical }
transforms: [{ kind: largest-component }]
nullModels: [{ kind: rewired, count: 10, swapsPerEdge: 2 }]
network:
  input: { nodes: { types: sensory } }
  output: { nodes: { types: motor } }
task: { kind: memory-capacity, steps: 600, maxDelay: 10, washout: 100 }
sweep:
  network.spectralRadius: [0.3, 0.7, 1, 1.4]
${more}`;

/**
 * A directed ring of `n` nodes with two shortcuts from each, as a CSV matrix: small, strongly connected, no symmetry in
 * its weights.
 */
export function ringCsv(n: number): string {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => ([1, 7, 18].includes((j - i + n) % n) ? 1 + ((i * j) % 5) : 0)).join(
      ",",
    ),
  );
  return `${rows.join("\n")}\n`;
}

// Implementation

function startProcess(args: readonly string[], { cwd, env = process.env }: StartOptions): Running {
  // Colour only where a test asks for it, whatever the terminal that runs the tests.
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...env, NO_COLOR: "1", FORCE_COLOR: undefined },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  let closed = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((done) =>
    child.on("close", (code, signal) => {
      closed = true;
      done({ code, signal, out, err });
    }),
  );
  return {
    child,
    ended,
    async printed(pattern) {
      while (!pattern.test(out + err) && !closed) await pause(2);
    },
    signal(name) {
      try {
        process.kill(-(child.pid as number), name);
      } catch {
        // It has ended already.
      }
    },
  };
}
