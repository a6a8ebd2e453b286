/**
 * @file A Python with the modules that a test needs: one that `.ci/run` makes, or one from where the benchmarks look.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

const FOLDERS = [".cache/test-python", ".cache/test-torch", "bench/peers/.venv"];

/** The first Python that can import all of them. @param modules - As behind `import`, e.g. `numpy, duckdb`. */
export function pythonWith(modules: string): string | undefined {
  const made = FOLDERS.map((folder) => resolve(import.meta.dirname, "../..", folder, "bin/python")).filter(
    (python) => existsSync(python),
  );
  const given = process.env.CAJAL_PEER_PYTHON;
  const candidates = [...(given ? [given] : []), ...made, "python3"];
  return candidates.find((python) => spawnSync(python, ["-c", `import ${modules}`]).status === 0);
}

/** CI sets CAJAL_REQUIRE, so that a missing tool (`python`, `torch`) is a failure there and not a silent gap. */
export function isRequired(tool: "python" | "torch"): boolean {
  return (process.env.CAJAL_REQUIRE ?? "").split(",").includes(tool);
}
