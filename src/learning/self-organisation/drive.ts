/**
 * @file Input of a long run, block by block, so that memory does not grow with its length.
 */

import { CajalError, createStream, type Rng, suggest } from "../../core/index.ts";
import type { Simulation } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import { type SymbolSequence, toDrive } from "../../tasks/index.ts";

/**
 * Input by name for some steps, shape `(time, input)` or `(time, input, instance)`. It must depend on the steps alone,
 * not on what was asked before: a run that goes on from a file asks from the middle.
 */
export type Drive = (firstStep: number, steps: number) => Readonly<Record<string, ArrayLike<number>>>;

/**
 * A drive from whole series.
 *
 * @param series - By input name, shape `(time, input)`, of the whole run.
 * @throws CajalError `unknown-input`, `shape`.
 */
export function seriesDrive(
  network: Network,
  series: Readonly<Record<string, Float64Array>>,
  steps: number,
): Drive {
  for (const [name, values] of Object.entries(series)) {
    const input = network.inputs.find((i) => i.name === name);
    const where = `drive of "${name}"`;
    if (input === undefined) {
      throw new CajalError(`there is no input "${name}"`, {
        code: "unknown-input",
        where,
        hint: suggest(
          name,
          network.inputs.map((i) => i.name),
        ),
      });
    }
    if (values.length === steps * input.size) continue;
    throw new CajalError(`${values.length} values for ${steps} steps of ${input.size} inputs`, {
      code: "shape",
      where,
      hint: "Give shape (time, input) for all phases together, or a function.",
    });
  }
  return (first, count) =>
    Object.fromEntries(
      Object.entries(series).map(([name, values]) => {
        const size = values.length / steps;
        return [name, values.subarray(first * size, (first + count) * size)];
      }),
    );
}

/** Steps drawn at once. */
const BLOCK = 8192;

/**
 * A drive from a source of symbols, one-hot, drawn as it is needed.
 *
 * @param source - Draws a piece, e.g. `(options, rng) => countingTask({ n: 8, ...options }, rng)`.
 * @param options.rng - Its stream from the beginning; draws made from it before do not count.
 * @param options.input - Name of the input, default `input`.
 */
export function symbolDrive(
  source: (piece: { steps: number; after?: SymbolSequence }, rng: Rng) => SymbolSequence,
  { rng, input = "input" }: { rng: Rng; input?: string },
): Drive {
  let stream = createStream(rng.name);
  let start = 0;
  let piece: SymbolSequence | undefined;
  const next = () => {
    if (piece) start += piece.symbols.length;
    piece = source({ steps: BLOCK, ...(piece && { after: piece }) }, stream);
  };
  return (first, steps) => {
    if (first < start) {
      stream = createStream(rng.name);
      start = 0;
      piece = undefined;
    }
    if (piece === undefined) next();
    const symbols = new Int32Array(steps);
    for (let done = 0; done < steps; ) {
      while (first + done >= start + piece!.symbols.length) next();
      const from = first + done - start;
      const part = piece!.symbols.subarray(from, from + steps - done);
      symbols.set(part, done);
      done += part.length;
    }
    return { [input]: toDrive({ alphabet: piece!.alphabet, symbols }) };
  };
}

/**
 * A function that gives an input its values of step k of a block.
 *
 * @throws CajalError `unknown-variable`, `shape`.
 */
export function inputWriter(
  simulation: Simulation,
  { name, values, steps }: { name: string; values: ArrayLike<number>; steps: number },
): (k: number) => void {
  const { values: out, units, stride } = simulation.memoryOf(`${name}.r`);
  const { instances } = simulation;
  const shared = values.length === steps * units;
  if (!shared && values.length !== steps * units * instances) {
    throw new CajalError(`the drive gave ${values.length} values for ${steps} steps of ${units} inputs`, {
      code: "shape",
      where: `input "${name}"`,
      hint: "Give shape (time, input) or (time, input, instance).",
    });
  }
  return (k) => {
    for (let i = 0; i < units; i++) {
      const row = k * units + i;
      for (let b = 0; b < stride; b++) {
        out[i * stride + b] = shared ? values[row] : values[row * instances + Math.min(b, instances - 1)];
      }
    }
  };
}
