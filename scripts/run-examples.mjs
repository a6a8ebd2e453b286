/**
 * @file Run every example and verify its number: `npm run examples`, or `npm run examples -- notebook` for those whose
 * name contains the word. Programs (dist/examples/<topic>/*.js) print `check <name> = <value> (expected <e> ± <t>)`;
 * experiments (examples/<topic>/*.yaml) state theirs in a comment,
 * `# check: highest|lowest|mean <metric> of <network> [at <column> <value>] = <e> ± <t>`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(import.meta.dirname ?? ".", "..");
const NUMBER = "[-+]?(?:\\d[\\d.]*(?:e[-+]?\\d+)?|Infinity|NaN)";
const PRINTED = new RegExp(`^check (.+?) = (${NUMBER}) \\(expected (${NUMBER}) ± (${NUMBER})\\)`, "gm");
const STATED = new RegExp(
  `^# check: (highest|lowest|mean) (\\S+) of (\\S+)(?: at (\\S+) (\\S+))? = (${NUMBER}) ± (${NUMBER})\\s*$`,
  "gm",
);

const wanted = process.argv[2] ?? "";
const examples = [...programs(), ...experiments()].filter(({ name }) => name.includes(wanted));
if (examples.length === 0) {
  console.error(`no example's name contains "${wanted}"`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "cajal-examples-"));
const width = Math.max(...examples.map(({ name }) => name.length));
let failed = 0;
try {
  for (const [k, example] of examples.entries()) {
    const start = performance.now();
    const { checks, problem } = await example.run(join(folder, String(k)));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const complaint =
      problem ?? (checks.length === 0 ? "it checks no number" : checks.every(isMet) ? "" : "a number is off");
    if (complaint) failed++;
    const status = complaint ? "FAILED" : "ok";
    console.log(`${example.name.padEnd(width)}  ${seconds.padStart(6)} s  ${status}`);
    for (const { name, value, expected, tolerance } of checks)
      console.log(`  ${name} = ${value} (expected ${expected} ± ${tolerance})`);
    if (complaint) console.log(`  ${complaint}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  failed ? `examples: ${failed} of ${examples.length} failed` : `examples: all ${examples.length} ok`,
);
process.exit(failed ? 1 : 0);

function isMet({ value, expected, tolerance }) {
  return Math.abs(value - expected) <= tolerance;
}

/** Files `<topic>/<name>.<extension>` below a folder; what lies in the folder itself are helpers. */
function filesOf(top, extension) {
  return readdirSync(join(root, top), { withFileTypes: true })
    .filter((topic) => topic.isDirectory())
    .flatMap((topic) => readdirSync(join(root, top, topic.name)).map((file) => `${topic.name}/${file}`))
    .filter((name) => name.endsWith(extension))
    .sort();
}

function programs() {
  return filesOf("dist/examples", ".js").map((name) => ({
    name: name.replace(/\.js$/, ".ts"),
    async run(out) {
      const { code, output } = await node([join(root, "dist/examples", name), out]);
      const checks = [...output.matchAll(PRINTED)].map(([, check, value, expected, tolerance]) => ({
        name: check,
        value: Number(value),
        expected: Number(expected),
        tolerance: Number(tolerance),
      }));
      const isOff = checks.some((check) => !isMet(check));
      return { checks, problem: code === 0 || isOff ? undefined : `it ended with ${code}\n${tail(output)}` };
    },
  }));
}

function experiments() {
  return filesOf("examples", ".yaml").map((name) => ({
    name,
    async run(out) {
      const file = join(root, "examples", name);
      const main = join(root, "dist/cli/main.js");
      const { code, output } = await node([main, "run", file, "--out", out, "--json"]);
      if (code !== 0) return { checks: [], problem: `it ended with ${code}\n${tail(output)}` };
      const stated = [...readFileSync(file, "utf8").matchAll(STATED)];
      const rows = await metricsOf(out);
      const checks = stated.map(([line, statistic, metric, network, column, at, expected, tolerance]) => ({
        name: line.slice("# check: ".length, line.lastIndexOf(" = ")),
        value: summarize(statistic, select(rows, { metric, network, column, at })),
        expected: Number(expected),
        tolerance: Number(tolerance),
      }));
      return { checks, problem: undefined };
    },
  }));
}

/** Rows of a run's metrics, by column name. */
async function metricsOf(run) {
  const { decodeParquet } = await import(pathToFileURL(join(root, "dist/src/experiment/index.js")).href);
  const { table } = await decodeParquet(new Uint8Array(readFileSync(join(run, "metrics.parquet"))));
  return Array.from({ length: table.rows }, (_, row) =>
    Object.fromEntries(table.columns.map(({ name, values }) => [name, values[row]])),
  );
}

function select(rows, { metric, network, column, at }) {
  return rows
    .filter((row) => row.metric === metric && row.network === network)
    .filter((row) => column === undefined || sameCell(row[column], at))
    .map((row) => row.value);
}

/** Cells of a `linspace` are not the short decimals that people write. */
function sameCell(cell, text) {
  return typeof cell === "number" ? Math.abs(cell - Number(text)) < 1e-9 : String(cell) === text;
}

/** NaN for no values: a check that selects nothing must fail. */
function summarize(statistic, values) {
  if (values.length === 0) return Number.NaN;
  if (statistic === "highest") return Math.max(...values);
  if (statistic === "lowest") return Math.min(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function node(args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    child.on("close", (code, signal) => done({ code: code ?? signal, output }));
  });
}

function tail(text) {
  return text
    .trimEnd()
    .split("\n")
    .slice(-12)
    .map((line) => `    ${line}`)
    .join("\n");
}
