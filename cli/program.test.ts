import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./program.ts";

const RING = `name: ring
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 2 }]
network:
  input: { nodes: { random: 2 } }
task: { kind: memory-capacity, steps: 300, maxDelay: 5, washout: 50 }
sweep:
  network.spectralRadius: [0.5, 0.9]
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-cli-"));
  writeFileSync(join(folder, "experiment.yaml"), RING);
  writeFileSync(join(folder, "ring.csv"), ring(12));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A directed ring with shortcuts, as CSV. */
function ring(n: number): string {
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (j === (i + 1) % n || j === (i + 5) % n ? 1 : 0)).join(","),
  );
  return `${rows.join("\n")}\n`;
}

async function cajal(...args: string[]) {
  let out = "";
  let err = "";
  const code = await runProgram(args, {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    cwd: folder,
  });
  return { code, out, err };
}

const file = (name: string, text: string) => writeFileSync(join(folder, name), text);

describe("cajal run", () => {
  it("runs, prints a table, and leaves a directory", async () => {
    const { code, out, err } = await cajal("run", "--workers", "0");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out.replaceAll(/\d+\.\d+ s/g, "0.1 s").replaceAll(/hash \w+/g, "hash …")).toMatchSnapshot();
    expect(existsSync(join(folder, "runs", "ring-1", "report.html"))).toBe(true);
    await cajal("run", "--workers", "0");
    expect(readdirSync(join(folder, "runs"))).toEqual(["ring-1", "ring-2"]);
  });

  it("prints one object with --json, and everything else on stderr", async () => {
    const { code, out, err } = await cajal("run", "--workers", "0", "--json", "--out", "r");
    expect(code).toBe(0);
    expect(out.trim().split("\n").length).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ dir: "r", jobs: { done: 3, failed: 0 }, failures: [] });
    expect(JSON.parse(out).hash).toMatch(/^[0-9a-f]{64}$/);
    expect(typeof JSON.parse(out).seconds).toBe("number");
    expect(err).toContain("3 jobs done");
  });

  it("gives the same hash again, and another one for another seed", async () => {
    const hash = async (...args: string[]) =>
      JSON.parse((await cajal("run", "--workers", "0", "--json", ...args)).out).hash;
    const first = await hash();
    expect(await hash("--instances", "1")).toBe(first);
    expect(await hash("--set", "seed=2")).not.toBe(first);
  });

  it("gives the same hash when the resolved experiment runs again from where it lies", async () => {
    const first = JSON.parse((await cajal("run", "--workers", "0", "--json", "--out", "r")).out);
    expect(
      readFileSync(join(folder, "r", "experiment.yaml"), "utf8").replace(/Cajal [\d.]+,/, "Cajal,"),
    ).toMatchSnapshot();
    const again = JSON.parse(
      (await cajal("run", "r/experiment.yaml", "--workers", "0", "--json", "--out", "s")).out,
    );
    expect(again.hash).toBe(first.hash);
    // A run goes on from a copy of its directory, wherever the data lie by then.
    cpSync(join(folder, "r"), join(folder, "moved"), { recursive: true });
    expect((await cajal("run", "--workers", "0", "--out", "moved", "--resume")).code).toBe(0);
    file("ring.csv", ring(11));
    const changed = await cajal("run", "--workers", "0", "--out", "moved", "--resume");
    expect(changed.err).toContain("the content of ring.csv has changed since the run was started");
  });

  it("takes each value of a sweep over the wiring", async () => {
    const set = [
      "--set",
      "transforms=[{ kind: threshold-density, density: 1 }]",
      "--set",
      "sweep.transforms.0.density=[0.12, 1]",
    ];
    const { code, out } = await cajal("run", "--workers", "0", "--out", "r", ...set);
    expect(code).toBe(0);
    expect(out).toContain("3 networks × 4 cells in 6 jobs");
    expect(readdirSync(join(folder, "r", "journal"))).toContain("rewired-01.r0.density=0.12.json");
  });

  it("estimates with --dry-run and makes nothing", async () => {
    const { code, out } = await cajal("run", "--dry-run", "--workers", "2");
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "experiment.yaml → 3 networks × 2 cells in 3 jobs
        network     jobs   cells each   units   edges   steps   time each   memory
        empirical      1            2      12      24     300       0.0 s    40 kB
        rewired        2            2      12      24     300       0.0 s    40 kB
        network.spectralRadius: 0.5, 0.9
      About 0.1 s on 2 workers, 201 MB of memory. Nothing was run.
      "
    `);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });

  it("takes up the latest run with --resume, and refuses a directory in use otherwise", async () => {
    await cajal("run", "--workers", "0");
    const again = await cajal("run", "--workers", "0", "--resume", "--json");
    expect(JSON.parse(again.out)).toMatchObject({ dir: join("runs", "ring-1"), jobs: { done: 3 } });
    const over = await cajal("run", "--workers", "0", "--out", "runs/ring-1");
    expect(over.code).toBe(2);
    expect(over.err).toContain("already holds a run");
  });

  it("runs equations of the user's own", async () => {
    const { code, err } = await cajal(
      "run",
      "--workers",
      "0",
      "--set",
      "network.neuron.equations=r = tanh(sum(in) + sum(rec))",
      "--json",
    );
    expect(err).not.toContain("error");
    expect(code).toBe(0);
  });
});

