import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** The build, as `npm test` makes it first; another place can be named. */
const MAIN = resolve(import.meta.dirname, "..", process.env.CAJAL_BUILD ?? "dist", "cli", "main.js");

const EXPERIMENT = `name: ring
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 19 }]
network:
  input: { nodes: { random: 4 } }
task: { kind: memory-capacity, steps: 1000, maxDelay: 8, washout: 100 }
sweep:
  network.spectralRadius: { linspace: [0.2, 1.2, 6] }
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-process-"));
  writeFileSync(join(folder, "experiment.yaml"), EXPERIMENT);
  const rows = Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: 40 }, (_, j) =>
      [1, 7, 18].includes((j - i + 40) % 40) ? 1 + ((i * j) % 5) : 0,
    ).join(","),
  );
  writeFileSync(join(folder, "ring.csv"), `${rows.join("\n")}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const ended = new Promise<Ended>((done) => child.on("close", (code) => done({ code, out, err })));
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(out + err) && child.exitCode === null) await wait(5);
  };
  return { child, ended, printed };
}

const cajal = (...args: string[]) => start(...args).ended;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

if (!existsSync(MAIN)) {
  describe("the cajal process", () => {
    it.skip("not tested: there is no build; `npm test` makes one first", () => {});
  });
}

describe.runIf(existsSync(MAIN))("the cajal process", () => {
  it("gives one hash with 1 and 2 workers, with 1 and many instances", { timeout: 120_000 }, async () => {
    const hash = async (...args: string[]) => {
      const { code, out, err } = await cajal("run", "--json", ...args);
      expect(err).not.toContain("error  ");
      expect(code).toBe(0);
      return JSON.parse(out).hash as string;
    };
    const first = await hash("--workers", "1");
    expect(await hash("--workers", "2")).toBe(first);
    expect(await hash("--workers", "2", "--instances", "1")).toBe(first);
    expect(await hash("--workers", "0", "--instances", "5")).toBe(first);
  });

  it("refuses a directory that another run is writing to", { timeout: 60_000 }, async () => {
    const { child, ended, printed } = start(
      "run",
      "--workers",
      "1",
      "--out",
      "r",
      "--set",
      "task.steps=30000",
    );
    await printed(/^ ?1\/20 /m);
    const second = await cajal(
      "run",
      "--workers",
      "1",
      "--out",
      "r",
      "--resume",
      "--set",
      "task.steps=30000",
    );
    expect(second.code).toBe(2);
    expect(second.err).toContain(`another run is writing to r (process ${child.pid})`);
    child.kill("SIGKILL");
    await ended;
  });

  it("is quick to show its help", async () => {
    const { code, out } = await cajal("--help");
    expect(code).toBe(0);
    expect(out).toContain("Usage: cajal");
  });
});
