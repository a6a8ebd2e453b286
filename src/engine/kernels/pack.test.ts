import { describe, expect, it } from "vitest";
import { dense, toSparse } from "../../core/index.ts";
import { packDense, packedDenseLength, packSparse } from "./pack.ts";

describe("packSparse", () => {
  const m = toSparse(dense(2, 3, [0, 0.1, 0.2, 0.3, 0, 0]));

  it("turns columns into byte offsets of the layout", () => {
    const packed = packSparse(m, { precision: "f64", stride: 12 });
    expect([...packed.rowStart]).toEqual([0, 2, 3]);
    expect([...packed.column]).toEqual([96, 192, 0]);
    expect(packed.values).toEqual(Float64Array.of(0.1, 0.2, 0.3));
    expect([...packSparse(m, { precision: "f32", stride: 1 }).column]).toEqual([4, 8, 0]);
  });

  it("rounds weights to the precision", () => {
    expect(packSparse(m, { precision: "f32", stride: 4 }).values).toEqual(Float32Array.of(0.1, 0.2, 0.3));
  });

  it("says which strides there are", () => {
    expect(() => packSparse(m, { precision: "f64", stride: 3 })).toThrow(
      "packSparse: stride must be 1 or a multiple of 4, got 3. Pad the instances to the next multiple of 4.",
    );
  });

  it("refuses states beyond 32-bit addresses", () => {
    const wide = { ...m, columns: 2 ** 20 };
    expect(() => packSparse(wide, { precision: "f64", stride: 400 })).toThrow(
      "packSparse: 1048576 neurons × 400 instances exceed 2 GiB. Lower the number of instances per run.",
    );
  });
});

describe("packDense", () => {
  const m = dense(
    18,
    3,
    Array.from({ length: 54 }, (_, k) => k),
  );

  it("makes panels of 16 rows, columns within a panel, the last one filled up with zeros", () => {
    const packed = packDense(m, { precision: "f32", stride: 1 });
    expect(packed.length).toBe(2 * 3 * 16);
    expect(packed.length).toBe(packedDenseLength(18, 3, { precision: "f32", stride: 1 }));
    for (let i = 0; i < 32; i++) {
      for (let j = 0; j < 3; j++) {
        const at = (i < 16 ? 0 : 48) + j * 16 + (i % 16);
        expect(packed[at]).toBe(i < 18 ? i * 3 + j : 0);
      }
    }
  });

  it("keeps rows for several instances", () => {
    expect(packDense(m, { precision: "f64", stride: 4 })).toEqual(m.values);
  });
});
