import { describe, expect, it } from "vitest";
import loadWabt from "wabt";
import { FunctionBuilder, type ValueType } from "./function-builder.ts";
import { ModuleBuilder } from "./module-builder.ts";
import { OPCODES, type Opcode } from "./opcodes.ts";

const wabt = await loadWabt();

/** Written by the builder's own methods, tested as modules in module-builder.test.ts. */
const CONTROL = new Set<Opcode>(["block", "loop", "if", "else", "end"]);

/** The same instruction in the text format and through the builder; `unreachable` before it stands for any operands. */
const SPECIAL: Partial<Record<Opcode, [text: string, write: (code: FunctionBuilder) => void]>> = {
  br: ["br 0", (code) => code.br(0)],
  br_if: ["br_if 0", (code) => code.brIf(0)],
  call: ["call 0", (code) => code.call({ index: 0, name: "f" })],
  "local.get": ["local.get 1", (code) => code.get({ index: 1, type: "i32" })],
  "local.set": ["local.set 1", (code) => code.set({ index: 1, type: "i32" })],
  "local.tee": ["local.tee 1", (code) => code.tee({ index: 1, type: "i32" })],
  "i32.const": ["i32.const -123456", (code) => code.i32Const(-123456)],
  "i64.const": ["i64.const -81985529216486896", (code) => code.i64Const(-81985529216486896n)],
  "f32.const": ["f32.const -0.1", (code) => code.f32Const(-0.1)],
  "f64.const": ["f64.const -0.1", (code) => code.f64Const(-0.1)],
  "v128.const": ["v128.const f64x2 0.1 0.1", (code) => code.f64x2Const(0.1)],
  "i8x16.shuffle": [
    "i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 31",
    (code) => code.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 31]),
  ],
  "memory.copy": ["memory.copy", (code) => code.memoryCopy()],
  "memory.fill": ["memory.fill", (code) => code.memoryFill()],
  "memory.size": ["memory.size", (code) => code.memorySize()],
  "memory.grow": ["memory.grow", (code) => code.memoryGrow()],
};

function sample(name: Opcode): [text: string, write: (code: FunctionBuilder) => void] {
  const special = SPECIAL[name];
  if (special) return special;
  if (/(load|store)\d+_lane$/.test(name)) {
    return [`${name} offset=300 align=1 1`, (code) => code.loadLane(name, 1, 300)];
  }
  if (/\.(load|store)/.test(name)) return [`${name} offset=300 align=1`, (code) => code.load(name, 300)];
  if (/_lane/.test(name)) return [`${name} 1`, (code) => code.lane(name, 1)];
  return [name, (code) => code.op(name)];
}

/** Local declarations and instructions of the only function of the module. */
function codeEntry(text: string): number[] {
  const source = `(module (memory 1) (func (local i32 i32) unreachable ${text} unreachable))`;
  const module = wabt.parseWat("row.wat", source, { simd: true, sat_float_to_int: true, bulk_memory: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  // Code is the last section: its id, its length, one entry, the length of that, the entry. All below 128 bytes.
  const entry = buffer.lastIndexOf(0x0b);
  const start = findLastSection(buffer);
  return [...buffer.subarray(start, entry + 1)];
}

function findLastSection(buffer: Uint8Array): number {
  let position = 8;
  while (buffer[position] !== 10) position += 2 + buffer[position + 1];
  return position + 4;
}

describe("OPCODES", () => {
  const names = (Object.keys(OPCODES) as Opcode[]).filter((name) => !CONTROL.has(name));

  it.each(names)("%s has the bytes that wabt gives it", (name) => {
    const [text, write] = sample(name);
    const code = new FunctionBuilder([]);
    code.local("i32");
    code.local("i32");
    code.op("unreachable");
    write(code);
    code.op("unreachable");
    expect(code.toBytes()).toEqual(codeEntry(text));
  });

  it("has no two names for the same bytes", () => {
    const codes = Object.values(OPCODES).map(String);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe("FunctionBuilder", () => {
  it("nests blocks, loops and ifs as the text format does", () => {
    const code = new FunctionBuilder([]);
    code.local("i32");
    code.local("i32");
    code.op("unreachable");
    code.block(() => code.loop(() => code.i32Const(1).if(() => code.br(2))));
    code.i32Const(0).if(
      () => code.f64Const(1),
      () => code.f64Const(2),
      "f64",
    );
    code.drop().op("unreachable");
    const text =
      "block loop i32.const 1 if br 2 end end end " +
      "i32.const 0 if (result f64) f64.const 1 else f64.const 2 end drop";
    expect(code.toBytes()).toEqual(codeEntry(text));
  });

  it.each([0, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1])(
    "writes the 32-bit constant %d as wabt does",
    (n) => {
      const code = new FunctionBuilder([]);
      code.local("i32");
      code.local("i32");
      code.op("unreachable").i32Const(n).op("unreachable");
      expect(code.toBytes()).toEqual(codeEntry(`i32.const ${n}`));
    },
  );

  it.each<ValueType>(["i32", "i64", "f32", "f64", "v128"])(
    "declares locals and parameters of type %s",
    (type) => {
      const module = new ModuleBuilder();
      module.addFunction("f", { parameters: [type], results: [type] }, (code) => {
        const [a, other, b] = [code.local(type), code.local("i32"), code.local(type)];
        code.get(code.parameter(0)).set(a).get(a).tee(b).drop().i32Const(1).set(other).get(b);
      });
      expect(WebAssembly.validate(module.toBytes() as BufferSource)).toBe(true);
    },
  );
});
