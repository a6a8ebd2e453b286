import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSynapse } from "../../compile.ts";
import type { PlannedSynapse } from "../../plan/synapse.ts";
import { interpretSynapse } from "./synapse.ts";

type Values = Record<string, number>;
const PARAMETERS: Values = { eta: 0.25, mu: 0.5, tau: 20, high: 1 };
const compile = (equations: string) => compileSynapse({ name: "s", parameters: PARAMETERS, equations });

/** One update with dt = 0.5 at t = 3; values by name, `pre.x` and the like included. */
function update(synapse: PlannedSynapse, values: Values): Values {
  const after: Values = {};
  interpretSynapse(synapse, { dt: 0.5, flushBelow: 1e-290 })(
    (kind, name) => {
      if (kind === "time") return 3;
      if (kind === "parameter") return PARAMETERS[name];
      return values[kind === "variable" ? name : `${kind}.${name}`];
    },
    (name, value) => {
      after[name] = value;
    },
  );
  return after;
}

const STDP = "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : min=0, max=1, prune=1e-10";
const ISTDP = "w -= eta * pre.y_prev * (1 - post.x * (1 + 1/mu)) : min=0.0625, max=1";

describe("interpretSynapse", () => {
  it.each([
    ["STDP, pre before post", STDP, { w: 0.5, "pre.x_prev": 1, "post.x": 1 }, { w: 0.75 }],
    ["STDP, post before pre", STDP, { w: 0.5, "pre.x": 1, "post.x_prev": 1 }, { w: 0.25 }],
    ["STDP, both at once", STDP, { w: 0.5, "pre.x": 1, "post.x": 1 }, { w: 0.5 }],
    ["STDP, at the top", STDP, { w: 0.875, "pre.x_prev": 1, "post.x": 1 }, { w: 1 }],
    ["STDP, at the bottom", STDP, { w: 0.125, "pre.x": 1, "post.x_prev": 1 }, { w: 0 }],
    ["inhibitory STDP, silent target", ISTDP, { w: 0.5, "pre.y_prev": 1 }, { w: 0.25 }],
    ["inhibitory STDP, floor", ISTDP, { w: 0.125, "pre.y_prev": 1 }, { w: 0.0625 }],
    ["inhibitory STDP, active target", ISTDP, { w: 0.25, "pre.y_prev": 1, "post.x": 1 }, { w: 0.75 }],
    ["Oja", "w += eta * post.r * (pre.r - post.r * w)", { w: 0.5, "pre.r": 2, "post.r": 3 }, { w: 0.875 }],
    ["time and step", "w += t * dt", { w: 1 }, { w: 2.5 }],
    [
      "lines that see fresh values",
      "z = w + pre.x\nw = 2 * z\nz += w",
      { w: 1, "pre.x": 3 },
      { w: 8, z: 12 },
    ],
    ["ODEs that see old values", "dz/dt = w\ndw/dt = z", { w: 1, z: 3 }, { w: 2.5, z: 3.5 }],
    ["a tiny value", "w *= 0.5", { w: 1.5e-290 }, { w: 0 }],
  ])("computes %s by hand", (_, equations, values, expected) => {
    const silent = { "pre.x": 0, "pre.x_prev": 0, "post.x": 0, "post.x_prev": 0, "pre.y_prev": 0, z: 0 };
    expect(update(compile(equations), { ...silent, ...(values as Values) })).toEqual(expected);
  });

  it("says whether what it wrote is finite", () => {
    const run = interpretSynapse(compile("w = 1 / w"), { dt: 1, flushBelow: 0 });
    expect(
      run(
        () => 2,
        () => {},
      ),
    ).toBe(true);
    expect(
      run(
        () => 0,
        () => {},
      ),
    ).toBe(false);
  });
});

describe("a guard", () => {
  const finite = fc.double({ min: -4, max: 4, noNaN: true }).map((x) => (Object.is(x, -0) ? 0 : x));

  it.each([
    [STDP],
    [ISTDP],
    ["w += eta * pre.r * post.r"],
    ["w += eta * post.r * (pre.r - post.r * w)"],
    ["w += eta * post.r * (post.r - post.theta) * pre.r : min=0"],
    ["w -= eta * pre.r * w : prune=0"],
    ["w += eta * post.x * pre.x * (high - w)^mu : min=0, max=high"],
    ["tau * dw/dt = post.r * (pre.r - w * post.r) : exponential"],
    ["tau * dw/dt = post.r * (pre.r - w * post.r) : implicit"],
    ["tau * dw/dt = post.r * (pre.r - w * post.r) : rk4"],
    ["w += ite(post.x > 0.5 or post.y != 0, eta * pre.x, 0)"],
    ["w += eta * (exp(post.x) - 1 + tanh(post.y) + (post.x > 0)) * cos(pre.r)"],
    ["w *= 1 + eta * post.x\nw /= 1 + eta * post.x * t"],
  ])("of %j at 0 leaves every bit of the synapse as it was", (equations) => {
    const synapse = compile(equations);
    const { order, guard } = synapse;
    expect(guard.length).toBeGreaterThan(0);
    const names = [...synapse.pre.map((n) => `pre.${n}`), ...synapse.post.map((n) => `post.${n}`)];
    const states = fc.record(Object.fromEntries(names.map((name) => [name, finite])));
    // A weight lies within its clamps.
    const weights = fc.double({ min: 0.0625, max: 1, noNaN: true });
    fc.assert(
      fc.property(states, weights, (values, w) => {
        const quiet = Object.fromEntries(guard.map((name) => [`${order}.${name}`, 0]));
        expect(update(synapse, { ...values, ...quiet, w })).toEqual({ w });
      }),
      { numRuns: 50 },
    );
  });
});
