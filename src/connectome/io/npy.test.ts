import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { readNpy, writeNpy } from "./npy.ts";
import { readNpyHeader } from "./npy-header.ts";
import { numpyFile } from "./numpy-files.fixture.ts";

const matrix = [0, 1.5, -2, 3, 0, 0.25];

/** A `.npy` file with any header text and any data. */
function npy(
  header: string,
  data: ArrayLike<number> = [],
  { major = 1, length = header.length } = {},
): Uint8Array {
  const size =
    major === 1
      ? [length & 255, length >> 8]
      : [length & 255, (length >> 8) & 255, (length >> 16) & 255, length >>> 24];
  return Uint8Array.from([
    0x93,
    ...new TextEncoder().encode("NUMPY"),
    major,
    0,
    ...size,
    ...new TextEncoder().encode(header),
    ...Array.from(data),
  ]);
}

describe("readNpy of NumPy's own files", () => {
  it.each([
    ["f8", [2, 3], matrix],
    ["f8Fortran", [2, 3], matrix],
    ["f4BigEndianFortran", [2, 3], matrix],
    ["version2", [2, 3], matrix],
    ["version3", [2, 3], matrix],
    ["i8Stack", [2, 3, 4], Array.from({ length: 24 }, (_, k) => k - 5)],
    ["u2BigEndian", [3], [0, 1, 65535]],
    ["i4", [2], [-1, 7]],
    ["bool", [2, 2], [1, 0, 0, 1]],
    ["scalar", [], [2.5]],
  ] as const)("%s", (file, shape, values) => {
    const array = readNpy(numpyFile(file));
    expect(array.shape).toEqual(shape);
    expect([...array.values]).toEqual(values);
  });

  it("reads from the middle of a larger buffer", () => {
    const file = numpyFile("f8");
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect([...readNpy(shifted.subarray(3)).values]).toEqual(matrix);
  });

  it.each([
    ["i1", [0x80, 0x7f], [-128, 127]],
    ["u1", [0x80, 0x7f], [128, 127]],
    ["<i2", [0xfe, 0xff], [-2]],
    [">i2", [0xff, 0xfe], [-2]],
    ["<u4", [0xff, 0xff, 0xff, 0xff], [4294967295]],
    [">i4", [0xff, 0xff, 0xff, 0xfe], [-2]],
    [">i8", [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd], [-3]],
    ["<u8", [5, 0, 0, 0, 1, 0, 0, 0], [4294967301]],
    [">f8", [0x3f, 0xf8, 0, 0, 0, 0, 0, 0], [1.5]],
    ["<f4", [0, 0, 0xc0, 0x3f], [1.5]],
    ["|b1", [0, 7], [0, 1]],
    ["=f4", [0, 0, 0xc0, 0x3f], [1.5]],
  ])("type %s", (descr, bytes, values) => {
    const file = npy(
      `{'descr': '${descr}', 'fortran_order': False, 'shape': (${values.length},), }\n`,
      bytes,
    );
    expect([...readNpy(file).values]).toEqual(values);
  });

  it("takes the headers of Python 2 and of other writers", () => {
    expect(readNpyHeader(npy(`{"shape":(2L, 3L),"fortran_order":True,"descr":"<f8"}`))).toMatchObject({
      shape: [2, 3],
      fortranOrder: true,
      descr: "<f8",
    });
  });
});

describe("writeNpy", () => {
  it("writes NumPy's bytes", () => {
    expect(writeNpy({ shape: [2, 3], values: matrix })).toEqual(numpyFile("f8"));
    expect(writeNpy({ shape: [2], values: [-1, 7] }, { type: "i4" })).toEqual(numpyFile("i4"));
    expect(writeNpy({ shape: [], values: [2.5] })).toEqual(numpyFile("scalar"));
  });

  it("comes back the same", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.double()), (shape, stream) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Float64Array.from({ length: count }, () => stream.next().value);
        const back = readNpy(writeNpy({ shape, values }));
        expect(back.shape).toEqual(shape);
        expect(back.values).toEqual(values);
      }),
    );
    const f4 = readNpy(writeNpy({ shape: [2], values: [0.1, 1e30] }, { type: "f4" }));
    expect([...f4.values]).toEqual([Math.fround(0.1), Math.fround(1e30)]);
  });

  it.each([
    [
      () => writeNpy({ shape: [2, 2], values: [1] }),
      "shape",
      "writeNpy: 1 value does not fill the shape 2 × 2. Give the shape of the values.",
    ],
    [
      () => writeNpy({ shape: [1], values: [0.5] }, { type: "i4" }),
      "npy-range",
      "writeNpy: value 0 is 0.5, not a whole number of 32 bits. Write type f8.",
    ],
  ])("refuses %#", (write, code, message) => {
    expect(write).toThrow(expect.objectContaining({ code, message }));
  });
});

