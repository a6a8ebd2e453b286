/**
 * @file Wrong experiment files: keys and values, YAML itself, and text that means harm.
 */

import { change, WORM, type Wrong } from "./wrong-input.ts";

/** Nine aliases to nine aliases to … nine letters: 9^12 values in 700 letters. */
const laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
  .concat(
    Array.from({ length: 11 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`),
  )
  .join("\n");

/** Keys and values. */
export const inTheFile: Wrong[] = [
  {
    what: "a misspelt key",
    yaml: change("maxDelay: 10", "maxDeley: 10"),
    says: [
      'unknown key "maxDeley" in task',
      "e.yaml:8:44",
      "^^^^^^^^ did you mean",
      '"maxDelay"?',
      "Known here:",
    ],
  },
  {
    what: "a misspelt section",
    yaml: change("transforms:", "transfroms:"),
    says: ['unknown key "transfroms"', "e.yaml:3:1", 'did you mean "transforms"?'],
  },
  {
    what: "a connectome by name and by path",
    yaml: change("name: celegans", "name: celegans, path: w.npy"),
    says: ['"name" and "path" exclude each other in connectome', "^^^^\n", "Keep one of the two."],
  },
  {
    what: "a wrong type",
    yaml: change("steps: 600", "steps: many"),
    says: [
      'task.steps must be a number, got the text "many"',
      "e.yaml:8:39",
      "^^^^",
      "Length of the input series",
    ],
  },
  {
    what: "a number in quotes",
    yaml: change("steps: 600", 'steps: "600"'),
    says: ['task.steps must be a number, got the text "600"', "e.yaml:8:39", "^^^^^", "Remove the quotes."],
  },
  {
    what: "a decimal comma",
    yaml: change("{ types: sensory }", "{ types: sensory }, gain: '0,5'"),
    says: ['got the text "0,5"', "e.yaml:6:45", "Write it with a point: 0.5."],
  },
  {
    what: "a key without a value",
    yaml: change("steps: 600", "steps:"),
    says: ["task.steps has no value", "e.yaml:8:32", "Give it a number, or remove the key."],
  },
  {
    what: "a value out of range",
    yaml: change("swapsPerEdge: 2", "swapsPerEdge: -1"),
    says: ["nullModels.0.swapsPerEdge must be ≥ 0, got -1", "e.yaml:4:56", "^^"],
  },
  {
    what: "an unknown activation",
    yaml: change("network:\n", "network:\n  neuron: { activation: tahn }\n"),
    says: [
      'network.neuron.activation must be one of the known names, got the text "tahn"',
      "e.yaml:6:25",
      'did you mean "tanh"?',
      "Known: linear, elu, relu, leaky-relu, sigmoid, tanh, step.",
    ],
  },
  {
    what: "an unknown kind of null model",
    yaml: change("kind: rewired", "kind: rewire"),
    says: ['got the text "rewire"', "e.yaml:4:22", 'did you mean "rewired"?'],
  },
  {
    what: "a section that is missing",
    yaml: "connectome: { name: celegans }\n",
    says: ['"task" is missing', "e.yaml:1:1", "Keys here: name, seed, repeat"],
  },
  {
    what: "a name that is a path",
    yaml: change("name: worm", "name: ../../worm"),
    says: ['name cannot be the text "../../worm"', "e.yaml:1:7", "letters, digits, . _ -"],
  },
  { what: "an empty file", yaml: "", says: ["e.yaml is empty", "cajal new"] },
  { what: "only comments", yaml: "# nothing yet\n", says: ["e.yaml is empty", "cajal new"] },
  {
    what: "a list for a file",
    yaml: "- 1\n- 2\n",
    says: ['e.yaml must hold keys such as "connectome:", got a list of 2', "e.yaml:1:1"],
  },
  {
    what: "many mistakes at once",
    yaml: change(
      "{ types: sensory }",
      "{ types: sensory }, a1: 1, a2: 2, a3: 3, a4: 4, a5: 5, a6: 6, a7: 7, a8: 8",
    ),
    says: [
      'unknown key "a1"',
      "e.yaml:6:39",
      'unknown key "a2"',
      "Also:",
      "e.yaml:6:53  unknown key",
      "… and 3 more",
    ],
  },
];

/** Text that is no YAML. */
export const yamlItself: Wrong[] = [
  {
    what: "an unclosed bracket",
    yaml: change("[0.3, 0.7, 1, 1.4]", "[0.3, 0.7, 1, 1.4"),
    says: ["not valid YAML: the [ is never closed", "e.yaml:10:27", "Close it with ]"],
  },
  {
    what: "an unclosed brace before other keys",
    yaml: change("washout: 100 }", "washout: 100"),
    says: ["not valid YAML: the { is never closed", "e.yaml:8:7", "Close it with }"],
  },
  {
    what: "an unclosed quote",
    yaml: change("name: worm", 'name: "worm'),
    says: ['not valid YAML: Missing closing "quote', "e.yaml:", "Check the indentation, colons and brackets"],
  },
  {
    what: "a key twice",
    yaml: change("task:", "network: {}\ntask:"),
    says: [
      "not valid YAML: the key network stands here twice",
      "e.yaml:8:1",
      "^^^^^^^",
      "Merge the two, or remove one.",
    ],
  },
  {
    what: "a key twice in braces",
    yaml: change("steps: 600", "steps: 600, steps: 700"),
    says: ["the key steps stands here twice", "e.yaml:8:44", "^^^^^"],
  },
  {
    what: "a tab for indentation",
    yaml: change("  input:", "\tinput:"),
    says: ["not valid YAML: a tab is used to indent", "e.yaml:6:1", "Indent with blanks."],
  },
  {
    what: "two documents",
    yaml: `${WORM}---\n${WORM}`,
    says: ["not valid YAML: a second document begins here", "e.yaml:11:1", "Keep one experiment in a file."],
  },
  {
    what: "an alias without its anchor",
    yaml: change("maxDelay: 10", "maxDelay: *delay"),
    says: [
      "the alias *delay has no anchor &delay before it",
      "e.yaml:8:54",
      "^^^^^^",
      "write the value itself",
    ],
  },
];

/** Text that means harm. */
export const hostile: Wrong[] = [
  {
    what: "a function",
    yaml: change("name: worm", "name: !!js/function 'function () { process.exit(0) }'"),
    says: ["the tag !!js/function means nothing here", "e.yaml:1:7", "an experiment is plain data"],
  },
  {
    what: "an unknown tag",
    yaml: change("steps: 600", "steps: !python/int 600"),
    says: ["the tag !python/int means nothing here", "e.yaml:8:39"],
  },
  {
    what: "a thousand million laughs",
    yaml: `${laughs}\n${WORM}`,
    says: ["aliases of aliases stand for too many values", "e.yaml:12:", "Write the values themselves."],
  },
  {
    what: "an alias that contains itself",
    yaml: change("{ types: sensory }", "&self { not: *self }"),
    says: ["it is nested more than 64 levels deep", "aliases that contain themselves"],
  },
  {
    what: "brackets twenty thousand deep",
    yaml: `name: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`,
    says: ["it is nested more than 64 levels deep", "e.yaml:1:1"],
  },
  {
    what: "keys three thousand deep",
    yaml: Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    says: ["it is nested more than 64 levels deep", "e.yaml:1:1"],
  },
  {
    what: "a prototype",
    yaml: `${WORM}__proto__: { seed: 7 }\n`,
    says: ['unknown key "__proto__"', "e.yaml:11:1"],
  },
  {
    what: "a prototype further down",
    yaml: change("{ types: sensory }", "{ types: sensory }, __proto__: { gain: 2 }, constructor: 1"),
    says: [
      'unknown key "__proto__" in network.input',
      "e.yaml:6:39",
      'unknown key "constructor"',
      "e.yaml:6:63",
    ],
  },
  {
    what: "a prototype by option",
    args: ["e.yaml", "--out", "r", "--set", "__proto__.seed=7"],
    says: ['there is no "__proto__.seed" in an experiment', "--set __proto__.seed=7"],
  },
  {
    what: "a line of five thousand letters",
    yaml: change("name: worm", `nmae: ${"w".repeat(5000)}`),
    says: ['unknown key "nmae"', "e.yaml:1:1", "w…", '^^^^ did you mean "name"?'],
  },
  {
    what: "bytes that are no text",
    yaml: "\u0000",
    files: { "e.yaml": Uint8Array.of(0xff, 0xfe, 0, 1) },
    says: ["e.yaml is not text", "UTF-8"],
  },
  { what: "a file of zeros", yaml: "\u0000".repeat(100), says: ["e.yaml is not text", "UTF-8"] },
];
