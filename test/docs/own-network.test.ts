/**
 * @file The number that the guide quotes for a network written by hand: its section is run whole, not cut to a few updates
 * as the guides are.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { TrainableNetwork, TrainingResult } from "../../src/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-own-network-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a network of your own", () => {
  it("learns as the guide says, and its weights stay at 0 or above", async () => {
    const guide = readFileSync(join(ROOT, "docs/training-with-dales-law.md"), "utf8");
    const section = /^## A network of your own\n[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(guide)![1];
    const quoted = /console\.log\(decided\.message\); \/\/ (.*)$/m.exec(section)![1];
    // What earlier blocks of the guide have.
    const before = `import { conditionGrid, createRng, neuron, perceptualDecision, train } from "cajal";
const task = perceptualDecision();\n`;
    const program = `${before}${section}\nexport { conductances, decided };`;
    const file = join(folder, "own.ts");
    writeFileSync(file, program.replaceAll('"cajal"', JSON.stringify(join(ROOT, "src/index.ts"))));
    const log = vi.spyOn(console, "log").mockImplementation(() => {});
    const own = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      conductances: TrainableNetwork;
      decided: TrainingResult;
    };
    log.mockRestore();
    const { conductances, decided } = own;
    expect(decided.message).toBe(quoted);
    const names = conductances.trainable.filter((name) => name.startsWith("weights:"));
    expect(names).toHaveLength(6);
    for (const name of names) {
      const weights = decided.last[name];
      expect(weights.every((w) => w >= 0)).toBe(true);
      expect(weights.some((w) => w > 0)).toBe(true);
    }
    for (const [name, units] of [
      ["weights:E-E", 40],
      ["weights:I-I", 10],
    ] as const)
      expect(decided.last[name].filter((w, k) => w !== 0 && k % (units + 1) === 0)).toHaveLength(0);
  }, 60_000);
});
