import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRng } from "../src/core/index.ts";

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
const journal = (dir: string) =>
  readdirSync(join(folder, dir, "journal")).filter((name) => name.endsWith(".json"));

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

  it("survives twenty kills at random moments, and does every job once", { timeout: 240_000 }, async () => {
    const { hash } = JSON.parse((await cajal("run", "--workers", "2", "--json", "--out", "whole")).out);
    const rng = createRng(7).stream("kills");
    let kills = 0;
    let most = 0;
    for (let round = 0; round < 20; round++) {
      const { child, ended } = start("run", "--workers", "2", "--out", "killed", "--resume");
      await wait(20 + 700 * rng.uniform());
      child.kill("SIGKILL");
      const { code } = await ended;
      if (code === null) kills++;
      if (!existsSync(join(folder, "killed", "journal"))) continue;
      const now = journal("killed").length;
      // What is in the journal stays there.
      expect(now).toBeGreaterThanOrEqual(most);
      most = now;
    }
    expect(kills).toBeGreaterThan(5);
    const { code, out } = await cajal("run", "--workers", "2", "--out", "killed", "--resume", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 20, done: 20, failed: 0 } });
    expect(journal("killed").length).toBe(20);
    expect(
      readdirSync(join(folder, "killed")).filter((name) => name.endsWith(".tmp") || name === "lock"),
    ).toEqual([]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends in good order on %s", { timeout: 60_000 }, async (signal) => {
    const { child, ended, printed } = start(
      "run",
      "--workers",
      "2",
      "--out",
      "r",
      "--set",
      "task.steps=30000",
    );
    await printed(/^ ?3\/20 /m);
    child.kill(signal);
    const { code, out } = await ended;
    expect(code).toBe(130);
    const kept = journal("r").length;
    expect(out).toContain(`Stopped; ${kept} of 20 jobs are kept in r. Continue with\n`);
    expect(out).toContain("cajal run experiment.yaml --set 'task.steps=30000' --out r --resume");
    expect(JSON.parse(readFileSync(join(folder, "r", "run.json"), "utf8")).status).toBe("interrupted");
    expect(existsSync(join(folder, "r", "lock"))).toBe(false);
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
