import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModuleBuilder } from "../../compiler/index.ts";
import { eachActive } from "./active-units.ts";
import { locals, pointers } from "./loops.ts";
import { floatArray, type Precision } from "./options.ts";

/** The units the loop visits, in its order, where the states lie in memory one after the other. */
function visited(
  states: readonly ArrayLike<number>[],
  { precision, stride, instance }: { precision: Precision; stride: number; instance: number },
): number[] {
  const bytes = precision === "f64" ? 8 : 4;
  const count = states[0].length / stride;
  const place = (k: number) => 64 + k * states[0].length * bytes;
  const list = place(states.length);
  const builder = new ModuleBuilder();
  builder.importMemory("t", "memory");
  builder.addFunction(
    "visit",
    { parameters: ["i32", "i32"], results: ["i32"] },
    (code) => {
      const [at, offset] = pointers(code, 2);
      const [unit4, visits] = locals(code, "i32", 2);
      const addresses = states.map((_, k) => place(k));
      eachActive(
        code,
        { type: precision, stride, count, unit4, instance: offset, base: at, states: addresses },
        () => {
          code.get(visits).get(unit4).store("i32.store", list);
          code.get(visits).i32Const(4).op("i32.add").set(visits);
        },
      );
      code.get(visits);
    },
    { exported: true },
  );
  // The memory ends soon after what is needed: nothing may be read far beyond.
  const memory = new WebAssembly.Memory({ initial: Math.ceil((list + 4 * count) / 65536) });
  for (const [k, state] of states.entries()) {
    const numbers = floatArray(precision, Array.from(state));
    new (numbers.constructor as typeof Float64Array)(memory.buffer, place(k), numbers.length).set(numbers);
  }
  const module = new WebAssembly.Module(builder.toBytes() as BufferSource);
  const { exports } = new WebAssembly.Instance(module, { t: { memory } });
  const end = (exports.visit as (base: number, instance: number) => number)(0, instance * bytes);
  return Array.from(new Int32Array(memory.buffer, list, end / 4), (unit4) => unit4 / 4);
}

const cases = (["f64", "f32"] as const).flatMap((precision) =>
  [1, 4].map((stride) => ({ precision, stride })),
);

describe.each(cases)("eachActive $precision, stride $stride", ({ precision, stride }) => {
  it("visits each unit with a state that is not 0 once, in ascending order", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 70 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 96, 200)),
        fc.integer({ min: 1, max: 2 }),
        fc.constantFrom(0, 0.1, 0.9, 1),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.nat(stride - 1),
        (count, variables, density, chance, instance) => {
          const value = () => (chance.next().value < density ? 0.25 : -0);
          const states = Array.from({ length: variables }, () =>
            Float64Array.from({ length: count * stride }, value),
          );
          const active = Array.from({ length: count }, (_, unit) => unit).filter((unit) =>
            states.some((state) => state[unit * stride + instance] !== 0),
          );
          expect(visited(states, { precision, stride, instance })).toEqual(active);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes NaN for activity", () => {
    const state = new Float64Array(40 * stride);
    state[37 * stride] = Number.NaN;
    expect(visited([state], { precision, stride, instance: 0 })).toEqual([37]);
  });
});