const header = (descr: string, shape: string) =>
  `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`;

describe("errors of readNpy", () => {
  it.each([
    [
      numpyFile("objects"),
      "npy-object-array",
      "m.npy: is an array of Python objects, which only Python can read. Save plain numbers: numpy.save(path, numpy.asarray(m, dtype=float)).",
    ],
    [
      numpyFile("structured"),
      "npy-structured",
      'm.npy: is a structured array (a table with named fields). Save one field: numpy.save(path, table["weight"]).',
    ],
    [
      numpyFile("complex"),
      "npy-type",
      'm.npy: holds values of type "<c16". Booleans, i1 to i8, u1 to u8, f4 and f8 are read. Save numpy.asarray(m, dtype=float).',
    ],
    [
      numpyFile("f8").subarray(0, 150),
      "npy-truncated",
      "m.npy: the file is cut off: 2 × 3 values of type <f8 need 48 bytes, 22 are left. Copy or download it again.",
    ],
    [
      numpyFile("f8").subarray(0, 60),
      "npy-truncated",
      "m.npy: the file is cut off: the header says it has 118 bytes, 50 are left. Copy or download it again.",
    ],
    [
      numpyFile("f8").subarray(0, 9),
      "npy-truncated",
      "m.npy: the file is cut off: the header needs 10 bytes, the file has 9. Copy or download it again.",
    ],
    [
      new TextEncoder().encode("hello there"),
      "npy-magic",
      "m.npy: does not start with the .npy magic. Write the file with numpy.save, or name its real format.",
    ],
    [
      npy(header("'<f8'", "(0,)"), [], { major: 9 }),
      "npy-version",
      "m.npy: unknown .npy version 9.0. Versions 1.0, 2.0 and 3.0 are read; write the file with numpy.save.",
    ],
    [
      npy(header("'<i8'", "(1,)"), [0, 0, 0, 0, 0, 0, 0, 64]),
      "npy-precision",
      "m.npy: value 0 of type <i8 is beyond ±2^53 and cannot be kept exactly. Save numpy.asarray(m, dtype=float) if rounding is meant.",
    ],
    [npy(header("'|f8'", "(0,)")), "npy-type", undefined],
    [npy(header("'U12'", "(0,)")), "npy-type", undefined],
    [npy(header("'__proto__'", "(0,)")), "npy-type", undefined],
    [npy(header("'<f8'", "(999999999, 999999999)")), "npy-truncated", undefined],
    [npy(header("'<f8'", `(${"999999999999999, ".repeat(32)})`)), "npy-truncated", undefined],
    [npy(header("'<f8'", `(${"1, ".repeat(33)})`)), "npy-header", undefined],
    [npy(header("'<f8'", "(99999999999999999999,)")), "npy-header", undefined],
    [npy(header("'<f8'", "(-1,)")), "npy-header", undefined],
    [npy(header("'<f8'", "(1 1)")), "npy-header", undefined],
    [npy(header("'<f8'", "(1,")), "npy-header", undefined],
    [
      npy("{'descr': '<f8', 'shape': (1,)}"),
      "npy-header",
      "m.npy: the .npy header is not understood: descr, fortran_order and shape are needed. Write the file again with numpy.save(path, numpy.asarray(m, dtype=float)).",
    ],
    [npy("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,)}"), "npy-header", undefined],
    [npy("{'descr': __import__('os'), 'fortran_order': True, 'shape': (1,)}"), "npy-header", undefined],
    [npy("{'descr': "), "npy-header", undefined],
    [npy("{"), "npy-header", undefined],
    [npy(""), "npy-header", undefined],
    [npy("{'extra': 1}"), "npy-header", undefined],
    [npy(" ".repeat(70_000), [], { major: 2 }), "npy-header", undefined],
    [npy("{}", [], { major: 2, length: 0xfffffff }), "npy-truncated", undefined],
  ] as [Uint8Array, string, string | undefined][])("%#: %s", (bytes, code, message) => {
    const expected = message === undefined ? { code } : { code, message };
    expect(() => readNpy(bytes, { name: "m.npy" })).toThrow(expect.objectContaining(expected));
    expect(() => readNpy(bytes)).toThrow(CajalError);
  });
});
