import { describe, expect, it } from "vitest";
import { neuron } from "../../../model/index.ts";
import { buildKernel, compileNeuron } from "../../index.ts";
import { CMathLibrary } from "./math-library.ts";
import { printPopulation } from "./population.ts";

/** The update of so many instances on vectors of eight. */
function updateOf(equations: string, stride = 12) {
  const model = compileNeuron(neuron({ parameters: { a: 0.5 }, equations }), { method: "explicit" });
  const kernel = buildKernel(model, { dt: 1, batched: stride > 1, parameterShapes: {}, targets: [] });
  const text = printPopulation(kernel, {
    math: new CMathLibrary(),
    precision: "f64",
    widest: 64,
    name: (kind) => kind,
    units: "units",
    stride,
    address: (slot) => `/* ${slot} */ 0`,
  });
  return text.slice(text.indexOf("int32_t update"));
}

/** Lengths of runs of lines that store. */
function storesInARow(text: string): number[] {
  const runs: number[] = [];
  let run = 0;
  for (const line of `${text}\n`.split("\n")) {
    if (line.includes("store_f64")) run++;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  return runs;
}

describe("printPopulation", () => {
  it("prints six vectors of a short body with a statement of each in turn, then single units", () => {
    // Four units of 12 numbers are six vectors of 8; one unit is a vector of 8 and one of 4.
    const update = updateOf("r = tanh(a * r)");
    expect(storesInARow(update)).toEqual([6, 1, 1]);
    expect(update).toContain("u + 4 <= units");
  });

  it("opens the formula of a short function there, and calls the others", () => {
    const update = updateOf("r = tanh(a * r) * exp(-r)");
    const [together, single] = update.split("u < units");
    expect(together).not.toContain("tanh_f64x8(");
    expect(together.match(/ exp_f64x8\(/g)).toHaveLength(6);
    expect(single).toContain("tanh_f64x8(");
  });

  it("prints the vectors of a wide row together, in turns of like length", () => {
    // 16 vectors of 8: two turns of six in a loop, and four. 13: two of five, and three. 7 of 8 numbers and one of 4.
    expect(storesInARow(updateOf("r = tanh(a * r)", 128))).toEqual([6, 4]);
    expect(storesInARow(updateOf("r = tanh(a * r)", 104))).toEqual([5, 3]);
    expect(storesInARow(updateOf("r = tanh(a * r)", 60))).toEqual([4, 3, 1]);
  });

  it("prints vectors of one instance together too", () => {
    const update = updateOf("r = tanh(a * r)", 1);
    expect(storesInARow(update)).toEqual([6, 1]);
    expect(update).toContain("u + 48 <= units");
  });

  it("prints the vectors of a long body one after another", () => {
    const long = Array.from({ length: 6 }, (_, k) => `x${k} = tanh(a * x${k})`).join("\n");
    const update = updateOf(`${long}\nr = x0`);
    expect(Math.max(...storesInARow(update))).toBeLessThanOrEqual(7);
    expect(update).toContain("u + 2 <= units");
    expect(update.match(/tanh_f64x8\(/g)).toHaveLength(6 * 4);
  });
});
