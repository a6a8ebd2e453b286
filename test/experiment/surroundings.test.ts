import { spawn, spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { MAIN, ringCsv, workplace } from "./cajal-process.ts";

const place = workplace("around");

/** A run of a second: three networks, two radii. */
const RING = `name: ring
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 2 }]
network: { input: { nodes: { random: 4 } } }
task: { kind: memory-capacity, steps: 300, maxDelay: 4, washout: 50 }
sweep: { network.spectralRadius: [0.5, 0.9] }
`;

/** Two nodes that drive each other, and edges between pairs: rewired, nearly no copy has a cycle left. */
const PAIRS = Array.from({ length: 10 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => (j === (i ^ 1) && (i < 2 || i % 2 === 0) ? 1 : 0)).join(","),
).join("\n");

let hash: string;
beforeAll(async () => {
  place.write("ring.csv", ringCsv(30));
  place.write("ring.yaml", RING);
  const { code, out } = await place.cajal("run", "ring.yaml", "--json", "--out", "whole");
  expect(code).toBe(0);
  hash = JSON.parse(out).hash;
}, 60_000);

/** Run a line of shell in the test's folder, with `cajal` in it. */
function shell(line: string) {
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["-c", line.replaceAll("cajal ", `'${process.execPath}' '${MAIN}' `)],
    { cwd: place.path(), encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  return { code: status, out: stdout, err: stderr };
}

describe("a report", () => {
  it("reaches for nothing outside and runs nothing, whatever the names in it", {
    timeout: 60_000,
  }, async () => {
    const evil = '<img src="http://evil.example/x" onerror="alert(1)">';
    const labels = Array.from({ length: 30 }, (_, i) => `${evil}${i}`);
    place.write("evil/<script>alert(2)<script>.csv", ringCsv(30));
    place.write("evil/labels.txt", `${labels.join("\n")}\n`);
    place.write("evil/types.txt", "</style><script>alert(3)</script>\n".repeat(30));
    place.write(
      "evil/e.yaml",
      RING.replace(
        "{ path: ring.csv }",
        '{ path: "<script>alert(2)<script>.csv", labels: labels.txt, types: types.txt }',
      ).replace(
        "network: {",
        'network: { neuron: { equations: "r = tanh(sum(in) + sum(rec)) # </pre><script>alert(4)</script>" },',
      ),
    );
    const { code, err } = await place.cajal("run", "evil/e.yaml", "--json", "--out", "evil/r");
    expect([code, err]).toEqual([0, err]);
    expectInert(place.read("evil/r/report.html"));
    expectInert(place.read("whole/report.html"));
    // What it must not be, it must still show.
    expect(place.read("evil/r/report.html")).toContain("&lt;/pre&gt;&lt;script&gt;alert(4)");
  });
});

function expectInert(html: string): void {
  const { document } = parseHTML(html);
  const elements = [...document.querySelectorAll("*")];
  expect(elements.length).toBeGreaterThan(100);
  const names = new Set(elements.map((element) => element.localName.toLowerCase()));
  for (const name of ["script", "iframe", "object", "embed", "link", "base", "form", "img", "a"])
    expect(names.has(name), name).toBe(false);
  for (const element of elements) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on/i);
      if (/^(xlink:)?(href|src|action|srcset|data|poster)$/i.test(name))
        expect(value).toMatch(/^(#|data:image\/png;base64,[\w+/=]*$)/);
      if (name.toLowerCase() === "style") expect(value).not.toMatch(/url\(\s*["']?(?!#)/i);
    }
  }
  // Raw text as a browser sees it, in case the parser was kinder than browsers are.
  expect(html).not.toMatch(/<(script|img|iframe|link)\b/i);
  const styles = [...html.matchAll(/<style[^>]*>(.*?)<\/style>/gis)].map(([, css]) => css).join("\n");
  expect(styles).not.toMatch(/@import|url\(|expression\(/i);
  expect(html).toMatch(/^<!doctype html>/i);
}

describe("a run", () => {
  it("takes paths with blanks, quotes and letters of the world", { timeout: 60_000 }, async () => {
    const folder = "my öld 'worms' & naïve données/線虫 #1";
    place.write(`${folder}/ring.csv`, ringCsv(30));
    place.write(`${folder}/e x.yaml`, RING);
    const args = ["run", `${folder}/e x.yaml`, "--out", `${folder}/out put`, "--json"];
    const { code, out } = await place.cajal(...args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dir: `${folder}/out put`, hash });
    const { command } = JSON.parse(place.read(`${folder}/out put/run.json`)).sessions[0];
    // The command can be pasted into a shell.
    const again = shell(`${command} --resume`);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ hash });
    expect((await place.cajal("report", `${folder}/out put`)).code).toBe(0);
  });

  it("needs no environment at all", { timeout: 60_000 }, () => {
    const { code, out } = shell("env -i cajal run ring.yaml --json --out bare");
    expect(code).toBe(0);
    expect(JSON.parse(out).hash).toBe(hash);
  });

  it("goes on when nobody reads what it prints", { timeout: 60_000 }, () => {
    const { code, out, err } = shell("set -o pipefail; cajal run ring.yaml --out head | head -n 1");
    expect([code, err]).toEqual([0, ""]);
    expect(out.split("\n").length).toBe(2);
    expect(JSON.parse(place.read("head/run.json"))).toMatchObject({ status: "finished", hash });
  });

  it("goes on when its streams are closed", { timeout: 60_000 }, () => {
    expect(shell("cajal run ring.yaml --out closed >&- 2>&-").code).toBe(0);
    expect(JSON.parse(place.read("closed/run.json")).hash).toBe(hash);
    const { code, out } = shell("cajal run ring.yaml --out progress --json 2> >(head -n 1 >/dev/null)");
    expect(code).toBe(0);
    expect(JSON.parse(out).hash).toBe(hash);
  });

  it("says that its output was lost, and ends with 1", { timeout: 60_000 }, () => {
    const { code, err } = shell("cajal run ring.yaml --out lost --json >/dev/full");
    expect(code).toBe(1);
    expect(err).toMatch(/error {2}the output could not be written: .*ENOSPC/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(JSON.parse(place.read("lost/run.json")).hash).toBe(hash);
  });

  it("prints the list to a reader that leaves", () => {
    const { code, out, err } = shell("set -o pipefail; cajal connectome list | head -n 1");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("chemical edges");
  });
});

describe("a place that cannot be written", () => {
  // Root writes everywhere but on a disk that is read-only.
  const root = process.getuid?.() === 0;
  const command = "cajal run ring.yaml --out closed/r --json";
  const closed = () => {
    if (!root) {
      place.write("sealed/x", "");
      chmodSync(place.path("sealed"), 0o500);
      return shell(command.replace("closed/r", "sealed/r"));
    }
    const mount = "mkdir -p ro && mount -t tmpfs tmpfs ro && mount -o remount,ro ro";
    return shell(`unshare -rm bash -c "${mount} || exit 77; ${command.replace("closed/r", "ro/r")}"`);
  };

  it("ends the run with words", { timeout: 60_000 }, ({ skip }) => {
    const { code, out, err } = closed();
    if (code === 77 || /unshare/.test(err)) skip();
    expect(code).toBe(1);
    expect(err).toMatch(/^error {2}cannot write \S+\/r: (the disk is read-only|there is no permission to)\n/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(out).error.code).toBe("cannot-write");
  });
});

describe("with --json, stdout is one line of JSON", () => {
  const one = (out: string) => {
    expect(out).toMatch(/^\{.*\}\n$/);
    return JSON.parse(out);
  };

  it("when all goes well", { timeout: 60_000 }, async () => {
    const { code, out } = await place.cajal("run", "ring.yaml", "--json", "--out", "well");
    expect(code).toBe(0);
    expect(one(out)).toMatchObject({
      dir: "well",
      status: "finished",
      jobs: { total: 3, done: 3, failed: 0 },
      hash,
    });
  });

  it("when jobs fail", { timeout: 60_000 }, async () => {
    place.write("pairs.csv", `${PAIRS}\n`);
    const set = [
      "--set",
      "connectome.path=pairs.csv",
      "--set",
      "sweep=",
      "--set",
      "network.spectralRadius=0.5",
    ];
    const { code, out, err } = await place.cajal("run", "ring.yaml", "--json", "--out", "fail", ...set);
    expect(code).toBe(1);
    const { jobs, failures } = one(out);
    expect(jobs.failed).toBeGreaterThan(0);
    expect(jobs.done + jobs.failed).toBe(3);
    expect(failures.length).toBe(jobs.failed);
    expect(err).toMatch(/\d jobs? failed:\n {2}rewired-0\d\.r0.*: .*spectral radius/);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it("when it is interrupted", { timeout: 60_000 }, async () => {
    const more = ["--set", "task.steps=400000", "--workers", "1"];
    const running = place.start(["run", "ring.yaml", "--json", "--out", "stop", ...more]);
    await running.printed(/in 3 jobs/);
    running.signal("SIGINT");
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    expect(one(out)).toMatchObject({ dir: "stop", status: "interrupted", hash: null, jobs: { total: 3 } });
  });

  it("when nothing is run", async () => {
    const { code, out } = await place.cajal("run", "ring.yaml", "--json", "--dry-run");
    expect(code).toBe(0);
    expect(one(out)).toMatchObject({ dryRun: true, jobs: { total: 3 } });
  });
});

describe("on a terminal", () => {
  const terminal = spawnSync("script", ["--version"]).status === 0;

  it.runIf(terminal)(
    "draws over its own lines, and leaves the cursor visible",
    { timeout: 60_000 },
    async () => {
      const child = spawn(
        "script",
        [
          "-qec",
          `'${process.execPath}' '${MAIN}' run ring.yaml --out drawn --workers 1`,
          place.path("typescript"),
        ],
        { cwd: place.path(), stdio: "ignore", env: { ...process.env, TERM: "xterm" } },
      );
      const code = await new Promise((done) => child.on("close", done));
      expect(code).toBe(0);
      const text = readFileSync(place.path("typescript"), "utf8");
      expect(text.lastIndexOf("\x1b[?25h")).toBeGreaterThan(text.lastIndexOf("\x1b[?25l"));
      expect(text).toContain("\x1b[2K");
      expect(text).toContain("2/2");
      expect(text).toContain("3 jobs done");
    },
  );
});
