import { describe, expect, it } from "vitest";
import { decodeArchive, encodeArchive, vector } from "./array-archive.ts";

const arrays = {
  raster: { shape: [3, 2], values: Uint8Array.of(1, 2, 3, 4, 5, 255) },
  activity: vector(Uint32Array.of(0, 7, 2 ** 32 - 1)),
  rates: { shape: [1, 2], values: Float64Array.of(0.1, -0) },
  empty: { shape: [0, 3], values: new Uint32Array(0) },
  single: vector(Uint16Array.of(9)),
};

describe("encodeArchive", () => {
  it("gives back what decodeArchive read, types and shapes included", () => {
    expect(decodeArchive(encodeArchive(arrays), { name: "x.npz" })).toEqual(arrays);
  });

  it("gives the same bytes for the same arrays", () => {
    expect(encodeArchive(arrays)).toEqual(encodeArchive({ ...arrays }));
  });

  it("is read back from a view that does not begin at 0", () => {
    const bytes = encodeArchive(arrays);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeArchive(shifted.subarray(3), { name: "x.npz" })).toEqual(arrays);
  });
});

describe("decodeArchive", () => {
  it("says which file is damaged, and how", () => {
    const bytes = encodeArchive(arrays);
    const name = "records/full.r0.npz";
    const mend = "Run the experiment again with --resume: it makes what is missing or damaged anew.";
    expect(() => decodeArchive(bytes.subarray(0, 100), { name })).toThrow(
      `${name} is damaged: its directory is missing. ${mend}`,
    );
    // One bit of what the first array unpacks to, wherever it is: the checksum tells.
    const flipped = bytes.slice();
    flipped[60] ^= 1;
    expect(() => decodeArchive(flipped, { name })).toThrow(
      /^records\/full\.r0\.npz is damaged: .*\. Run the/,
    );
  });
});
