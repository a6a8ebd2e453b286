import { describe, expect, it } from "vitest";
import { compileSynapse } from "../compile.ts";

const visit = (equations: string) => {
  const parameters = { eta: 0.01, mu: 0.1, tau: 20, theta: 1, high: 1, a: 1 };
  const { order, guard } = compileSynapse({ name: "s", parameters, equations });
  return { order, guard };
};

const STDP = "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev)";

describe("visitOrder", () => {
  it.each([
    ["STDP", `${STDP} : min=0, max=1, prune=1e-10`, "post", ["x", "x_prev"]],
    ["inhibitory STDP", "w -= eta * pre.y_prev * (1 - post.x * (1 + 1/mu)) : max=1", "pre", ["y_prev"]],
    ["Hebb", "w += eta * pre.r * post.r", "post", ["r"]],
    ["Oja", "w += eta * post.r * (pre.r - post.r * w)", "post", ["r"]],
    ["BCM", "w += eta * post.r * (post.r - post.theta) * pre.r : min=0", "post", ["r"]],
    ["presynaptic decay", "w -= eta * pre.r * w", "pre", ["r"]],
    ["weight dependence", "w += eta * post.x * pre.x * (high - w)^mu", "post", ["x"]],
    ["an ODE", "tau * dw/dt = pre.r * post.r", "post", ["r"]],
    ["an ODE, exponential", "tau * dw/dt = post.r * (pre.r - w * post.r) : exponential", "post", ["r"]],
    ["an ODE, implicit", "tau * dw/dt = post.r * (pre.r - w * post.r) : implicit", "post", ["r"]],
    ["an ODE, midpoint", "tau * dw/dt = post.r * (pre.r - w * post.r) : midpoint", "post", ["r"]],
    ["an ODE, rk4", "tau * dw/dt = post.r * (pre.r - w * post.r) : rk4", "post", ["r"]],
    ["a condition", "w += if post.x > 0.5 and pre.x > 0: eta else: 0", "post", ["x"]],
    ["a condition with or", "w += ite(post.x > 0.5 or post.y != 0, eta * pre.x, 0)", "post", ["x", "y"]],
    ["a product of truth values", "w += eta * (post.x > 0) * w", "post", ["x"]],
    ["growth by a factor", "w *= 1 + eta * post.x", "post", ["x"]],
    ["division by a factor", "w /= 1 + eta * post.x", "post", ["x"]],
    ["functions of zero", "w += eta * (exp(post.x) - 1 + tanh(post.y)) * pre.r", "post", ["x", "y"]],
    ["a variable of the synapse", "d = pre.x * post.x\nw += eta * d", "post", []],
    ["a copy that does not stay", "last = w\nw += eta * post.x", "post", []],
    ["a name that is not needed", "w += eta * post.x * (post.y - 1) * pre.r", "post", ["x"]],
    ["two names where one is enough", "w += eta * post.x * post.y", "post", ["x"]],
    ["time", "w += eta * cos(t) * post.x", "post", ["x"]],
    ["a clamp that a parameter gives", "w += eta * post.x : min=0, max=high * a", "post", ["x"]],
    ["a clamp that moves", "w += eta * pre.x * post.x : max=post.top", "post", []],
    ["a difference that cancels", "w += eta * pre.x * (post.x - post.x) + eta * post.y", "post", ["y"]],
    ["decay", "w -= eta * w", "post", []],
    ["a trace", "tau * dz/dt = pre.x - z\nw += eta * z * post.x", "post", []],
    ["a sum of both sides", "w += eta * (pre.x + post.x)", "post", []],
    ["a quotient by state", "w += eta * post.x / pre.x", "pre", []],
    ["a logarithm of state", "w += eta * post.x * log(w)", "post", []],
    ["a quotient by a parameter", "w += post.x * pre.x / tau", "post", ["x"]],
  ])("%s: %s", (_, equations, order, guard) => {
    expect(visit(equations)).toEqual({ order: guard.length === 0 ? "post" : order, guard });
  });

  it("stays quick where the written-out tree would be endless", () => {
    const squares = Array.from({ length: 60 }, () => "z = z * z + post.x").join("\n");
    expect(visit(`${squares}\nw += eta * post.x * z`).guard).toEqual([]);
  });
});
