import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLabels } from "./labels.ts";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  );

/** A pickle of protocol 3 as Python's writer lays a list of strings out. */
function pickled(labels: string[]): Uint8Array {
  const items = labels.map((label, i) => {
    const text = new TextEncoder().encode(label);
    return [0x58, text.length & 255, text.length >> 8, 0, 0, ...text, 0x71, i + 1];
  });
  return Uint8Array.from([0x80, 3, 0x5d, 0x71, 0, 0x28, ...items.flat(), 0x65, 0x2e]);
}

describe("readLabels", () => {
  it("reads one label on each line", () => {
    expect(readLabels("V1\r\nlateral V2 \n10\n\n\n")).toEqual(["V1", "lateral V2", "10"]);
    expect(readLabels(bytes("Größe\nV2"))).toEqual(["Größe", "V2"]);
  });

  it("reads pickled lists of every protocol's making", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 20 }),
        (labels) => {
          expect(readLabels(pickled(labels))).toEqual(labels);
        },
      ),
    );
    // Protocol 4: frame, memoize, short strings; a tuple; a list filled one by one; a string recalled from the memo.
    expect(
      readLabels(
        bytes(
          [0x80, 4, 0x95, 9, 0, 0, 0, 0, 0, 0, 0, 0x5d, 0x94, 0x28, 0x8c, 1],
          "a",
          [0x94, 0x8c, 1],
          "b",
          [0x94, 0x65, 0x2e],
        ),
      ),
    ).toEqual(["a", "b"]);
    expect(readLabels(bytes([0x80, 2, 0x28, 0x55, 1], "a", [0x55, 1], "b", [0x74, 0x2e]))).toEqual([
      "a",
      "b",
    ]);
    expect(readLabels(bytes([0x80, 2, 0x5d, 0x55, 2], "xy", [0x61, 0x2e]))).toEqual(["xy"]);
    expect(() =>
      readLabels(bytes([0x80, 2, 0x5d, 0x28, 0x55, 1], "a", [0x71, 0, 0x68, 0, 0x65, 0x2e])),
    ).toThrow('label "a" was given on line 1 already');
  });

  it.each([
    [
      "V1\n\nV2",
      "labels-blank",
      "l.txt:2: a line is blank. Write one label on each line, in the order of the rows.",
    ],
    [
      "\n",
      "labels-blank",
      "l.txt: the file holds no labels. Write one label on each line, in the order of the rows.",
    ],
    [
      "V1\nV2\nV1",
      "duplicate-label",
      'l.txt:3: label "V1" was given on line 1 already. Labels must be unique; add a suffix such as a hemisphere.',
    ],
    [
      bytes([0xff, 0xfe, 0xfd]),
      "not-text",
      "l.txt: the bytes are not UTF-8 text. Save it as CSV in UTF-8, or name its real format (npy, npz).",
    ],
    [
      bytes("a\0b"),
      "not-text",
      "l.txt: the file holds zero bytes, so it is not text. Save it as CSV in UTF-8, or name its real format (npy, npz).",
    ],
    // os.system in a pickle: refused at the opcode that would look the function up.
    [
      bytes([0x80, 3, 0x63], "os\nsystem\n", [0x2e]),
      "pickle-unsupported",
      "l.txt: the pickle holds more than a list of strings (opcode 0x63 at byte 2). Save the labels as text, one on each line.",
    ],
    [bytes([0x80, 3, 0x5d, 0x28, 0x5d, 0x65, 0x2e]), "pickle-unsupported", undefined],
    [bytes([0x80, 3, 0x5d, 0x65, 0x2e]), "pickle-unsupported", undefined],
    [bytes([0x80, 3, 0x61, 0x2e]), "pickle-unsupported", undefined],
    [bytes([0x80, 3, 0x68, 1, 0x2e]), "pickle-unsupported", undefined],
    [bytes([0x80, 3, 0x55, 1], "a", [0x2e]), "pickle-unsupported", undefined],
    [
      pickled(["a", "b"]).subarray(0, 12),
      "pickle-truncated",
      "l.txt: the pickle is cut off. Copy or download it again.",
    ],
    [bytes([0x80, 3, 0x58, 255, 255, 255, 255]), "pickle-truncated", undefined],
  ])("refuses %#: %s", (source, code, message) => {
    expect(() => readLabels(source, { name: "l.txt" })).toThrow(
      expect.objectContaining({ code, ...(message && { message }) }),
    );
  });
});
