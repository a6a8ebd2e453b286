import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { compileSynapse } from "../../compile.ts";
import type { SynapseValue } from "../../ir/synapse.ts";
import type { PlannedSynapse } from "../../plan/synapse.ts";
import { interpretSynapse } from "../interpret/synapse.ts";
import { FLUSH_BELOW } from "./body-printer.ts";
import { MathLibrary, type Precision } from "./math/math-library.ts";
import { ModuleBuilder } from "./module-builder.ts";
import type { Opcode } from "./opcodes.ts";
import { prepareSynapse, printSynapse } from "./synapse.ts";
import { LANES, pushConstant } from "./vector-operations.ts";

const PARAMETERS: Record<string, number> = { eta: 0.01, mu: 0.1, tau: 20, tauZ: 3.7, high: 1.5, theta: 0.4 };
const DT = 0.5;
const TIME = 12.5;

/** A few synapses with the neurons at their ends; every array holds one number per synapse. */
interface Synapses {
  count: number;
  read(kind: SynapseValue, name: string): Float64Array;
}

function randomSynapses(synapse: PlannedSynapse, count: number, seed: number): Synapses {
  const rng = createRng(seed).stream("synapses");
  const values = new Map<string, Float64Array>();
  const fill = (key: string, draw: () => number) =>
    values.set(
      key,
      Float64Array.from({ length: count }, () => Math.fround(draw())),
    );
  for (const v of synapse.variables) fill(`variable ${v.name}`, () => rng.uniform());
  for (const side of ["pre", "post"] as const)
    for (const name of synapse[side]) fill(`${side} ${name}`, () => 2 * rng.uniform() - 1);
  for (const p of synapse.parameters) fill(`parameter ${p}`, () => PARAMETERS[p]);
  fill("time t", () => TIME);
  return { count, read: (kind, name) => values.get(`${kind} ${name}`)! };
}

/** Every variable after one update, by the interpreter; synapse by synapse. */
function interpreted(synapse: PlannedSynapse, synapses: Synapses, precision: Precision = "f64") {
  const out = new Map(synapse.variables.map((v) => [v.name, new Float64Array(synapses.count)]));
  const update = interpretSynapse(synapse, { dt: DT, flushBelow: FLUSH_BELOW[precision] });
  const finite = Array.from({ length: synapses.count }, (_, k) =>
    update(
      (kind, name) => synapses.read(kind, name)[k],
      (name, value) => {
        out.get(name)![k] = value;
      },
    ),
  );
  return { out, finite };
}