// Wrong experiments, files and options of `cajal run` are in test/experiment/wrong.
describe("bad input of the other commands", () => {
  const cases: [what: string, args: string[], prepare: () => void][] = [
    ["a misspelt key", ["check"], () => file("experiment.yaml", RING.replace("maxDelay", "maxDeley"))],
    ["an unknown shipped connectome", ["connectome", "info", "celegance"], () => {}],
    ["a file of no known format", ["connectome", "info", "x.csv"], () => file("x.csv", "hello")],
    ["a report of nothing", ["report", "nowhere"], () => {}],
    ["an unknown command", ["rum"], () => {}],
    ["a template that is not there", ["new", "x", "--template", "spikes"], () => {}],
  ];
  it.each(cases)("%s ends with one screen and exit code 2, nothing made", async (_, args, before) => {
    before();
    const names = readdirSync(folder);
    const { code, out, err } = await cajal(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.replaceAll(folder, "…")).toMatchSnapshot();
    expect(readdirSync(folder)).toEqual(names);
  });
});

describe("cajal check", () => {
  it("says what would run", async () => {
    expect(await cajal("check")).toMatchInlineSnapshot(`
      {
        "code": 0,
        "err": "",
        "out": "✔ experiment.yaml: no problems. 3 networks × 2 cells in 3 jobs, on ring (12 units, 24 edges).
      ",
      }
    `);
  });
});

describe("a network that organises itself", () => {
  const SORN = `kind: self-organisation
name: sorn
network: { preset: delpapa2017, units: 50 }
phases: [{ name: organise, steps: 3000 }]
analyses: [connections, rates, spikes]
ablations: [none, ip]
repeat: 2
`;

  it("runs, prints a table, and leaves arrays and a report", async () => {
    file("sorn.yaml", SORN);
    const { code, out, err } = await cajal("run", "sorn.yaml", "--workers", "0", "--out", "a");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out.replaceAll(/\d+\.\d+ s/g, "0.1 s").replaceAll(/hash \w+/g, "hash …")).toMatchSnapshot();
    expect(readdirSync(join(folder, "a", "records")).sort()).toEqual([
      "full.r0.npz",
      "full.r1.npz",
      "no-ip.r0.npz",
      "no-ip.r1.npz",
    ]);
    const again = await cajal("report", "a");
    expect(again).toMatchObject({ code: 0, out: "a/report.html\n" });
  });

  it("is checked and costed", async () => {
    file("sorn.yaml", SORN);
    expect((await cajal("check", "sorn.yaml")).out).toBe(
      "✔ sorn.yaml: no problems. 2 networks × 2 repeats in 4 jobs, 12\u202f000 steps, of delpapa2017.\n",
    );
    const { code, out } = await cajal("run", "sorn.yaml", "--dry-run");
    expect([code, out]).toEqual([0, expect.stringContaining("Nothing was run.")]);
  });

  it("warns of a network whose rate explodes, and goes on with the others", async () => {
    file("sorn.yaml", `${SORN}sweep:\n  network.change.randomSpikes: [0, 0.9]\n`);
    const { code, out } = await cajal("run", "sorn.yaml", "--workers", "0", "--out", "a");
    expect(code).toBe(0);
    expect(out).toContain("8 jobs done");
    expect(out).toMatch(
      /warning {2}full\.r0\.randomSpikes=0\.9, phase organise: E\.x is active in 0\.\d+ of all/,
    );
    expect(out).toMatch(/^ {2}full +0\.9 +2 +9\d\.\d+ ± /m);
    const { warnings, failures } = JSON.parse(readFileSync(join(folder, "a", "run.json"), "utf8"));
    expect([warnings.length, failures]).toEqual([4, []]);
  });
});

