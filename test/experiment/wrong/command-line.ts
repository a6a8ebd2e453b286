/**
 * @file Wrong options and arguments of `cajal run`.
 */

import type { Wrong } from "./wrong-input.ts";

/** Options and arguments. */
export const commandLine: Wrong[] = [
  {
    what: "a file that is not there",
    args: ["f.yaml", "--out", "r"],
    says: ["there is no file f.yaml", "Did you mean e.yaml?"],
  },
  { what: "a folder for a file", args: [".", "--out", "r"], says: [". is a folder, not an experiment file"] },
  {
    what: "an unknown path of --set",
    args: ["e.yaml", "--out", "r", "--set", "network.input.gian=2"],
    says: [
      'there is no "network.input.gian" in an experiment',
      "--set network.input.gian=2\n",
      "^^^^^^^^^^^^^^^^^^ did you mean",
      '"network.input.gain"?',
    ],
  },
  {
    what: "a wrong value of --set",
    args: ["e.yaml", "--out", "r", "--set", "task.steps=lots"],
    says: [
      'task.steps must be a number, got the text "lots"',
      "  --set task.steps=lots\n                   ^^^^\n",
    ],
  },
  {
    what: "an unknown label by --set, one for a list of one",
    args: ["e.yaml", "--out", "r", "--set", "network.input.nodes.labels=AVAX"],
    says: [
      'has no label "AVAX"',
      "  --set network.input.nodes.labels=AVAX\n                                   ^^^^ did you mean",
    ],
  },
  {
    what: "an empty sweep by --set",
    args: ["e.yaml", "--out", "r", "--set", "sweep.network.spectralRadius=[]"],
    says: [
      "the sweep over network.spectralRadius has no values",
      "  --set sweep.network.spectralRadius=[]\n                                     ^^\n",
    ],
  },
  {
    what: "a --set without =",
    args: ["e.yaml", "--out", "r", "--set", "task.steps"],
    says: ['--set needs path=value, got "task.steps"', "e.g. --set network.spectralRadius=0.9"],
  },
  {
    what: "a --set of broken YAML",
    args: ["e.yaml", "--out", "r", "--set", "network.input.nodes={random: 3"],
    says: [
      "the value is not valid YAML: the { is never closed",
      "  --set network.input.nodes={random: 3\n                            ^\n",
    ],
  },
  {
    what: "a --set of what is swept",
    args: ["e.yaml", "--out", "r", "--set", "network.spectralRadius=2"],
    says: ["network.spectralRadius is swept, --set would have no effect", "sweep.network.spectralRadius"],
  },
  {
    what: "an unknown option",
    args: ["e.yaml", "--out", "r", "--worker", "2"],
    says: ["unknown option '--worker'", "Did you mean --workers?"],
  },
  {
    what: "a word for a number of workers",
    args: ["e.yaml", "--out", "r", "--workers", "two"],
    says: ["--workers <n>", "'two'", "a whole number from 0 to 1024"],
  },
  {
    what: "a number of workers below 0",
    args: ["e.yaml", "--out", "r", "--workers", "-1"],
    says: ["--workers <n>", "'-1'", "a whole number from 0 to 1024"],
  },
  {
    what: "two files",
    args: ["e.yaml", "f.yaml", "--out", "r"],
    says: ["too many arguments for 'run'"],
  },
  {
    what: "a file for a directory",
    args: ["e.yaml", "--out", "e.yaml"],
    says: ["e.yaml is a file, not a directory", "--out"],
  },
];
