/** @file Numbers of other tools, where the folder beside the repository holds them. */

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

// biome-ignore lint/suspicious/noExplicitAny: as the file has it
export function readGolden(name: string): any {
  const path = resolve(import.meta.dirname, "../../../../../shared/data/golden", name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