describe("cajal new", () => {
  it("writes an experiment that checks, with its schema beside it, and overwrites nothing", async () => {
    const { out } = await cajal("new", "memory");
    expect(out).toBe("Wrote memory/experiment.yaml. Next: cd memory && cajal run\n");
    const text = readFileSync(join(folder, "memory", "experiment.yaml"), "utf8");
    expect(text).toContain("$schema=./.cajal/experiment.schema.json");
    expect(
      JSON.parse(readFileSync(join(folder, "memory", ".cajal", "experiment.schema.json"), "utf8")).title,
    ).toBe("Cajal experiment");
    expect((await cajal("check", "memory/experiment.yaml")).code).toBe(0);
    const again = await cajal("new", "memory");
    expect(again.code).toBe(2);
    expect(again.err).toContain("memory/experiment.yaml exists already");
  });

  it.each(["sorn", "counting"] as const)("writes a network that organises itself: %s", async (name) => {
    await cajal("new", name);
    const schema = readFileSync(join(folder, name, ".cajal", "experiment.schema.json"), "utf8");
    expect(JSON.parse(schema).$id).toBe("cajal/self-organisation.json");
    const { code, out } = await cajal("check", `${name}/experiment.yaml`);
    expect([code, out]).toEqual([0, expect.stringContaining("no problems. ")]);
    const other = await cajal("new", "mine", "--template", name);
    expect(other.out).toBe("Wrote mine/experiment.yaml. Next: cd mine && cajal run\n");
    expect(readFileSync(join(folder, "mine", "experiment.yaml"), "utf8")).toContain("name: mine");
  });

  it("shows rules that check once they are no comment", async () => {
    await cajal("new", "sorn");
    const path = join(folder, "sorn", "experiment.yaml");
    const text = readFileSync(path, "utf8");
    const spelt = text.replaceAll(/^ {2}# (?=rules:| {2})/gm, "  ");
    expect(spelt.match(/^ {2}rules:\n {4}E->E:\n {6}- name: hebb$/m)).not.toBeNull();
    file("sorn/rules.yaml", `${spelt}\n`.replace("ablations: [none, ip]", "ablations: [none, hebb]"));
    const { code, out, err } = await cajal("check", "sorn/rules.yaml");
    expect([code, out, err]).toEqual([0, expect.stringContaining("no problems. "), ""]);
  });

  it("names the experiment by its folder, as far as that makes a name", async () => {
    mkdirSync(join(folder, "my öld worm"));
    await cajal("new", "my öld worm");
    expect(readFileSync(join(folder, "my öld worm", "experiment.yaml"), "utf8")).toContain(
      "name: my-ld-worm",
    );
  });
});

describe("cajal connectome", () => {
  it("lists what ships", async () => {
    const { code, out } = await cajal("connectome", "list");
    expect(code).toBe(0);
    expect(out).toContain("celegans");
    expect(JSON.parse((await cajal("connectome", "list", "--json")).out)[0].name).toBe("celegans");
  });

  it("says what is in one", async () => {
    expect((await cajal("connectome", "info", "ring.csv")).out).toMatchInlineSnapshot(`
      "ring
        nodes              12
        edges              24, directed, 0.00 % with their reverse
        density            18.2 %
        self-loops         0
        isolated nodes     0
        weak components    1, largest 12
        strong components  1, largest 12
        weights            1 … 1, mean 1
        signs              24 positive, 0 negative
        spectral radius    2.00
        strongest edge     7 → 0 (1)
      "
    `);
    expect(JSON.parse((await cajal("connectome", "info", "celegans", "--json")).out).nodes).toBe(302);
  });
});

describe("cajal report", () => {
  it("writes the same report again", async () => {
    await cajal("run", "--workers", "0", "--out", "r");
    const path = join(folder, "r", "report.html");
    const before = readFileSync(path, "utf8");
    rmSync(path);
    expect(await cajal("report", "r")).toEqual({ code: 0, out: "r/report.html\n", err: "" });
    expect(readFileSync(path, "utf8")).toBe(before);
  });
});

describe("help", () => {
  it("shows examples and exit codes, and exits 0", async () => {
    const { code, out } = await cajal("--help");
    expect(code).toBe(0);
    expect(out).toContain("Exit codes: 0 done");
    expect((await cajal("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
