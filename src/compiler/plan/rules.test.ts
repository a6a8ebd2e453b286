import { describe, expect, it } from "vitest";
import { compileNeuron } from "../compile.ts";
import { interpretPopulation } from "../emit/interpret/population.ts";
import { MathLibrary } from "../emit/wasm/math/math-library.ts";
import { ModuleBuilder } from "../emit/wasm/module-builder.ts";
import { emitPopulation } from "../emit/wasm/population.ts";
import { buildKernel } from "../ir/build.ts";
import { SCALAR, UNIT } from "../ir/kernel.ts";
import { activeParameter } from "./active.ts";
import type { PlannedModel } from "./plan.ts";

const PARAMETERS = { eta: 0.25, h: 0.5, tau: 10 };
const compile = (equations: string, plasticity: Record<string, string> = {}) =>
  compileNeuron({ name: "n", parameters: PARAMETERS, equations, plasticity });

const UNITS = 4;
type State = Record<string, readonly number[]>;

/** Variables after `steps` steps with dt = 1, by the interpreter and by the kernel. */
function run(model: PlannedModel, start: State, { active = {} as Record<string, number>, steps = 1 } = {}) {
  const switches = Object.entries(active).map(([rule, value]) => [activeParameter(rule), value]);
  const numbers: Record<string, number> = { ...PARAMETERS, ...Object.fromEntries(switches) };
  const kernel = buildKernel(model, { dt: 1, batched: false, parameterShapes: {}, targets: ["in"] });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const addresses = new Map<string, number>();
  const address = (slot: string) => {
    if (!addresses.has(slot)) addresses.set(slot, 32 * addresses.size);
    return addresses.get(slot)!;
  };
  const values = (slot: string) => new Float64Array(memory.buffer, address(slot), UNITS);
  const fill = () => {
    new Uint8Array(memory.buffer).fill(0);
    for (const p of model.parameters) values(`parameter:${p}`).fill(numbers[p]);
    for (const [slot, list] of Object.entries(start)) values(slot).set(list);
  };
  const read = () =>
    Object.fromEntries(model.variables.map(({ name }) => [name, [...values(`variable:${name}`)]]));
  const module = new ModuleBuilder();
  module.importMemory("t", "memory");
  const math = new MathLibrary(module, "f64");
  emitPopulation(kernel, { module, math, precision: "f64", name: "n", units: UNITS, stride: 1, address });
  const compiled = new WebAssembly.Module(module.toBytes() as BufferSource);
  const exports = new WebAssembly.Instance(compiled, { t: { memory } }).exports as Record<
    string,
    () => number
  >;
  fill();
  exports["n.prepare"]();
  for (let k = 0; k < steps; k++) exports["n.update"]();
  const printed = read();
  fill();
  const interpreter = interpretPopulation({
    model,
    dt: 1,
    units: UNITS,
    instances: 1,
    stride: 1,
    flushBelow: 1e-290,
    targets: ["in"],
    slot: (name) => ({ values: values(name), shape: name.startsWith("parameter:") ? SCALAR : UNIT }),
  });
  for (let k = 0; k < steps; k++) interpreter();
  return { printed, interpreted: read() };
}

const NEURON = "x_prev = x\nx = sum(in) - T >= 0";
const IP = { ip: "T += eta * (x - h) : init=0.5, min=0, max=1" };
const START: State = {
  "sum:in": [0.9, 0.9, 0.1, 0.1],
  "variable:T": [0.5, 1, 0.5, 0],
  "variable:x": [0, 1, 0, 1],
};

