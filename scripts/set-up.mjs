/**
 * @file What `npm test` and `npm run …` do first: install the locked dependencies if they are missing or stale, and
 * build if a source is newer than the build. Needs Node alone.
 */
import { execSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? ".", "..");
const at = (...parts) => join(root, ...parts);
// All words go to stderr: stdout belongs to the command that follows, e.g. one that prints JSON.
const run = (command) => execSync(command, { cwd: root, stdio: ["ignore", 2, 2] });

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 20)) {
  console.error(`Cajal needs Node 20.20 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

const installed = at("node_modules", ".cajal-lock");
const lock = readFileSync(at("package-lock.json"), "utf8");
if (!existsSync(installed) || readFileSync(installed, "utf8") !== lock) {
  console.error("Installing dependencies (once) …");
  // Not `npm ci`: it refuses a lock that lacks the binaries of platforms the lock was not made on. This installs the
  // locked versions too, adds this platform's binaries, and leaves the lock as it is.
  run("npm install --no-save --no-audit --no-fund --loglevel=error");
  writeFileSync(installed, lock);
}

const stamp = at("dist", ".built");
if (process.argv.includes("--build") || !existsSync(stamp) || newestSource() > statSync(stamp).mtimeMs) {
  console.error("Building …");
  rmSync(at("dist"), { recursive: true, force: true });
  run("npx tsc -p tsconfig.build.json");
  writeFileSync(stamp, "");
}

function newestSource() {
  let newest = statSync(at("tsconfig.json")).mtimeMs;
  for (const folder of ["src", "cli", "bench", "examples"]) {
    if (!existsSync(at(folder))) continue;
    for (const entry of readdirSync(at(folder), { withFileTypes: true, recursive: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
      newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
    }
  }
  return newest;
}
