import { describe, expect, it } from "vitest";
import { ringCsv, workplace } from "./cajal-process.ts";
import { commandLine } from "./wrong/command-line.ts";
import { hostile, inTheFile, yamlItself } from "./wrong/files.ts";
import { matrices } from "./wrong/matrices.ts";
import { equations, nodes, sweepAndTask } from "./wrong/meanings.ts";
import { onFile, WORM } from "./wrong/wrong-input.ts";

const place = workplace("wrong");
let count = 0;

describe.each([
  ["in the experiment", inTheFile],
  ["in its YAML", yamlItself],
  ["hostile", hostile],
  ["in the choice of nodes", nodes],
  ["in the connectome", matrices],
  ["in the sweep or the task", sweepAndTask],
  ["in the equations", equations],
  ["on the command line", commandLine],
])("a wrong input %s prints one screen, ends with 2 and runs nothing", (_, cases) => {
  it.each(cases)("$what", { timeout: 60_000 }, async ({ yaml = WORM, files = {}, args, says }) => {
    const folder = `case-${count++}`;
    const all = { "e.yaml": yaml, ...files };
    for (const [name, content] of Object.entries(all)) place.write(`${folder}/${name}`, content);
    const running = place.start(["run", ...(args ?? ["e.yaml", "--out", "r"])], { cwd: place.path(folder) });
    const { code, out, err } = await running.ended;
    expectInOrder(err, says);
    expectScreen(err);
    expect(out).toBe("");
    expect(code).toBe(2);
    expect(place.list(folder)).toEqual(Object.keys(all).sort());
  });
});

function expectInOrder(text: string, parts: readonly string[]): void {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) expect(text.slice(from)).toContain(part);
    from = at + part.length;
  }
}

/** A screen for people: short, narrow enough, with no word about the inside. */
function expectScreen(err: string): void {
  const lines = err.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
  expect(lines[0]).toMatch(/^error(:| {2})/);
  expect(lines.at(-1)).toMatch(/^Nothing was run\./);
  expect(err).not.toMatch(/^\s+at |node:|file:\/\/|node_modules|\bzod\b|undefined|\[object/m);
}

describe("a directory that is not fit", () => {
  const run = (...args: string[]) => place.cajal("run", "worm.yaml", "--workers", "1", ...args);
  const small = ["--set", "nullModels=[]", "--set", "sweep.network.spectralRadius=[1]"];

  it("is refused and left as it is", { timeout: 120_000 }, async () => {
    place.write("worm.yaml", WORM);
    expect((await run("--out", "r", ...small)).code).toBe(0);
    const before = snapshot("r");

    const over = await run("--out", "r", ...small);
    expect(over.code).toBe(2);
    expectScreen(over.err);
    expectInOrder(over.err, ["r already holds a run", "Continue it with --resume, or choose another --out."]);

    const other = await run("--out", "r", "--resume", ...small, "--set", "task.steps=700", "--set", "seed=2");
    expect(other.code).toBe(2);
    expectScreen(other.err);
    expectInOrder(other.err, [
      "the experiment is not the one that was started here",
      "seed: 1 then, 2 now",
      "task.steps: 600 then, 700 now",
      "Undo the change to resume. To start afresh, choose another --out.",
    ]);
    expect(snapshot("r")).toEqual(before);
  });

  it("is refused when it holds something else", { timeout: 60_000 }, async () => {
    place.write("thesis/chapter1.tex", "Once upon a time");
    for (const more of [[], ["--resume"]]) {
      const { code, err } = await run("--out", "thesis", ...small, ...more);
      expect(code).toBe(2);
      expectScreen(err);
      expectInOrder(err, ["thesis", "Choose another --out."]);
    }
    expect(place.list("thesis")).toEqual(["chapter1.tex"]);
  });

  it("is refused when a file of the experiment has changed", { timeout: 60_000 }, async () => {
    place.write("ring/ring.csv", ringCsv(20));
    place.write("ring/e.yaml", onFile("{ path: ring.csv }"));
    const ring = (...more: string[]) =>
      place.cajal("run", "ring/e.yaml", "--workers", "0", "--out", "ring/r", ...more);
    expect((await ring()).code).toBe(0);
    place.write("ring/ring.csv", ringCsv(20).replace("1", "2"));
    const { code, err } = await ring("--resume");
    expect(code).toBe(2);
    expectScreen(err);
    expectInOrder(err, [
      "the content of ring.csv has changed since the run was started",
      "choose another --out",
    ]);
  });
});

function snapshot(dir: string): Record<string, string> {
  const names = [...place.list(dir), ...place.list(`${dir}/journal`).map((name) => `journal/${name}`)];
  return Object.fromEntries(names.filter((n) => n !== "journal").map((n) => [n, place.read(`${dir}/${n}`)]));
}

describe("with --json", () => {
  const wrong: [what: string, code: string, args: string[]][] = [
    ["a wrong value", "wrong-type", ["run", "worm.yaml", "--set", "task.steps=lots"]],
    ["a missing file", "no-such-file", ["run", "wurm.yaml"]],
    ["a wrong command line", "bad-command-line", ["run", "worm.yaml", "--worker", "2"]],
    ["a wrong name", "unknown-connectome", ["connectome", "info", "celegance"]],
  ];
  it.each(wrong)("%s is one object on stdout, and the screen on stderr", async (_, reason, args) => {
    place.write("worm.yaml", WORM);
    const { code, out, err } = await place.cajal(...args, "--json");
    expect(code).toBe(2);
    expect(out).toMatch(/^\{.*\}\n$/);
    const { error } = JSON.parse(out);
    expect(error.code).toBe(reason);
    expect(err.startsWith(error.message)).toBe(true);
    expect(place.exists("runs")).toBe(false);
  });
});
