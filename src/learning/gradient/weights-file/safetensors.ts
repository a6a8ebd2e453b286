/**
 * @file Arrays by name in the safetensors format, which PyTorch, JAX and NumPy read: length of the header (8 bytes,
 * little-endian), header in JSON, data row by row. Bytes in, bytes out; double and single precision, and whole numbers of
 * 8 bits for masks and signs.
 *
 * The order of the arrays is that of the reference implementation, so equal arrays have equal bytes.
 */

import { CajalError } from "../../../core/index.ts";
import { readSafetensorsHeader, type StoredTensor } from "./safetensors-header.ts";

/** An array with its shape. */
export interface Tensor {
  /** Row by row. */
  values: Float64Array | Float32Array | Int8Array | Uint8Array;
  /** Length of each axis, slowest first; `[]` is a single number. */
  shape: readonly number[];
}

/** What a file holds. */
export interface SafetensorsContent {
  tensors: Record<string, Tensor>;
  /** Texts by name. */
  metadata: Record<string, string>;
}

/** How each type is written: wider numbers first, then as the reference implementation ranks equally wide ones. */
const TYPES = [
  { dtype: "F64", array: Float64Array },
  { dtype: "F32", array: Float32Array },
  { dtype: "I8", array: Int8Array },
  { dtype: "U8", array: Uint8Array },
] as const;

/**
 * Arrays as the bytes of a safetensors file.
 *
 * @param tensors - By name, e.g. `weights:rec` of shape `(post, pre)`.
 * @param metadata - Texts to keep beside them.
 * @throws CajalError `bad-tensor` where values and shape do not fit, or the name is taken by the format.
 * @example await writeFile("weights.safetensors", encodeSafetensors(parameterTensors(rate.network, result.last)))
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  // Wider numbers first keeps all of them aligned; then by name, as the bytes of UTF-8 stand.
  const sorted = Object.entries(tensors).sort(([a, x], [b, y]) => rank(x) - rank(y) || compareText(a, b));
  const entries: [string, unknown][] = [];
  let bytes = 0;
  for (const [name, tensor] of sorted) {
    checkTensor(name, tensor);
    const { shape, values } = tensor;
    const end = bytes + values.byteLength;
    entries.push([name, { dtype: TYPES[rank(tensor)].dtype, shape, data_offsets: [bytes, end] }]);
    bytes = end;
  }
  const text = new TextEncoder().encode(headerText(entries, metadata));
  const length = 8 * Math.ceil(text.length / 8);
  const out = new Uint8Array(8 + length + bytes).fill(SPACE, 8, 8 + length);
  const view = new DataView(out.buffer);
  view.setUint32(0, length, true);
  out.set(text, 8);
  let at = 8 + length;
  for (const [, { values }] of sorted) at = writeValues(view, at, values);
  return out;
}

/**
 * What the bytes of a safetensors file hold.
 *
 * @throws CajalError `bad-safetensors` when the bytes are not whole or break the format, `unsupported-dtype` for arrays
 * of other numbers than F64, F32, I8, U8 and BOOL (0 or 1).
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsContent {
  const { tensors, metadata, start } = readSafetensorsHeader(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = tensors.map((stored) => [stored.name, readTensor(stored, view, start)] as const);
  return { tensors: Object.fromEntries(entries), metadata };
}

// Implementation

const SPACE = 0x20;

const rank = ({ values }: Tensor): number => TYPES.findIndex(({ array }) => values instanceof array);

function checkTensor(name: string, { values, shape }: Tensor): void {
  const fail = (what: string, hint: string): never => {
    throw new CajalError(what, { code: "bad-tensor", where: `encodeSafetensors, "${name}"`, hint });
  };
  if (name === "__metadata__") fail("the format keeps this name for texts", "Choose another name.");
  const bad = shape.find((n) => !Number.isSafeInteger(n) || n < 0);
  if (bad !== undefined) fail(`the shape holds ${bad}`, "Give whole numbers ≥ 0.");
  if (!TYPES.some(({ array }) => values instanceof array))
    fail("its values are of no type that is written", `Give a ${TYPES.map((t) => t.array.name).join(", ")}.`);
  const count = shape.reduce((a, b) => a * b, 1);
  if (count !== values.length)
    fail(`${values.length} values for shape (${shape.join(", ")})`, `That shape has ${count}.`);
}

/** By code points, which is the order of the bytes of UTF-8; `<` would go by UTF-16. */
function compareText(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let k = 0; k < Math.min(x.length, y.length); k++) {
    const difference = x[k].codePointAt(0)! - y[k].codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

/** Written piece by piece: an object would put names that look like whole numbers first. */
function headerText(
  entries: readonly (readonly [string, unknown])[],
  metadata: Readonly<Record<string, string>>,
): string {
  const table = (parts: readonly (readonly [string, string])[]) =>
    `{${parts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
  const texts = Object.entries(metadata).sort(([a], [b]) => compareText(a, b));
  const first = texts.map(([name, text]) => [name, JSON.stringify(text)] as const);
  return table([
    ...(first.length > 0 ? [["__metadata__", table(first)] as const] : []),
    ...entries.map(([name, entry]) => [name, JSON.stringify(entry)] as const),
  ]);
}

function writeValues(view: DataView, start: number, values: Tensor["values"]): number {
  const size = values.BYTES_PER_ELEMENT;
  for (let k = 0; k < values.length; k++) {
    if (size === 8) view.setFloat64(start + 8 * k, values[k], true);
    else if (size === 4) view.setFloat32(start + 4 * k, values[k], true);
    else view.setUint8(start + k, values[k]);
  }
  return start + values.byteLength;
}

function readTensor({ dtype, shape, from, to }: StoredTensor, view: DataView, start: number): Tensor {
  if (dtype === "F64") {
    const values = new Float64Array((to - from) / 8);
    for (let k = 0; k < values.length; k++) values[k] = view.getFloat64(start + from + 8 * k, true);
    return { values, shape };
  }
  if (dtype !== "F32") {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + start + from, to - from).slice();
    return { values: dtype === "I8" ? new Int8Array(bytes.buffer) : bytes, shape };
  }
  const values = new Float32Array((to - from) / 4);
  for (let k = 0; k < values.length; k++) values[k] = view.getFloat32(start + from + 4 * k, true);
  return { values, shape };
}
