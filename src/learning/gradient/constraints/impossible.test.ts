import { describe, expect, it } from "vitest";
import { createRng, onWarning } from "../../../core/index.ts";
import { createAreaLayout, layoutSigns, valuesByArea } from "./area-layout.ts";
import { type AreaMaskOptions, areaMask, inputMask, readoutMask } from "./area-mask.ts";
import { checkPath } from "./check-path.ts";
import { checkPopulation } from "./check-population.ts";
import { type ConstraintOptions, createConstraint } from "./weight-constraint.ts";

const square = { name: "wRec", post: 3, pre: 3 };

describe("impossible constraints", () => {
  const refuse: [Partial<ConstraintOptions>, string][] = [
    [{ post: 0 }, 'weights "wRec": post has 0 units'],
    [{ signs: [1, -1] }, 'weights "wRec": 2 signs for 3 sending units'],
    [{ mask: [1, 1] }, 'weights "wRec": mask has 2 values, wanted 3 × 3'],
    [{ pre: 2, autapses: false }, "autapses: false wants a square matrix, got 3 × 2"],
    [{ mask: new Array(9).fill(0) }, 'weights "wRec": the mask leaves no synapse at all'],
    [{ enforce: "clamp" as never }, 'unknown enforcement "clamp"'],
    [
      { signs: [1, 1, -1], entrySigns: [1, 1, -1, 1, 1, 1, 0, 0, 0] },
      'weights "wRec": synapse from unit 2 to unit 1 is wanted excitatory, but its unit is inhibitory',
    ],
    [
      { signs: [1, 1, -1], fixed: [0, 0, 0.5, 0, 0, 0, 0, 0, 0] },
      "fixed weight 0.5 from unit 2 to unit 0 breaks Dale's law, the unit is inhibitory",
    ],
    [
      { autapses: false, fixed: [1, 0, 0, 0, 0, 0, 0, 0, 0] },
      "fixed weight 1 from unit 0 to unit 0 lies where the mask allows no",
    ],
    [{ fixed: [NaN, 0, 0, 0, 0, 0, 0, 0, 0] }, "fixed weight NaN from unit 0 to unit 0 is no number"],
    [
      { mask: new Array(9).fill(0), fixed: new Array(9).fill(0) },
      'weights "wRec": the mask leaves no synapse at all',
    ],
    [{ mask: [1, 1, 1, 1, NaN, 1, 1, 1, 1] }, 'weights "wRec": mask[4] is NaN. Give numbers, 0 for none.'],
    [{ signs: [1, NaN, -1] }, 'weights "wRec": signs[1] is NaN'],
    [{ signs: [1, undefined as never, -1] }, 'weights "wRec": signs[1] is undefined'],
    [{ entrySigns: [1, 1, 1, 1, 1, 1, 1, 1, NaN] }, 'weights "wRec": entrySigns[8] is NaN'],
  ];
  it.each(refuse)("%j", (options, message) => {
    expect(() => createConstraint({ ...square, ...options })).toThrow(message);
  });

  it("outputs that no input reaches are warned of", () => {
    const said: string[] = [];
    const stop = onWarning((code, message) => said.push(`${code}: ${message}`));
    const parts = (rec: number[], out: number[]) => ({
      in: createConstraint({ name: "in", post: 4, pre: 1, mask: [1, 0, 0, 0] }),
      rec: createConstraint({ name: "rec", post: 4, pre: 4, mask: rec }),
      out: createConstraint({ name: "out", post: 2, pre: 4, mask: out }),
    });
    const reads = [0, 1, 0, 0, 0, 0, 0, 1];
    // Unit 0 is heard by 3, 3 by 2, 2 by 1.
    const chain = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0];
    checkPath(parts(chain, reads));
    expect(said).toEqual([]);
    const broken = chain.map((there, k) => (k === 11 ? 0 : there));
    checkPath(parts(broken, reads));
    stop();
    expect(said).toEqual([
      expect.stringMatching(/^no-path: no chain of synapses leads from any input to 1 output of 2: 0\. /),
    ]);
  });

  it("units without input are found over all projections together", () => {
    const recurrent = createConstraint({ ...square, mask: [0, 1, 1, 0, 0, 0, 1, 1, 0] });
    const input = createConstraint({ name: "wIn", post: 3, pre: 1, mask: [1, 0, 0] });
    const check = (incoming: (typeof recurrent)[], labels?: string[]) => () =>
      checkPopulation({ name: "E", units: 3, incoming, labels });
    expect(check([recurrent, input])).toThrow(
      'population "E": 1 unit of 3 can get no input: 1. Raise the density',
    );
    expect(check([input], ["a", "b", "c"])).toThrow('2 units of 3 can get no input: "b", "c"');
    expect(check([recurrent, createConstraint({ name: "wIn", post: 3, pre: 1 })])).not.toThrow();
    expect(check([createConstraint({ ...square, post: 4 })])).toThrow(
      '"wRec" has 4 units on its post side, wanted 3',
    );
    expect(() => checkPopulation({ name: "E", units: 0, incoming: [] })).toThrow(
      'population "E": it has 0 units',
    );
  });

  it("two signs of one unit are found over its projections", () => {
    const incoming = [createConstraint({ ...square, signs: [1, 1, -1] })];
    const out = (signs: number[]) => createConstraint({ name: "wOut", post: 2, pre: 3, signs });
    const check = (signs: number[]) => () =>
      checkPopulation({ name: "E", units: 3, incoming, outgoing: [incoming[0], out(signs)] });
    expect(check([1, 1, 1])).toThrow('unit 2 is inhibitory in "wRec" and excitatory in "wOut"');
    expect(check([1, 0, -1])).not.toThrow();
  });
});

