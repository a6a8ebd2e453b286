import { describe, expect, it } from "vitest";
import { countLoop } from "./function-builder.ts";
import { ModuleBuilder } from "./module-builder.ts";

type Exports = Record<string, (...args: number[]) => number>;

function instantiate(builder: ModuleBuilder, memory?: WebAssembly.Memory): Exports {
  const module = new WebAssembly.Module(builder.toBytes() as BufferSource);
  return new WebAssembly.Instance(module, memory ? { env: { memory } } : {}).exports as unknown as Exports;
}

describe("ModuleBuilder", () => {
  it("makes an empty module that is valid", () => {
    expect(WebAssembly.validate(new ModuleBuilder().toBytes() as BufferSource)).toBe(true);
  });

  it("runs calls, ifs with results and functions added while another is being built", () => {
    const builder = new ModuleBuilder();
    builder.addFunction(
      "sumOfSquares",
      { parameters: ["f64", "f64"], results: ["f64"] },
      (code) => {
        const square = builder.addFunction("square", { parameters: ["f64"], results: ["f64"] }, (inner) => {
          inner.get(inner.parameter(0)).get(inner.parameter(0)).op("f64.mul");
        });
        code.get(code.parameter(0)).call(square).get(code.parameter(1)).call(square).op("f64.add");
      },
      { exported: true },
    );
    builder.addFunction(
      "sign",
      { parameters: ["f64"], results: ["f64"] },
      (code) => {
        code.get(code.parameter(0)).f64Const(0).op("f64.lt");
        code.if(
          () => code.f64Const(-1),
          () => code.f64Const(1),
          "f64",
        );
      },
      { exported: true },
    );
    const { sumOfSquares, sign } = instantiate(builder);
    expect(sumOfSquares(3, 4)).toBe(25);
    expect(sign(-2)).toBe(-1);
    expect(sign(2)).toBe(1);
  });

  it.each([
    [0, 0],
    [1, 0],
    [7, 21],
    [8, 28],
  ])("countLoop over %d adds the counter up to %d", (count, sum) => {
    for (const constant of [true, false]) {
      const builder = new ModuleBuilder();
      builder.addFunction(
        "sum",
        { parameters: ["i32"], results: ["i32"] },
        (code) => {
          const [i, total] = [code.local("i32"), code.local("i32")];
          countLoop(code, i, constant ? count : code.parameter(0), 1, () => {
            code.get(total).get(i).op("i32.add").set(total);
          });
          code.get(total);
        },
        { exported: true },
      );
      expect(instantiate(builder).sum(count)).toBe(sum);
    }
  });

  it("countLoop steps by more than 1 and leaves on a branch to depth 1", () => {
    const builder = new ModuleBuilder();
    builder.addFunction(
      "rounds",
      { parameters: ["i32", "i32"], results: ["i32"] },
      (code) => {
        const [i, rounds] = [code.local("i32"), code.local("i32")];
        countLoop(code, i, code.parameter(0), 4, () => {
          code.get(i).get(code.parameter(1)).op("i32.eq").brIf(1);
          code.get(rounds).i32Const(1).op("i32.add").set(rounds);
        });
        code.get(rounds);
      },
      { exported: true },
    );
    const { rounds } = instantiate(builder);
    expect(rounds(9, -1)).toBe(3);
    expect(rounds(400, 8)).toBe(2);
  });

  it("works on an imported memory with vectors, copies, fills and data segments", () => {
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", { minimumPages: 1 });
    builder.data(70_000 - 65_536, Uint8Array.of(1, 2, 3, 4));
    builder.addFunction(
      "double",
      { parameters: ["i32"], results: [] },
      (code) => {
        const p = code.parameter(0);
        code.get(p).get(p).load("v128.load", 16).f64x2Const(2).op("f64x2.mul").store("v128.store", 32);
        code.get(p).i32Const(64).op("i32.add").get(p).i32Const(32).memoryCopy();
        code.get(p).i32Const(7).i32Const(8).memoryFill();
      },
      { exported: true },
    );
    const memory = new WebAssembly.Memory({ initial: 2 });
    const doubles = new Float64Array(memory.buffer);
    doubles.set([0, 0, 1.5, -3], 0);
    instantiate(builder, memory).double(0);
    expect([...doubles.subarray(1, 6)]).toEqual([0, 1.5, -3, 3, -6]);
    expect([...doubles.subarray(9, 12)]).toEqual([0, 1.5, -3]);
    expect([...new Uint8Array(memory.buffer, 0, 9)]).toEqual([7, 7, 7, 7, 7, 7, 7, 7, 0]);
    expect([...new Uint8Array(memory.buffer, 4464, 4)]).toEqual([1, 2, 3, 4]);
  });

  it("imports a shared memory", () => {
    const builder = new ModuleBuilder();
    builder.importMemory("env", "memory", { minimumPages: 1, shared: { maximumPages: 300 } });
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 300, shared: true });
    expect(() => instantiate(builder, memory)).not.toThrow();
  });

  it("writes one type for equal signatures and takes bodies above 16 KiB", () => {
    const builder = new ModuleBuilder();
    const body = (rounds: number) => () => {
      builder.addFunction(
        `f${rounds}`,
        { parameters: ["f64"], results: ["f64"] },
        (code) => {
          code.get(code.parameter(0));
          for (let i = 0; i < rounds; i++) code.f64Const(1).op("f64.add");
        },
        { exported: true },
      );
    };
    body(20_000)();
    const size = builder.toBytes().length;
    body(1)();
    const { f20000, f1 } = instantiate(builder);
    expect(f20000(0)).toBe(20_000);
    expect(f1(0)).toBe(1);
    expect(builder.toBytes().length - size).toBeLessThan(30);
  });
});
