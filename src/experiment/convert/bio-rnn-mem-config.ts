/**
 * @file What a `config.ini` of bio_rnn_mem says, checked: the sections, keys and dictionaries of Goulas, Damicelli &
 * Hilgetag (2021). Nothing in it is evaluated.
 */

import { CajalError, nearest, type Span } from "../../core/index.ts";
import type { IniFile } from "./ini.ts";
import { IniValues } from "./ini-values.ts";

/** Tasks by the name they have there. */
export const TASKS = {
  seq_mem: "sequence-memory",
  nback_mem: "n-back",
  pic_latent_mem: "picture-memory",
} as const;
/** Optimisers by the name they have there. */
export const OPTIMISERS = { Adam: "adam", RMSprop: "rmsprop", SGD: "sgd" } as const;

/** A configuration; what is not in the file has the value of the shipped template. */
export interface BioRnnMemConfig {
  networkFolder: string;
  netName: string;
  areas: number;
  neurons: number;
  heterogeneous: boolean;
  randomTopology: boolean;
  epochs: number;
  iterations: number;
  init: "default" | "xavier" | "he";
  freeze: boolean;
  remap: boolean;
  task: keyof typeof TASKS;
  trials: number;
  trainShare: number;
  /** Items of a trial of n-back and pictures. */
  length: number;
  rescale: boolean;
  learningRates: number[];
  nonlinearities: ("relu" | "tanh")[];
  optimisers: (keyof typeof OPTIMISERS)[];
  /** Length of sequences, or how far back. */
  difficulty: number[];
  /** Whether a pretrained network was asked for. */
  pretrained: boolean;
  warnings: string[];
}

/** Sections and their keys. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  paths: ["path_to_network", "path_to_results", "pretrained"],
  net: ["net_name", "rnn_size", "nr_neurons", "rand_partition", "random_w"],
  trainvalidate: ["epochs", "iterations", "init", "freeze_layer", "remap_w"],
  trialparams: ["trial_params"],
  combosparams: ["combos_params"],
  pretrainedparams: ["pretrained_epoch", "pretrained_iteration"],
};
const TRIAL_KEYS = ["task_name", "nr_of_trials", "train_size", "trial_length", "rescale"];
const COMBO_KEYS = ["lr", "nonlinearity", "optimizer", "pattern_length", "n_back"];

/**
 * Read a configuration.
 *
 * @throws CajalError `not-bio-rnn-mem`, or `bad-ini` with line, column and a caret.
 */
export function readBioRnnMem(file: IniFile): BioRnnMemConfig {
  if (!["net", "trialparams", "combosparams"].some((name) => file.sections.has(name))) {
    throw new CajalError(`${file.name} is no config.ini of bio_rnn_mem`, {
      code: "not-bio-rnn-mem",
      hint: "It has sections [net], [trialparams] and [combosparams]; no other kind of file is converted.",
    });
  }
  const warnings = unknownWords(file);
  const read = new IniValues(file, warnings);
  const trial = read.dict("trialparams", "trial_params", TRIAL_KEYS);
  const combos = read.dict("combosparams", "combos_params", COMBO_KEYS);
  const task = trial.choice("task_name", Object.keys(TASKS) as (keyof typeof TASKS)[], undefined);
  return {
    networkFolder: read.text("paths", "path_to_network", "."),
    netName: read.text("net", "net_name", undefined),
    areas: read.whole("net", "rnn_size", { fallback: 55, most: 1e5 }),
    neurons: read.whole("net", "nr_neurons", { fallback: 4, most: 1e4 }),
    heterogeneous: read.truth("net", "rand_partition", true),
    randomTopology: read.truth("net", "random_w", false),
    epochs: read.whole("trainvalidate", "epochs", { fallback: 500, most: 1e5 }),
    iterations: read.whole("trainvalidate", "iterations", { fallback: 5, most: 1e5 }),
    init: read.choice("trainvalidate", "init", ["default", "xavier", "he"], "default"),
    freeze: read.truth("trainvalidate", "freeze_layer", false),
    remap: read.truth("trainvalidate", "remap_w", true),
    task,
    trials: trial.whole("nr_of_trials", { fallback: 500, most: 5e4 }),
    trainShare: trial.share("train_size", 0.8),
    length: task === "seq_mem" ? 0 : trial.whole("trial_length", { fallback: 5, most: 1e6 }),
    rescale: task === "pic_latent_mem" ? trial.truth("rescale", true) : true,
    learningRates: combos.numbers("lr"),
    nonlinearities: combos.choices("nonlinearity", ["relu", "tanh"]),
    optimisers: combos.choices("optimizer", Object.keys(OPTIMISERS) as (keyof typeof OPTIMISERS)[]),
    difficulty: combos.numbers(task === "seq_mem" ? "pattern_length" : "n_back", { whole: true, most: 1e6 }),
    pretrained: read.text("paths", "pretrained", "") !== "",
    warnings,
  };
}

// Implementation

function unknownWords({ name, text, sections }: IniFile): string[] {
  const out: string[] = [];
  const place = (span: Span) => `${name}:${text.slice(0, span.start).split("\n").length}`;
  const add = (what: string, word: string, known: readonly string[], span: Span) => {
    const near = nearest(word, known);
    out.push(`${place(span)}: ${what} is not known and left out${near ? `; did you mean "${near}"?` : ""}`);
  };
  for (const [section, { span, values }] of sections) {
    const known = Object.hasOwn(KNOWN, section) ? KNOWN[section] : undefined;
    if (!known) {
      add(`section [${section}]`, section, Object.keys(KNOWN), span);
      continue;
    }
    for (const [key, value] of values)
      if (!known.includes(key)) add(`"${key}" in [${section}]`, key, known, value.keySpan);
  }
  return out;
}
