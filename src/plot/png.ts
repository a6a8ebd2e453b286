/**
 * @file A PNG encoder for pictures of few colours: 8-bit palette, one zlib stream, no metadata; the same picture gives
 * the same bytes everywhere. After the W3C PNG specification (third edition), sections 5, 11.2 and annex D.
 */

import { zlibSync } from "fflate";
import { CajalError } from "../core/index.ts";

/**
 * PNG file of an indexed picture.
 *
 * @param pixels - Palette index of each pixel, shape `(row, column)`, row-major.
 * @param size - Width and height in pixels, each ≥ 1.
 * @param palette - Colours `#rrggbb`, 1–256.
 * @throws CajalError `shape`, `bad-palette`.
 */
export function encodePng(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
  palette: readonly string[],
): Uint8Array {
  if (width < 1 || height < 1 || pixels.length !== width * height) {
    throw new CajalError(`${pixels.length} pixels do not fill ${width} × ${height}`, {
      code: "shape",
      where: "encodePng",
    });
  }
  if (palette.length < 1 || palette.length > 256) {
    throw new CajalError(`a palette has 1 … 256 colours, got ${palette.length}`, {
      code: "bad-palette",
      where: "encodePng",
    });
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits an index, palette colours, deflate, plain filters, not interlaced
  const colours = palette.flatMap((c) => [1, 3, 5].map((at) => Number.parseInt(c.slice(at, at + 2), 16)));
  // Each row starts with its filter type; none suits indices best.
  const rows = new Uint8Array(height * (width + 1));
  for (let i = 0; i < height; i++) {
    rows.set(pixels.subarray(i * width, (i + 1) * width), i * (width + 1) + 1);
  }
  return concatenate([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(colours)),
    chunk("IDAT", zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Bytes as a `data:` address. */
export function dataUri(bytes: Uint8Array, type = "image/png"): string {
  let binary = "";
  // In pieces: a call takes some ten thousand arguments at most.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:${type};base64,${btoa(binary)}`;
}

// Implementation

/** Length, type, data, and the CRC-32 of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}
