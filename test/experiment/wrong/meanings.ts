/**
 * @file Experiments that are well written, but mean nothing: nodes, sweeps, lengths, equations.
 */

import { change, WORM, type Wrong } from "./wrong-input.ts";

/** The worm with a neuron of the user's own, one equation a line. */
const withEquations = (lines: string[], more = "") =>
  change(
    "network:\n",
    `network:\n  neuron:\n    equations: |\n${lines.map((line) => `      ${line}\n`).join("")}${more}`,
  );

/** Choices of nodes. */
export const nodes: Wrong[] = [
  {
    what: "an unknown label",
    yaml: change("types: sensory", "labels: [AVAL, AVAX]"),
    says: ['has no label "AVAX"', "e.yaml:6:36", '^^^^ did you mean "AVAL"?', "in all)."],
  },
  {
    what: "an unknown node type",
    yaml: change("types: sensory", "types: sensorry"),
    says: [
      'has no type "sensorry"',
      "e.yaml:6:28",
      'did you mean "sensory"?',
      "Known: pharyngeal, sensory, interneuron",
    ],
  },
  {
    what: "more random nodes than there are",
    yaml: change("types: sensory", "random: 400"),
    says: ["400 random nodes are wanted, but", "e.yaml:6:29", "Lower it to"],
  },
  {
    what: "more random nodes than there are to draw from",
    yaml: change("{ types: sensory }", "{ random: 200, from: { types: sensory } }"),
    says: ["200 random nodes are wanted, 83 are available", "e.yaml:6:19", "Lower random to 83"],
  },
  {
    what: "a node number that is not there",
    yaml: change("types: sensory", "indices: [0, 302]"),
    says: ["has no node 302", "e.yaml:6:", "^^^", "Nodes are 0 …"],
  },
  {
    what: "a choice of nobody",
    yaml: change("types: motor", "not: all"),
    says: ["no node is chosen", "e.yaml:7:20", "Choose at least one."],
  },
];

/** Grids and lengths. */
export const sweepAndTask: Wrong[] = [
  {
    what: "an empty sweep",
    yaml: change("[0.3, 0.7, 1, 1.4]", "[]"),
    says: [
      "the sweep over network.spectralRadius has no values",
      "e.yaml:10:27",
      "^^",
      "Give it at least one.",
    ],
  },
  {
    what: "a sweep over nothing that is known",
    yaml: change("network.spectralRadius:", "network.spectralradius:"),
    says: [
      'there is no "network.spectralradius" in an experiment',
      "e.yaml:10:3",
      'did you mean "network.spectralRadius"?',
    ],
  },
  {
    what: "a sweep with one value out of range",
    yaml: change("1.4]", "1.4, -1]"),
    says: [
      "network.spectralRadius must be ≥ 0, got -1",
      "e.yaml:10:46",
      "In cell 5 of 5: network.spectralRadius = -1.",
    ],
  },
  {
    what: "a sweep with one value that is no number",
    yaml: change("1.4]", ".nan]"),
    says: ["must be a finite number, got NaN", "e.yaml:10:41", "In cell 4 of 4"],
  },
  {
    what: "a sweep that is a number",
    yaml: change("[0.3, 0.7, 1, 1.4]", "0.3"),
    says: ["must be a list or an object, got 0.3", "e.yaml:10:27", "Write a list such as [0.5, 1]"],
  },
  {
    what: "a sweep with a value twice",
    yaml: change("[0.3, 0.7", "[0.3, 0.3"),
    says: ["the sweep over network.spectralRadius has 0.3 twice", "e.yaml:10:33"],
  },
  {
    what: "a sweep of ten thousand million cells",
    yaml: `${change("[0.3, 0.7, 1, 1.4]", "{ linspace: [0, 1, 100000] }")}  network.input.gain: { linspace: [0.1, 1, 100000] }\n`,
    says: ["the sweep has 10000000000 cells, more than 100000", "e.yaml:9:1", "shorten some"],
  },
  {
    what: "a swept delay that is too long in one cell",
    yaml: `${WORM}  task.maxDelay: [10, 200]\n`,
    says: ["maxDelay of 200 does not fit into 150 test steps", "e.yaml:11:23", "In cell 2 of 8"],
  },
  {
    what: "a washout longer than the series",
    yaml: change("washout: 100", "washout: 700"),
    says: [
      "the washout of 700 steps is as long as the whole series of 600",
      "e.yaml:8:67",
      "Lower task.washout or raise task.steps.",
    ],
  },
  {
    what: "a delay longer than the test part",
    yaml: change("maxDelay: 10", "maxDelay: 200"),
    says: [
      "maxDelay of 200 does not fit into 150 test steps",
      "e.yaml:8:54",
      "raise task.steps, or lower task.maxDelay",
    ],
  },
];

/** Neurons of the user's own. */
export const equations: Wrong[] = [
  {
    what: "an unknown name",
    yaml: withEquations(["x = 0.5 * y + sum(in) + sum(rec)", "r = tanh(x)"]),
    says: [
      'in the equations: unknown name "y"',
      "e.yaml:8:17",
      "    8 │       x = 0.5 * y + sum(in) + sum(rec)\n      │                 ^\n",
    ],
  },
  {
    what: "an unknown function",
    yaml: withEquations(["x = sum(in) + sum(rec)", "r = tahn(x)"]),
    says: [
      'unknown function "tahn"',
      "e.yaml:9:11",
      "    9 │       r = tahn(x)\n      │           ^^^^\n",
      'Did you mean "tanh"?',
    ],
  },
  {
    what: "an unbalanced parenthesis",
    yaml: withEquations(["x = sum(in) + sum(rec)", "r = tanh((x)"]),
    says: [
      '"(" is never closed',
      "e.yaml:9:15",
      "    9 │       r = tanh((x)\n      │               ^\n",
      'Add ")".',
    ],
  },
  {
    what: "half an expression",
    yaml: change("network:\n", 'network:\n  neuron: { equations: "r = tanh(sum(in) + sum(rec) + )" }\n'),
    says: ['expected a value, got ")"', "e.yaml:6:55", 'equations: "r = tanh(sum(in) + sum(rec) + )" }\n'],
  },
  {
    what: "no recurrence",
    yaml: withEquations(["r = tanh(sum(in))"]),
    says: ["the equations never read sum(rec), what the other units send", "Add sum(rec) where it belongs."],
  },
  {
    what: "a record of a variable that does not exist",
    yaml: withEquations(["x = sum(in) + sum(rec)", "r = tanh(x)"], "    record: rate\n"),
    says: ['the equations define no "rate" to record', "e.yaml:10:13", "Variables: x, r."],
  },
];
