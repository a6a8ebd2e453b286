import { describe, expect, it } from "vitest";
import { writeNpy, writeNpz } from "../../connectome/index.ts";
import { encodeSafetensors } from "../../learning/index.ts";
import { readWeights } from "./read-weights-file.ts";

const shape = [2, 3] as const;
const values = Float64Array.of(1, 0, -2, 0.5, 4, 0);
const mask = Float64Array.of(1, 0, 1, 1, 2, 0);
const SOURCE = { orientation: "post-pre", use: "weights", mask: false } as const;
const text = (s: string) => new TextEncoder().encode(s);

const npz = writeNpz({ "weights/best.in": { shape, values }, "masks/in": { shape, values: mask } });
const tensors = encodeSafetensors({
  "weights:in": { shape, values },
  "masks/in": { shape, values: Uint8Array.from(mask) },
  "rec.bias": { shape: [2], values: Float64Array.of(1, 2) },
});

describe("readWeights", () => {
  it.each([
    ["w.npy", writeNpy({ shape, values })],
    ["w.npz", writeNpz({ W_in: { shape, values }, bias: { shape: [2], values: [1, 2] } })],
    ["w.safetensors", encodeSafetensors({ w: { shape, values }, b: { shape: [6], values } })],
    ["w.csv", text("1,0,-2\n0.5,4,0\n")],
    ["w.tsv", text("a\tb c\td\n1\t0\t-2\n0.5\t4\t0\n")],
    ["w.txt", text("1 0 -2\n0.5 4 0\n")],
  ])("reads %s in either orientation", (name, bytes) => {
    expect(readWeights(bytes, SOURCE, name)).toEqual({ name, shape, values });
    const turned = readWeights(bytes, { ...SOURCE, orientation: "pre-post" }, name);
    expect(turned).toEqual({ name, shape: [3, 2], values: Float64Array.of(1, 0.5, 0, 4, -2, 0) });
  });

  it.each([
    ["r.npz", npz, "weights/best.in"],
    ["r.safetensors", tensors, "weights:in"],
  ])("takes a mask from %s only if asked", (name, bytes, array) => {
    expect(readWeights(bytes, { ...SOURCE, array }, name)).toEqual({ name, shape, values });
    const asked = { ...SOURCE, array, mask: "masks/in" };
    expect(readWeights(bytes, asked, name).mask).toEqual(mask);
    const turned = readWeights(bytes, { ...asked, orientation: "pre-post" }, name);
    expect(turned.mask).toEqual(Float64Array.of(1, 1, 0, 2, 1, 0));
  });

  it.each([
    ["r.npz", npz, {}, "holds 2 matrices", "Say which by array, one of: weights/best.in, masks/in."],
    ["r.npz", npz, { array: "weights/best.on" }, 'holds no array "weights/best.on"', /weights\/best\.in/],
    ["r.safetensors", tensors, { array: "weights:inn" }, 'holds no array "weights:inn"', /weights:in/],
    [
      "r.safetensors",
      tensors,
      { array: "weights:in", mask: "mask/in" },
      'holds no array "mask/in"',
      /masks\/in/,
    ],
    [
      ...["r.safetensors", tensors, { array: "weights:in", mask: "rec.bias" }],
      ...["the array has shape (2), it is no matrix", /two axes/],
    ],
    ["w.npy", writeNpy({ shape: [6], values }), {}, "the array has shape (6), it is no matrix", /two axes/],
    [
      "w.npy",
      writeNpy({ shape, values }),
      { array: "a" },
      'a npy file is one matrix, it has no array "a"',
      /array out/,
    ],
    ["w.csv", text("1,2"), { mask: "m" }, 'a csv file is one matrix, it has no array "m"', /mask out/],
    ["w.csv", Uint8Array.of(0xff, 0xfe, 0), {}, "the bytes are not UTF-8 text", /UTF-8/],
    [
      ...[
        "w.npz",
        writeNpz({ a: { shape, values }, m: { shape: [3, 2], values } }),
        { array: "a", mask: "m" },
      ],
      ...['its array "m" has another shape than the weights', /number for each weight/],
    ],
  ] as [string, Uint8Array, object, string, string | RegExp][])(
    "explains what is wrong with %s: %#",
    (name, bytes, more, what, hint) => {
      const wanted = { what, hint: typeof hint === "string" ? hint : expect.stringMatching(hint) };
      expect(() => readWeights(bytes, { ...SOURCE, ...more }, name)).toThrow(expect.objectContaining(wanted));
    },
  );
});
