import { describe, expect, it } from "vitest";
import { compileNeuron } from "../compile.ts";

const compile = (equations: string, parameters: Record<string, number> = {}) =>
  compileNeuron({ name: "n", equations, parameters });

describe("checkNeuron", () => {
  it.each([
    ["x = basline", { baseline: 1 }, "unknown-name", 'Did you mean "baseline"?'],
    ["x = sigmod(1)", {}, "unknown-function", 'Did you mean "sigmoid"?'],
    ["x = tanh", {}, "unknown-name", '"tanh" is a function: write tanh(…).'],
    ["x = tau(1)", { tau: 1 }, "unknown-function", "Write tau * (…) for a product."],
    ["x = clip(1, 2)", {}, "argument-count", "Write clip(x, low, high)."],
    ["t = 1", {}, "reserved-name", 'Choose another name, e.g. "t_0".'],
    ["tau = 1", { tau: 1 }, "assigned-parameter", "rename the variable"],
    ["x = 1 : exponental", {}, "unknown-flag", 'Did you mean "exponential"?'],
    ["x = 1 : exponential", {}, "flag-on-wrong-thing", "write an ODE with dx/dt"],
    ["x = 1 : postsynaptic", {}, "flag-on-wrong-thing", "It belongs to synapse equations."],
    ["x = 1 : init", {}, "bad-flag", "Write init=0"],
    ["x = 1 : min=0, min=1", {}, "repeated-flag", ""],
    ["x = 1 : min=0\nx = 2 : min=1", {}, "repeated-flag", "Give it on one of them."],
    ["x = 1\nm = x : population", {}, "wrong-locality", "Reduce it: mean(x)"],
    ["x = 1\nm = mean(3) ", {}, "bad-reduction", "Known here: x"],
    ["m = sum(exc) : population", {}, "wrong-locality", "take its mean"],
    ["w = 1 : prune=0", {}, "flag-on-wrong-thing", 'It belongs to the line of "w" in synapse equations.'],
    ["x = pre.r", {}, "member-in-neuron", "a neuron reads its input as sum(target)"],
    ["dx/dt * dx/dt = 1", {}, "nonlinear-gradient", 'Bring the line to the form "tau * dx/dt = …".'],
    ["dx/dt = -x^2 : exponential", {}, "not-affine", "Use explicit, midpoint or rk4"],
    ["dx/dt = -x*y : implicit\ndy/dt = x : implicit", {}, "not-affine", "Use explicit, midpoint or rk4"],
    ["dx/dt = -y : implicit\ndy/dt = x : rk4", {}, "mixed-methods", "Give coupled ODEs one method"],
    ["dx/dt = 1\ndx/dt = 2", {}, "two-odes", "Add their right sides"],
    ["x = sum(1)", {}, "bad-target", "Write sum(exc)"],
    ["", {}, "no-equations", "Write at least one line"],
  ])("refuses %j", (text, parameters, code, hint) => {
    expect(() => compile(text, parameters as Record<string, number>)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(hint) }),
    );
  });

  it("shows a misspelt name with its line, a caret and the known names", () => {
    expect(() => compile("tau*dx/dt + x = basline", { tau: 10, baseline: 1 })).toThrow(
      [
        'neuron "n": unknown name "basline"',
        "  tau*dx/dt + x = basline",
        "                  ^^^^^^^",
        '  Did you mean "baseline"? Known here: tau, baseline, x, t, dt, pi.',
      ].join("\n"),
    );
  });

  it("makes two draws of two occurrences of Uniform(0, 1)", () => {
    expect(compile("x = Uniform(0, 1) - Uniform(0, 1)").randoms.map((r) => r.name)).toEqual([
      "uniform:0",
      "uniform:1",
    ]);
  });

  it("lists targets, reductions and variables", () => {
    const model = compile("x = sum(exc) + sum(inh)\nm = mean(x) + max(x) : population\nr = x - mean(x) + m");
    expect(model.targets).toEqual(["exc", "inh"]);
    expect(model.reductions.map((r) => r.name)).toEqual(["mean:x", "max:x"]);
    expect(model.variables.map((v) => [v.name, v.locality])).toEqual([
      ["x", "unit"],
      ["m", "population"],
      ["r", "unit"],
    ]);
  });
});