/** The same by a module that runs the printed update over all synapses, one at a time or a vector at a time. */
function printed(
  synapse: PlannedSynapse,
  synapses: Synapses,
  {
    precision = "f64",
    wide = false,
    prepare = false,
  }: { precision?: Precision; wide?: boolean; prepare?: boolean } = {},
) {
  const { bytes, count: lanes, prefix } = LANES[precision];
  const slots = new Map<string, number>();
  const address = (key: string) => {
    if (!slots.has(key)) slots.set(key, 16 + slots.size * synapses.count * bytes);
    return slots.get(key)!;
  };
  const module = new ModuleBuilder();
  module.importMemory("t", "memory");
  const math = new MathLibrary(module, precision);
  module.addFunction(
    "update",
    { parameters: [], results: ["i32"] },
    (code) => {
      const context = { code, math, precision, scratch: () => code.local("v128") };
      const flag = code.local("v128");
      const at = code.local("i32");
      const splat = bytes === 8 ? "v128.load64_splat" : "v128.load32_splat";
      const load = (kind: SynapseValue, name: string) =>
        void code.get(at).load(wide ? "v128.load" : splat, address(`${kind} ${name}`));
      pushConstant(context, 0);
      code.set(flag);
      const prepared = prepare ? prepareSynapse(synapse, context, { dt: DT }, { load }) : undefined;
      code.loop(() => {
        printSynapse(
          synapse,
          context,
          { dt: DT, flag, ...(prepared ? { prepared } : {}) },
          {
            load,
            store: (name, value) => {
              code.get(at).get(value);
              const to = address(`variable ${name}`);
              if (wide) code.store("v128.store", to);
              else code.storeLane(bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", 0, to);
            },
          },
        );
        code
          .get(at)
          .i32Const(wide ? bytes * lanes : bytes)
          .op("i32.add")
          .tee(at);
        code
          .i32Const(synapses.count * bytes)
          .op("i32.lt_u")
          .brIf(0);
      });
      code
        .get(flag)
        .get(flag)
        .op(`${prefix}.ne` as Opcode)
        .op("v128.any_true");
    },
    { exported: true },
  );
  const memory = new WebAssembly.Memory({ initial: 8 });
  const view = (at: number) =>
    new (precision === "f64" ? Float64Array : Float32Array)(memory.buffer, at, synapses.count);
  const compiled = new WebAssembly.Module(module.toBytes() as BufferSource);
  const { exports } = new WebAssembly.Instance(compiled, { t: { memory } });
  for (const [key, at] of slots) {
    const [kind, name] = key.split(" ");
    view(at).set(synapses.read(kind as SynapseValue, name));
  }
  const notFinite = (exports.update as () => number)();
  const out = new Map(
    synapse.variables.map((v) => [v.name, Float64Array.from(view(address(`variable ${v.name}`)))]),
  );
  return { out, notFinite };
}

const compile = (equations: string) => compileSynapse({ name: "s", parameters: PARAMETERS, equations });

const EXACT: [name: string, equations: string][] = [
  ["STDP", "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : min=0, max=high, prune=1e-10"],
  ["inhibitory STDP", "w -= eta * pre.y_prev * (1 - post.x * (1 + 1/mu)) : min=0.001, max=1"],
  ["Hebb", "w += eta * pre.r * post.r : min=0"],
  ["Oja", "w += eta * post.r * (pre.r - post.r * w)"],
  ["BCM", "w += eta * post.r * (post.r - post.theta) * pre.r : min=0"],
  ["decay", "w -= eta * w"],
  [
    "traces",
    "tau * dz/dt = pre.x - z\ntauZ * dy/dt = post.x - y : implicit\nw += eta * (z * post.x - y * pre.x)",
  ],
  ["fresh values", "z = w + pre.x\nw = z * 2 - w\nlast = w / (1 + z * z)"],
  ["an ODE", "tau * dw/dt = pre.r * post.r - theta * w : rk4\nz = w : max=post.r"],
  ["conditions", "w += if post.x > theta and not (pre.x < 0 or w == 0): eta * t else: -eta * dt : min=0"],
];
const WITH_FUNCTIONS: [name: string, equations: string][] = [
  [
    "exponential traces",
    "tau * dz/dt = pre.x - z : exponential\nw += eta * z * exp(-z / tauZ) * tanh(post.x)",
  ],
  ["a power", "w += eta * post.x * pre.x * (high - w)^mu : min=0, max=high"],
  ["logarithm and sine", "w += eta * log(w + 1) * sin(t / tau) * post.x : min=0"],
];

describe.each([
  ["one at a time", {}],
  ["one at a time, prepared", { prepare: true }],
  ["a vector at a time", { wide: true }],
  ["a vector at a time, prepared", { wide: true, prepare: true }],
])("printSynapse, %s", (_, how) => {
  it.each([...EXACT, ...WITH_FUNCTIONS])("gives the interpreter's bits: %s", (_name, equations) => {
    const synapse = compile(equations);
    const synapses = randomSynapses(synapse, 64, 7);
    const { out, notFinite } = printed(synapse, synapses, how);
    expect(out).toEqual(interpreted(synapse, synapses).out);
    expect(notFinite).toBe(0);
  });

  it.each([...EXACT, ...WITH_FUNCTIONS])("gives single precision's digits: %s", (_name, equations) => {
    const synapse = compile(equations);
    const synapses = randomSynapses(synapse, 64, 7);
    const { out } = printed(synapse, synapses, { ...how, precision: "f32" });
    for (const [name, values] of interpreted(synapse, synapses, "f32").out) {
      values.forEach((value, k) => {
        expect(Math.abs(out.get(name)![k] - value)).toBeLessThan(4e-6);
      });
    }
  });
});

describe("printSynapse", () => {
  it("tells of a stored value that is not finite, as the interpreter does", () => {
    const synapse = compile("w += eta * post.x / pre.x");
    const synapses = randomSynapses(synapse, 8, 1);
    expect(printed(synapse, synapses).notFinite).toBe(0);
    synapses.read("pre", "x")[5] = 0;
    expect(printed(synapse, synapses).notFinite).toBe(1);
    expect(interpreted(synapse, synapses).finite).toEqual([true, true, true, true, true, false, true, true]);
  });

  it.each([false, true])(
    "keeps what no bound holds, and NaN, at constant bounds (a vector at a time: %s)",
    (wide) => {
      const synapse = compile("y = min(w, 1)\nz = max(-2, w)\nw = w : min=0.001, max=1");
      const synapses = randomSynapses(synapse, 10, 1);
      const values = [NaN, Infinity, -Infinity, 0, -0, 1, 0.001, 0.5, -2, -2.5];
      synapses.read("variable", "w").set(values);
      const { out } = printed(synapse, synapses, { wide });
      expect(out).toEqual(interpreted(synapse, synapses).out);
      expect([...out.get("w")!]).toEqual([NaN, 1, 0.001, 0.001, 0.001, 1, 0.001, 0.5, 0.001, 0.001]);
    },
  );

  it("stores values nearer to 0 than FLUSH_BELOW as 0", () => {
    const synapse = compile("w *= 0.5");
    const synapses = randomSynapses(synapse, 4, 1);
    synapses.read("variable", "w").set([1e-290, -1e-290, 4e-290, -4e-290]);
    for (const { out } of [printed(synapse, synapses), interpreted(synapse, synapses)])
      expect([...out.get("w")!]).toEqual([0, 0, 2e-290, -2e-290]);
  });

  it("computes all new values before it stores one, and loads each name once", () => {
    const synapse = compile("z = w * pre.x\nw = z + pre.x * post.x + w");
    expect(synapse.variables.map((v) => v.name)).toEqual(["w", "z"]);
    const events: string[] = [];
    const module = new ModuleBuilder();
    module.addFunction("f", { parameters: [], results: [] }, (code) => {
      const context = {
        code,
        math: new MathLibrary(module, "f64"),
        precision: "f64" as const,
        scratch: () => code.local("v128"),
      };
      printSynapse(
        synapse,
        context,
        { dt: 1, flag: code.local("v128") },
        {
          load: (kind, name) => {
            events.push(`${kind} ${name}`);
            pushConstant(context, 0);
          },
          store: (name) => void events.push(`store ${name}`),
        },
      );
    });
    expect(events).toEqual(["variable w", "pre x", "post x", "store w", "store z"]);
  });
});

describe("prepareSynapse", () => {
  it("leaves only what differs between visits to the loop", () => {
    const synapse = compile("tau * dz/dt = pre.x - z : exponential\nw += eta * 2 * z * post.x");
    const loads: string[][] = [];
    const module = new ModuleBuilder();
    module.addFunction("f", { parameters: [], results: [] }, (code) => {
      const math = new MathLibrary(module, "f64");
      const context = { code, math, precision: "f64" as const, scratch: () => code.local("v128") };
      const access = () => {
        const names: string[] = [];
        loads.push(names);
        return {
          load: (kind: SynapseValue, name: string) => {
            names.push(`${kind} ${name}`);
            pushConstant(context, 0);
          },
          store: () => {},
        };
      };
      const outer = prepareSynapse(synapse, context, { dt: 1 }, access());
      const fixed = ["parameter", "time", "post"] as const;
      const prepared = prepareSynapse(synapse, context, { dt: 1, fixed, prepared: outer }, access());
      printSynapse(synapse, context, { dt: 1, flag: code.local("v128"), prepared }, access());
    });
    expect(loads).toEqual([
      ["parameter eta", "parameter tau"],
      ["post x"],
      ["variable w", "variable z", "pre x"],
    ]);
  });
});