describe("a rule of a neuron", () => {
  it("runs after the equations while it is active", () => {
    const { printed, interpreted } = run(compile(NEURON, IP), START, { active: { ip: 1 } });
    expect(printed).toEqual({ x_prev: [0, 1, 0, 1], x: [1, 0, 0, 1], T: [0.625, 0.875, 0.375, 0.125] });
    expect(interpreted).toEqual(printed);
  });

  it("leaves its variables bit for bit while frozen, even outside their clamps", () => {
    const start = { ...START, "variable:T": [0.3, 7, -3, 1 / 3] };
    const { printed, interpreted } = run(compile(NEURON, IP), start, { active: { ip: 0 }, steps: 5 });
    expect(printed.T).toEqual([0.3, 7, -3, 1 / 3]);
    expect(interpreted).toEqual(printed);
  });

  it("is frozen by its own switch alone, and sees what rules before it did", () => {
    const rules = { first: "T += 1", second: "T *= 2\ng = T" };
    const model = compile(`${NEURON}\nT += 0.5`, rules);
    expect(model.rules).toEqual(["first", "second"]);
    expect(model.parameters).toEqual(["eta", "h", "tau", "active(first)", "active(second)"]);
    const start = { "variable:T": [0, 0, 0, 0], "sum:in": [0, 0, 0, 0] };
    for (const [first, second, T, g] of [
      [1, 1, 3, 3],
      [0, 1, 1, 1],
      [1, 0, 1.5, 0],
      [0, 0, 0.5, 0],
    ]) {
      const { printed, interpreted } = run(model, start, { active: { first, second } });
      expect([printed.T[0], printed.g[0]]).toEqual([T, g]);
      expect(interpreted).toEqual(printed);
    }
  });

  it("is a block of its own: frozen or not, it does not change how the equations are integrated", () => {
    const model = compile("tau * dx/dt = -x - g : midpoint", { slow: "tau * dg/dt = x - g : midpoint" });
    const alone = compile("tau * dx/dt = -x - g : midpoint\ng = g");
    const start = { "variable:x": [1, 2, 3, 4], "variable:g": [4, 3, 2, 1] };
    const frozen = run(model, start, { active: { slow: 0 } }).printed;
    expect(frozen).toEqual(run(alone, start).printed);
    expect(run(model, start, { active: { slow: 1 } }).printed.x).toEqual(frozen.x);
  });

  it("keeps the draws of the equations what they are without it", () => {
    const model = compile("x = Uniform(0, 1)", { noisy: "T += Uniform(0, 1)" });
    expect(model.randoms.map((r) => r.name)).toEqual(["uniform:0", "uniform:1"]);
  });

  it.each([
    ["T += h2", "unknown-name", 'neuron "n", rule "ip": unknown name "h2"'],
    ["\n\nT += h2", "unknown-name", 'neuron "n", rule "ip", line 3: unknown name "h2"'],
    ["T += 1 : prune=0", "flag-on-wrong-thing", 'It belongs to the line of "w" in synapse equations.'],
    ["T += 1 : max=1, max=2", "repeated-flag", 'rule "ip"'],
    ["x = 1 : min=0", "repeated-flag", "Give it on one of them."],
    ["dT/dt = -T*T : exponential", "not-affine", 'neuron "n", rule "ip": the exponential method'],
    ["h = 1", "assigned-parameter", 'rule "ip"'],
    ["g += 1", "foreign-variable", '"g" belongs to the rule "gain"'],
    ["# nothing", "no-equations", 'rule "ip": the rule has no equations'],
  ])("refuses %j and says where", (text, code, message) => {
    expect(() => compile("x = sum(in) : min=1", { gain: "g = 1", ip: text })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});

describe("binary variables", () => {
  it.each([
    ["a threshold", "x = sum(in) > h", ["x"]],
    ["a copy", "x_prev = x\nx = sum(in) > h", ["x_prev", "x"]],
    ["a choice of 0 and 1", "x = if sum(in) > h: 1 else: 0", ["x"]],
    ["products and complements", "x = sum(in) > h\ny = x * (1 - x)\nz = min(x, y) : max=1", ["x", "y", "z"]],
    ["a truth value at the start", "x = sum(in) > h : init=Uniform(0, 1) < h", ["x"]],
    ["1 at the start", "x = sum(in) > h : init=1", ["x"]],
    ["another start", "x = sum(in) > h : init=h\ny = x", []],
    ["a sum of truth values", "x = (sum(in) > h) + (sum(in) > 0)", []],
    ["a second line", "x = sum(in) > h\nx *= 0.5\ny = x", []],
    ["a clamp by a parameter", "x = sum(in) > h : max=h", []],
    ["one value for all", "x = t > 3 : population", []],
    ["an ODE", "tau * dx/dt = -x", []],
  ])("%s: %s", (_, equations, binary) => {
    expect(compile(equations).binary).toEqual(binary);
  });

  it("may be stored by rules, frozen or not", () => {
    expect(compile(NEURON, { ...IP, hold: "x = x_prev" }).binary).toEqual(["x_prev", "x"]);
  });
});
