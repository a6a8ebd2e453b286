import { crc32, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataUri, encodePng } from "./png.ts";

/** An independent reader: chunks with checked sums by Node's own zlib, palette and rows. */
function decode(file: Uint8Array) {
  expect([...file.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const bytes = Buffer.from(file);
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString("latin1", at + 4, at + 8);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks[name] = bytes.subarray(at + 8, at + 8 + length);
    at += 12 + length;
  }
  const [width, height] = [chunks.IHDR.readUInt32BE(0), chunks.IHDR.readUInt32BE(4)];
  const raw = inflateSync(chunks.IDAT);
  const rows = Array.from({ length: height }, (_, i) => [
    ...raw.subarray(i * (width + 1), (i + 1) * (width + 1)),
  ]);
  return {
    names: Object.keys(chunks),
    header: [...chunks.IHDR.subarray(8)],
    palette: [...chunks.PLTE],
    rows,
  };
}

describe("encodePng", () => {
  it("is read back by another reader, row by row", () => {
    const png = encodePng(Uint8Array.of(0, 1, 2, 2, 1, 0), { width: 3, height: 2 }, [
      "#ffffff",
      "#d55e00",
      "#0072b2",
    ]);
    expect(decode(png)).toEqual({
      names: ["IHDR", "PLTE", "IDAT", "IEND"],
      header: [8, 3, 0, 0, 0],
      palette: [255, 255, 255, 213, 94, 0, 0, 114, 178],
      rows: [
        [0, 0, 1, 2],
        [0, 2, 1, 0],
      ],
    });
  });
  it("keeps every pixel of any picture", () => {
    const picture = fc
      .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
      .chain((size) =>
        fc.record({
          size: fc.constant(size),
          pixels: fc.uint8Array({ minLength: size.width * size.height, maxLength: size.width * size.height }),
        }),
      );
    const palette = Array.from({ length: 256 }, (_, i) => `#${i.toString(16).padStart(2, "0").repeat(3)}`);
    fc.assert(
      fc.property(picture, ({ size, pixels }) => {
        const { rows } = decode(encodePng(pixels, size, palette));
        expect(rows.flatMap((r) => r.slice(1))).toEqual([...pixels]);
      }),
      { numRuns: 30 },
    );
  });
  it("refuses wrong sizes and palettes", () => {
    expect(() => encodePng(new Uint8Array(5), { width: 2, height: 2 }, ["#000000"])).toThrow(
      "encodePng: 5 pixels do not fill 2 × 2",
    );
    expect(() => encodePng(new Uint8Array(1), { width: 1, height: 1 }, [])).toThrow(
      "encodePng: a palette has 1 … 256 colours, got 0",
    );
  });
});

describe("dataUri", () => {
  it("is base64 of any length", () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
    expect(dataUri(bytes)).toBe(`data:image/png;base64,${Buffer.from(bytes).toString("base64")}`);
  });
});
