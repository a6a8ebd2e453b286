import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { writeNpy } from "./npy.ts";
import { listNpz, readNpz, writeNpz } from "./npz.ts";
import { numpyFile } from "./numpy-files.fixture.ts";
import { listZip } from "./zip.ts";

const eye = { shape: [20, 20], values: Array.from({ length: 400 }, (_, k) => (k % 21 === 0 ? 1 : 0)) };

describe("readNpz", () => {
  it("reads what NumPy wrote, stored and deflated", () => {
    expect(listNpz(numpyFile("savez"))).toEqual(["w", "note"]);
    expect([...readNpz(numpyFile("savez"), "w").values]).toEqual([0, 1, 2, 0]);
    expect([...readNpz(numpyFile("savez"), "note").values]).toEqual([1, 2, 3]);
    expect([...readNpz(numpyFile("savezCompressed"), "w").values]).toEqual(eye.values);
  });

  it("skips files that are no arrays, and a comment at the end", () => {
    const zip = zipSync(
      { "readme.txt": new Uint8Array([1]), "w.npy": writeNpy(eye) },
      { comment: "made by hand" },
    );
    expect(listNpz(zip)).toEqual(["w"]);
  });
});

describe("writeNpz", () => {
  it.each([false, true])("comes back the same, compress %s", (compress) => {
    const bytes = writeNpz({ w: eye, half: { shape: [1], values: [0.5], type: "f4" } }, { compress });
    expect(listNpz(bytes)).toEqual(["w", "half"]);
    expect([...readNpz(bytes, "w").values]).toEqual(eye.values);
    expect(readNpz(bytes, "half")).toMatchObject({ shape: [1], descr: "<f4" });
    expect(bytes.length < 1000).toBe(compress);
    expect(writeNpz({ w: eye, half: { shape: [1], values: [0.5], type: "f4" } }, { compress })).toEqual(
      bytes,
    );
  });
});

/** The archive with `change` made to the directory record of its first entry. */
function forged(
  change: (view: DataView, record: number) => void,
  file = numpyFile("savezCompressed"),
): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  const end = bytes.length - 22;
  change(view, view.getUint32(end + 16, true));
  return bytes;
}

describe("errors of readNpz", () => {
  const read = (bytes: Uint8Array, maxBytes?: number) => () =>
    readNpz(bytes, "w", { name: "c.npz", maxBytes });

  it("names the arrays there are", () => {
    expect(() => readNpz(numpyFile("savez"), "notes", { name: "c.npz" })).toThrow(
      'c.npz: holds no array "notes". Did you mean "note"? Known here: w, note.',
    );
  });

  it.each([
    [
      read(forged((v, r) => v.setUint32(r + 24, 0xfffffff0, true))),
      "zip-too-large",
      "c.npz, w.npy: says it unpacks to 4294967280 bytes, more than the limit of 1073741824. Raise maxBytes if the file is yours and memory allows.",
    ],
    [read(numpyFile("savez"), 100), "zip-too-large", undefined],
    // A million bytes out of a few dozen: the declared size is refused before anything is allocated.
    [
      read(forged((v, r) => v.setUint32(r + 24, 1_000_000, true))),
      "zip-corrupt",
      /^c\.npz, w\.npy: the archive is damaged: \d+ bytes cannot unpack to the 1000000 declared\. Copy or download it again\.$/,
    ],
    [
      read(forged((v, r) => v.setUint32(r + 24, 3000, true))),
      "zip-corrupt",
      "c.npz, w.npy: the archive is damaged: its data unpack to another length than the 3000 declared. Copy or download it again.",
    ],
    [read(forged((v, r) => v.setUint32(r + 24, 3400, true))), "zip-corrupt", undefined],
    [
      read(forged((v, r) => v.setUint32(r + 16, 1, true))),
      "zip-corrupt",
      "c.npz, w.npy: the archive is damaged: the checksum does not match. Copy or download it again.",
    ],
    [read(forged((v, r) => v.setUint32(r + 42, 1, true))), "zip-corrupt", undefined],
    [read(forged((v, r) => v.setUint32(r + 20, 1e9, true))), "zip-corrupt", undefined],
    [
      read(forged((v, r) => v.setUint16(r + 10, 12, true))),
      "zip-unsupported",
      "c.npz, w.npy: is compressed by method 12. Save it with numpy.savez or numpy.savez_compressed, below 4 GB.",
    ],
    [
      read(forged((v, r) => v.setUint16(r + 8, 1, true))),
      "zip-unsupported",
      "c.npz: is encrypted. Save it with numpy.savez or numpy.savez_compressed, below 4 GB.",
    ],
    [read(forged((v, r) => v.setUint16(r + 10, 0, true))), "zip-corrupt", undefined],
    [
      read(forged((v, r) => v.setUint32(r, 0, true))),
      "zip-corrupt",
      "c.npz: the archive is damaged: entry 1 of 2 of its directory is missing. Copy or download it again.",
    ],
    [
      read(forged((v, r) => v.setUint16(r + 28, 60_000, true))),
      "zip-corrupt",
      "c.npz: the archive is damaged: entry 1 of its directory is cut off. Copy or download it again.",
    ],
    [
      read(numpyFile("savez").subarray(0, 400)),
      "zip-corrupt",
      "c.npz: the archive is damaged: its directory is missing. Copy or download it again.",
    ],
    [read(new Uint8Array(3)), "zip-corrupt", undefined],
    [
      read(forged((v) => v.setUint16(v.byteLength - 12, 0xffff, true))),
      "zip-unsupported",
      "c.npz: is a ZIP64 archive. Save it with numpy.savez or numpy.savez_compressed, below 4 GB.",
    ],
  ])("%#: %s", (run, code, message) => {
    expect(run).toThrow(
      expect.objectContaining({
        code,
        ...(message && { message: typeof message === "string" ? message : expect.stringMatching(message) }),
      }),
    );
  });

  it("refuses data that cannot be inflated", () => {
    const bytes = numpyFile("savezCompressed").slice();
    const { offset } = listZip(bytes)[0];
    bytes.fill(0xff, offset + 60, offset + 80);
    expect(() => readNpz(bytes, "w")).toThrow(expect.objectContaining({ code: "zip-corrupt" }));
  });

  it("is lenient with an object array until it is asked for", () => {
    expect(() => readNpz(numpyFile("savezCompressed"), "objects", { name: "c.npz" })).toThrow(
      "c.npz, objects: is an array of Python objects",
    );
  });
});