describe("areas", () => {
  const layout = createAreaLayout([
    { name: "sensory", units: 10, excitatory: 0.8 },
    { name: "motor", units: 5, excitatory: 0.6 },
  ]);
  const rng = createRng(1);

  it("have signs and values per unit", () => {
    expect([...layoutSigns(layout)].join("")).toBe("11111111-1-1111-1-1");
    expect([...valuesByArea(layout, { sensory: 20, motor: 100 })].slice(8, 12)).toEqual([20, 20, 100, 100]);
    expect(() => valuesByArea(layout, { sensory: 1 })).toThrow('areas: no value for area "motor"');
    expect(() => valuesByArea(layout, { sensory: 1, moter: 1 })).toThrow(
      'no area "moter". Did you mean "motor"',
    );
  });

  /** Number of synapses from units [j0, j1) to [i0, i1). */
  function count(mask: Uint8Array, [i0, i1]: number[], [j0, j1]: number[]): number {
    let sum = 0;
    for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) sum += mask[15 * i + j];
    return sum;
  }

  it("get the number of synapses of every block", () => {
    const mask = areaMask(layout, {
      within: 0.5,
      between: { forward: { E: 0.25 }, backward: 0.1 },
      pairs: { "motor->motor": { "E->E": 1, "I->E": 0.5 } },
      rng,
    });
    const [e1, i1, e2, i2] = [
      [0, 8],
      [8, 10],
      [10, 13],
      [13, 15],
    ];
    expect(count(mask, e1, e1)).toBe(28); // 0.5 · 8 · 7, no autapses
    expect(count(mask, i1, i1)).toBe(1);
    expect(count(mask, e2, e1)).toBe(6); // sensory E to motor E, 0.25 · 24
    expect(count(mask, i2, e1)).toBe(4);
    expect(count(mask, e2, i1) + count(mask, i2, i1)).toBe(0);
    expect(count(mask, e1, e2)).toBe(2); // back, 0.1 · 24
    expect(count(mask, e2, e2)).toBe(6);
    expect(count(mask, e2, i2)).toBe(3);
    expect(count(mask, i2, e2) + count(mask, i2, i2)).toBe(0);
  });

  it("keep their other blocks when one changes", () => {
    const one = areaMask(layout, { within: 0.5, rng });
    const other = areaMask(layout, { within: 0.5, pairs: { "motor -> sensory": 0.3 }, rng });
    expect(count(other, [0, 10], [10, 15])).toBeGreaterThan(0);
    for (const k of one.keys()) if (one[k]) expect(other[k]).toBe(1);
  });

  it("may be drawn synapse by synapse, with autapses", () => {
    const dense = areaMask(layout, { within: 1, between: 1, autapses: true, rng });
    expect(dense.every((m) => m === 1)).toBe(true);
    const drawn = areaMask(createAreaLayout([{ name: "a", units: 60 }]), {
      within: 0.3,
      draw: "bernoulli",
      rng,
    });
    const share = drawn.reduce((s, m) => s + m, 0) / (60 * 59);
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 3540));
  });

  it("get inputs and are read out by area and kind", () => {
    const wIn = inputMask(layout, [
      { channels: 2, areas: ["sensory"], cells: "E" },
      { channels: 1, areas: ["motor"] },
    ]);
    expect([...wIn.subarray(0, 3), ...wIn.subarray(27, 33)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 1]);
    const wOut = readoutMask(layout, [{ channels: 2, areas: ["motor"], cells: "E" }]);
    expect([...wOut]).toEqual(
      [...new Array(2).keys()].flatMap(() => [...new Array(10).fill(0), 1, 1, 1, 0, 0]),
    );
  });

  const plain = createAreaLayout([{ name: "a", units: 2 }]);
  const refuse: [() => unknown, string][] = [
    [() => createAreaLayout([]), "areas: there are no areas"],
    [() => createAreaLayout([{ name: "V1", units: 0 }]), 'areas: area "V1" has 0 units'],
    [
      () =>
        createAreaLayout([
          { name: "a", units: 1 },
          { name: "a", units: 1 },
        ]),
      'two areas are called "a"',
    ],
    [() => createAreaLayout([{ name: "a", units: 1, excitatory: 2 }]), 'excitatory of area "a" is 2'],
    [
      () =>
        createAreaLayout([
          { name: "a", units: 1, excitatory: 1 },
          { name: "b", units: 1 },
        ]),
      "some areas have signs",
    ],
    [
      () => areaMask(plain, { within: { E: 1 }, rng }),
      'density of "a->a" is by kind of cell, but units have no signs',
    ],
    [() => areaMask(layout, { within: 1.5, rng }), 'density of "sensory->sensory" must be 0 … 1, got 1.5'],
    [
      () => areaMask(layout, { within: { X: 1 } as AreaMaskOptions["within"], rng }),
      'density of "sensory->sensory" names "X"',
    ],
    [
      () => areaMask(layout, { pairs: { "sensory-motor": 1 }, rng }),
      'pair "sensory-motor" is not of the form "from->to"',
    ],
    [
      () => areaMask(layout, { pairs: { "sensory->moto": 1 }, rng }),
      'there is no area "moto". Did you mean "motor"',
    ],
    [() => inputMask(plain, [{ channels: 1, cells: "E" }]), 'cells "E" cannot be told apart'],
    [() => inputMask(plain, [{ channels: 0 }]), "a group has 0 channels"],
    [
      () =>
        readoutMask(createAreaLayout([{ name: "a", units: 2, excitatory: 1 }]), [
          { channels: 1, cells: "I" },
        ]),
      "a group of channels reaches no unit",
    ],
  ];
  it.each(refuse.map(([attempt, message]) => ({ attempt, message })))(
    "refuse: $message",
    ({ attempt, message }) => expect(attempt).toThrow(message),
  );
});
