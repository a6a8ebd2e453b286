import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError, createRng, sparseFromEntries } from "../../../core/index.ts";
import { input, network, neuron, population, projection } from "../../../model/index.ts";
import { rateNetwork } from "../train/rate-network.ts";
import { parameterTensors } from "./parameter-tensors.ts";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.ts";
import { constraintTensors } from "./synapse-masks.ts";

const text = (s: string) => new TextEncoder().encode(s);

/** A file written by hand after the description of the format. */
function byHand(header: string, data: readonly number[] = []): Uint8Array {
  const head = text(header);
  return Uint8Array.from([
    ...new Uint8Array(new BigUint64Array([BigInt(head.length)]).buffer),
    ...head,
    ...data,
  ]);
}

const types = [
  { number: fc.double(), array: Float64Array },
  { number: fc.float(), array: Float32Array },
  { number: fc.integer({ min: -128, max: 127 }), array: Int8Array },
  { number: fc.nat({ max: 255 }), array: Uint8Array },
];
const tensors: fc.Arbitrary<Tensor> = fc
  .tuple(fc.array(fc.nat({ max: 4 }), { maxLength: 3 }), fc.constantFrom(...types))
  .chain(([shape, { number, array }]) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const numbers = fc.array(number, { minLength: length, maxLength: length });
    return numbers.map((n) => ({ shape, values: array.from(n) }));
  });
const names = fc.string().filter((name) => name !== "__metadata__");

