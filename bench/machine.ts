/**
 * @file The machine and the versions behind the numbers.
 */

import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";

/** The folder of `package.json`, above the compiled file. */
export function packageRoot(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      if (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).name === "cajal") return folder;
    } catch {
      // No package.json here; look further up.
    }
  }
  throw new Error("bench: the package's own folder was not found above the compiled file");
}

/** Lines for the head of a report. */
export function describeMachine(root: string): string[] {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `Cajal ${version}, Node ${process.versions.node} (V8 ${process.versions.v8})`,
    `${cores.length} × ${model}${cacheSizes()}, ${memory} GiB, ${process.platform} ${process.arch}`,
  ];
}

/** Linux tells; elsewhere nothing is printed. */
function cacheSizes(): string {
  const sizes: string[] = [];
  for (let index = 0; index < 5; index++) {
    const at = `/sys/devices/system/cpu/cpu0/cache/index${index}`;
    try {
      const read = (name: string) => readFileSync(join(at, name), "utf8").trim();
      if (read("type") !== "Instruction") sizes.push(`L${read("level")} ${read("size")}`);
    } catch {
      break;
    }
  }
  return sizes.length > 0 ? ` (${sizes.join(", ")})` : "";
}
