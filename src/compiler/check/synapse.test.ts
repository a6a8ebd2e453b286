import { describe, expect, it } from "vitest";
import { compileSynapse } from "../compile.ts";
import { pruneThreshold, synapseError } from "../plan/synapse.ts";

const compile = (equations: string, parameters: Record<string, number> = {}) =>
  compileSynapse({ name: "s", equations, parameters });

describe("checkSynapse", () => {
  it.each([
    ["w += x * post.x", {}, "unknown-name", "A variable of the neurons is written pre.x or post.x."],
    ["w += eat * post.x", { eta: 1 }, "unknown-name", 'Did you mean "eta"?'],
    [
      "w += per.x",
      {},
      "unknown-name",
      "Write pre.x for the neuron before the synapse, post.x for the one after",
    ],
    ["w += sum(exc)", {}, "sum-in-synapse", 'e.g. "drive = sum(exc)", and read post.drive.'],
    ["w += post.sum(exc)", {}, "syntax", 'e.g. "drive = sum(exc)", and read post.drive.'],
    ["w += mean(w)", {}, "reduction-in-synapse", 'e.g. "m = mean(x)", and read post.m.'],
    ["w += max(w)", {}, "reduction-in-synapse", 'e.g. "m = max(x)", and read post.m.'],
    ["w += Normal(0, 1)", {}, "random-in-synapse", "read pre.xi or post.xi"],
    ["z = 1 : init=Uniform(0, 1)\nw += z", {}, "random-in-synapse", "Draw in the neuron"],
    ["w += sigmod(1)", {}, "unknown-function", 'Did you mean "sigmoid"?'],
    ["w = 1 : population", {}, "flag-on-wrong-thing", "Every synapse has its own value"],
    ["w = 1 : projection", {}, "flag-on-wrong-thing", "make a constant one a parameter"],
    ["w = 1 : postsynaptic", {}, "flag-on-wrong-thing", "read it as post.x"],
    ["w = 1 : event-driven", {}, "flag-on-wrong-thing", "found from the equations"],
    ["w = 1 : init=0.5", {}, "flag-on-wrong-thing", "Drop init="],
    ["z = 1 : prune=0\nw += z", {}, "flag-on-wrong-thing", 'Give prune= on the line of "w"'],
    ["w = 1 : prune", {}, "bad-flag", "Write prune=0"],
    ["w = 1 : prnue=0", {}, "unknown-flag", 'Did you mean "prune"?'],
    ["w = 1 : prune=0, prune=1", {}, "repeated-flag", ""],
    ["w = 1 : prune=0\nw = 2 : prune=1", {}, "repeated-flag", "Give it on one of them."],
    ["w = 1 : prune=post.x", {}, "bad-prune", "Write prune=1e-10"],
    ["w = 1 : prune=t", {}, "bad-prune", "Write prune=1e-10"],
    ["w = 1 : prune=w", {}, "unknown-name", ""],
    ["z = 1 : init=pre.x\nw += z", {}, "bad-initial", "Known here"],
    ["w = 1 : exponential", {}, "flag-on-wrong-thing", "write an ODE with dw/dt"],
    ["dw/dt = w*w : exponential", {}, "not-affine", "Use explicit, midpoint or rk4"],
    ["post.x = 1", {}, "bad-left-side", 'A synapse changes its weight "w"'],
    ["pre.x += w", {}, "bad-left-side", "neurons are changed by their own equations"],
    ["eta = 1\nw += eta", { eta: 1 }, "assigned-parameter", "rename the variable"],
    ["w = 1", { w: 1 }, "assigned-parameter", "rename the variable"],
    ["pre = 1\nw = 1", {}, "reserved-name", 'e.g. "pre_0"'],
    ["z = pre.x * post.x", {}, "no-weight-update", 'Add a line such as "w += eta * pre.r * post.r"'],
    ["", {}, "no-equations", "w += eta * pre.r * post.r"],
  ])("refuses %j", (text, parameters, code, hint) => {
    expect(() => compile(text, parameters as Record<string, number>)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(hint) }),
    );
  });

  it("shows a bare name with its line, a caret and how to write it", () => {
    expect(() => compile("# Hebb\nw += eta * pre.x * x", { eta: 1 })).toThrow(
      [
        'synapse "s", line 2: unknown name "x"',
        "  w += eta * pre.x * x",
        "                     ^",
        "  A variable of the neurons is written pre.x or post.x. " +
          `Did you mean "w"? Known here: eta, w, t, dt, pi.`,
      ].join("\n"),
    );
  });

  it("puts w first, and lists what it reads of the neurons once, in order of appearance", () => {
    const synapse = compile(
      `z = pre.b * post.y : init=eta
       tau * dy/dt + y = post.z + pre.a * pre.b : exponential
       w += eta * y * post.y : max=pre.c`,
      { eta: 0.5, tau: 3 },
    );
    expect(synapse.variables.map((v) => v.name)).toEqual(["w", "z", "y"]);
    expect(synapse.pre).toEqual(["b", "a", "c"]);
    expect(synapse.post).toEqual(["y", "z"]);
    expect(synapse.parameters).toEqual(["eta", "tau"]);
    expect(synapse.variables[1].initial).toEqual({ kind: "symbol", symbol: "parameter", name: "eta" });
  });

  it("takes the method of ODEs from the options", () => {
    const definition = { name: "s", parameters: { tau: 2 }, equations: "tau * dw/dt = -w" };
    const printed = (method: "exponential" | "explicit") =>
      JSON.stringify(compileSynapse(definition, { method }).actions);
    expect(printed("exponential")).toContain("exprel");
    expect(printed("explicit")).not.toContain("exprel");
  });
});

describe("pruneThreshold", () => {
  it("is a number of the parameters", () => {
    const parameters = { eta: 0.5 };
    expect(pruneThreshold(compile("w = 1 : prune=eta / 4", parameters), parameters)).toBe(0.125);
    expect(pruneThreshold(compile("w = 1"), {})).toBeUndefined();
  });
});

describe("synapseError", () => {
  it("shows the first place where a variable of a neuron is read", () => {
    const synapse = compile("# not post.y here\nz = pre.y\nw += z * post.x\nw += post.y * post.x");
    const problem = { code: "unknown-variable", what: `"out" has no variable "y"`, hint: "Known: x." };
    expect(synapseError(synapse, "post", "y", problem).message).toBe(
      [
        'synapse "s", line 4: "out" has no variable "y"',
        "  w += post.y * post.x",
        "       ^^^^^^",
        "  Known: x.",
      ].join("\n"),
    );
  });
});