describe("encodeSafetensors", () => {
  it("writes the bytes of the format: length, header padded by spaces to 8 bytes, data", () => {
    const bytes = encodeSafetensors(
      {
        b: { values: Float32Array.of(1.5, -2), shape: [2] },
        a: { values: Float32Array.of(3), shape: [] },
        c: { values: Float64Array.of(0.1, 0.2), shape: [1, 2] },
      },
      { made: "here" },
    );
    const header =
      '{"__metadata__":{"made":"here"},' +
      '"c":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},' +
      '"a":{"dtype":"F32","shape":[],"data_offsets":[16,20]},' +
      '"b":{"dtype":"F32","shape":[2],"data_offsets":[20,28]}}';
    const padded = header.padEnd(8 * Math.ceil(header.length / 8), " ");
    const data = [
      0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f, 0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xc9, 0x3f,
    ];
    const floats = [0, 0, 0x40, 0x40, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0];
    expect([...bytes]).toEqual([...byHand(padded, [...data, ...floats])]);
  });

  it("writes masks and signs as single bytes, behind all wider numbers", () => {
    const bytes = encodeSafetensors({
      "masks/a": { values: Uint8Array.of(0, 1, 2, 255), shape: [2, 2] },
      "signs/a": { values: Int8Array.of(1, -1), shape: [2] },
      z: { values: Float32Array.of(1.5), shape: [1] },
    });
    const header =
      '{"z":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
      '"signs/a":{"dtype":"I8","shape":[2],"data_offsets":[4,6]},' +
      '"masks/a":{"dtype":"U8","shape":[2,2],"data_offsets":[6,10]}}';
    const padded = header.padEnd(8 * Math.ceil(header.length / 8), " ");
    expect([...bytes]).toEqual([...byHand(padded, [0, 0, 0xc0, 0x3f, 1, 255, 0, 1, 2, 255])]);
  });

  it("keeps the order by name where names look like numbers", () => {
    const one = { values: Float64Array.of(1), shape: [1] };
    const bytes = encodeSafetensors({ b: one, "2": one, "10": one });
    const header = new TextDecoder().decode(bytes.subarray(8));
    expect(header.match(/"(10|2|b)":/g)).toEqual(['"10":', '"2":', '"b":']);
  });

  it("is undone by decodeSafetensors, bit for bit, and is a function of the names and not their order", () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, tensors, { maxKeys: 5 }),
        fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
        (table, metadata) => {
          const bytes = encodeSafetensors(table, metadata);
          const back = decodeSafetensors(bytes);
          expect({ ...back.metadata }).toEqual({ ...metadata });
          expect(Object.keys(back.tensors).sort()).toEqual(Object.keys(table).sort());
          for (const [name, { values, shape }] of Object.entries(table)) {
            expect(back.tensors[name].shape).toEqual(shape);
            expect(back.tensors[name].values.constructor).toBe(values.constructor);
            expect(new Uint8Array(back.tensors[name].values.buffer)).toEqual(new Uint8Array(values.buffer));
          }
          const turned = Object.fromEntries(Object.entries(table).reverse());
          expect(encodeSafetensors(turned, metadata)).toEqual(bytes);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each([
    [{ a: { values: Float64Array.of(1, 2), shape: [3] } }, "2 values for shape (3)"],
    [{ a: { values: Float64Array.of(1, 2), shape: [2.5] } }, "the shape holds 2.5"],
    [{ a: { values: Int16Array.of(1), shape: [1] } }, "of no type that is written"],
    [{ __metadata__: { values: Float64Array.of(1), shape: [1] } }, "the format keeps this name"],
  ])("refuses %j", (table, message) => {
    expect(() => encodeSafetensors(table as unknown as Record<string, Tensor>)).toThrow(message);
  });
});

describe("decodeSafetensors", () => {
  const entry = (fields: object) =>
    JSON.stringify({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...fields } });

  it.each([
    [Uint8Array.of(1, 2, 3), "3 bytes are too few"],
    [byHand("{}").subarray(0, 9), "claims 2 bytes, 1 follow"],
    [Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 64, 123, 125), "at most 100000000 are allowed"],
    [byHand(" {}"), 'does not begin with "{"'],
    [byHand("{"), "is no JSON"],
    [byHand('{"__metadata__":{"a":1}}'), "more than texts"],
    [byHand('{"a":3}'), "its entry is no table"],
    [byHand(entry({ dtype: "F8" }), [0, 0, 0, 0]), 'unknown dtype "F8"'],
    [
      byHand(entry({ dtype: "BF16" }), [0, 0, 0, 0]),
      "its numbers are BF16, only F64, F32, I8, U8 and BOOL are read",
    ],
    [byHand(entry({ dtype: "U8" }), [0, 0, 0, 0]), "shape (1) of U8 needs 1 bytes, it has 4"],
    [byHand(entry({ shape: [-1] }), [0, 0, 0, 0]), "no list of whole numbers"],
    [byHand(entry({ data_offsets: [4, 0] }), [0, 0, 0, 0]), "no pair of bytes"],
    [byHand(entry({ shape: [2] }), [0, 0, 0, 0]), "shape (2) of F32 needs 8 bytes, it has 4"],
    [byHand(entry({ data_offsets: [4, 8] }), [0, 0, 0, 0, 0, 0, 0, 0]), "begins at byte 4 of the data"],
    [byHand(entry({}), [0, 0, 0, 0, 1]), "end at byte 4 of the data, which has 5"],
    [byHand(entry({}), [0, 0, 0]), "end at byte 4 of the data, which has 3"],
  ])("refuses broken bytes: %#", (bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("reads bytes that begin anywhere in their buffer, and names such as __proto__", () => {
    const bytes = byHand(
      '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      [0, 0, 0x80, 0x3f],
    );
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(Object.entries(decodeSafetensors(moved.subarray(3)).tensors)).toEqual([
      ["__proto__", { values: Float32Array.of(1), shape: [1] }],
    ]);
  });

  it("reads truth values as 0 and 1", () => {
    const header = '{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}';
    expect(decodeSafetensors(byHand(header, [1, 0, 1])).tensors).toEqual({
      a: { values: Uint8Array.of(1, 0, 1), shape: [3] },
    });
  });

  it("answers any bytes with content or a CajalError", () => {
    const good = encodeSafetensors({ a: { values: Float64Array.of(1, 2), shape: [2] } }, { x: "y" });
    const edits = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, fc.nat({ max: good.length }), (changes, length) => {
        const bytes = good.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          decodeSafetensors(bytes.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(CajalError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("parameterTensors", () => {
  it("gives dense weights with their shape, sparse ones too", () => {
    const sparse = sparseFromEntries({ rows: 2, columns: 3 }, { post: [0, 1], pre: [2, 0], values: [5, 7] });
    const net = network({
      populations: [population("a", { size: 2, neuron: neuron({ name: "sum", equations: "y = sum(in)" }) })],
      inputs: [input("u", 3)],
      projections: [projection("u", "a", { name: "w", target: "in", weights: sparse })],
    });
    const parameters = { "weights:w": Float64Array.of(1, 2), "a.bias": Float64Array.of(3, 4) };
    expect(parameterTensors(net, parameters)).toEqual({
      "weights:w": { values: Float64Array.of(0, 0, 1, 2, 0, 0), shape: [2, 3] },
      "a.bias": { values: Float64Array.of(3, 4), shape: [2] },
    });
    expect(() => parameterTensors(net, { "weights:v": new Float64Array(2) })).toThrow('no "weights:v"');
    expect(() => parameterTensors(net, { "weights:w": new Float64Array(3) })).toThrow("3 values, wanted 2");
  });

  const python = resolve(import.meta.dirname, "../../../../bench/peers/.venv/bin/python");
  it.skipIf(!existsSync(python))("is read by a few lines of NumPy", () => {
    const made = rateNetwork({ inputs: 2, units: 5, outputs: 1, rng: createRng(1), dale: 0.8 });
    const weights = Object.fromEntries(
      made.network.projections.map((p) => [`weights:${p.name}`, p.weights.values]),
    );
    const bytes = encodeSafetensors({
      ...parameterTensors(made.network, weights),
      ...constraintTensors(made),
    });
    const reader = `
import json, sys, numpy
raw = sys.stdin.buffer.read()
n = int.from_bytes(raw[:8], "little")
head = json.loads(raw[8:8 + n])
data = raw[8 + n:]
e = head["weights:rec"]
a = numpy.frombuffer(data[slice(*e["data_offsets"])], dtype="<f8").reshape(e["shape"])
e, s = head["masks/rec"], head["signs/rec"]
mask = numpy.frombuffer(data[slice(*e["data_offsets"])], dtype="u1").reshape(e["shape"])
signs = numpy.frombuffer(data[slice(*s["data_offsets"])], dtype="i1")
print(json.dumps([a.tolist(), mask.tolist(), signs.tolist()]))`;
    const [rows, mask, signs] = JSON.parse(
      execFileSync(python, ["-c", reader], { input: bytes }).toString(),
    ) as [number[][], number[][], number[]];
    expect(mask).toEqual([0, 1, 2, 3, 4].map((i) => [0, 1, 2, 3, 4].map((j) => (i === j ? 0 : 1))));
    expect(signs).toEqual([1, 1, 1, 1, -1]);
    expect(rows.map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(Float64Array.from(rows.flat())).toEqual(weights["weights:rec"]);
  });
});
