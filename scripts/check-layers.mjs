/**
 * @file Imports point down only: a part may import parts of a lower layer (and core), through their doors, and
 * nothing sideways or up; below `experiment` nothing reaches for files, sockets, the clock or Math.random.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const LAYER = {
  core: 0,
  connectome: 1,
  tasks: 1,
  analysis: 1,
  plot: 1,
  model: 1,
  compiler: 2,
  engine: 3,
  learning: 4,
  experiment: 5,
  index: 6,
  cli: 6,
  studio: 6,
};
const root = resolve(import.meta.dirname ?? ".", "..");

function files(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((e) => e.isFile() && e.name.endsWith(".ts"))
    .map((e) => join(e.parentPath ?? e.path, e.name));
}

/** The part a file belongs to: `src/engine/run.ts` is of `engine`, `src/index.ts` of `index`, `cli/…` of `cli`. */
function partOf(path) {
  const [top, second] = relative(root, path).split("/");
  return top === "src" ? second.replace(/\.ts$/, "") : top;
}

const problems = [];
for (const path of [...files("src"), ...files("cli")]) {
  const name = relative(root, path);
  const isTest = name.endsWith(".test.ts");
  const from = partOf(path);
  if (!(from in LAYER)) problems.push(`${name}: part "${from}" has no layer`);
  const text = readFileSync(path, "utf8");
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    if (target.startsWith("node:") && LAYER[from] < LAYER.experiment && !isTest) {
      problems.push(`${name}: ${target} below experiment`);
    }
    if (!target.startsWith(".")) continue;
    const file = resolve(dirname(path), target);
    const to = partOf(file);
    if (to === from) continue;
    if (!isTest && !(LAYER[to] < LAYER[from]))
      problems.push(`${name}: ${from} must not import ${to} (sideways or up)`);
    else if (!isTest && !file.endsWith("/index.ts"))
      problems.push(`${name}: import ${to} through its index.ts, not ${target}`);
  }
  if (
    LAYER[from] < LAYER.experiment &&
    !isTest &&
    /Math\.random\(|Date\.now\(|performance\.now\(|new Date\(/.test(text)
  ) {
    problems.push(`${name}: a clock or Math.random below experiment`);
  }
  if (/\beval\(|new Function\(/.test(text)) problems.push(`${name}: eval or new Function`);
}
for (const line of problems) console.error(line);
console.log(problems.length ? `layers: ${problems.length} problems` : "layers: imports point down only");
process.exit(problems.length ? 1 : 0);
