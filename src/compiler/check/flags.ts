/**
 * @file The flags after a line's colon: which exist, where each may stand.
 */

import { suggest } from "../../core/index.ts";
import { type Source, sourceError } from "../parse/source.ts";
import type { Expression, Flag, Statement } from "../parse/syntax.ts";
import type { Locality, Method } from "./model.ts";

/** What the flags of one line say. */
export interface CheckedFlags {
  initial?: Expression;
  minimum?: Expression;
  maximum?: Expression;
  method?: Method;
  locality?: Locality;
  prune?: Expression;
}

/** What equations are of. */
export type Owner = "neuron" | "synapse";

const METHODS: Record<string, Method> = {
  explicit: "explicit",
  exponential: "exponential",
  implicit: "implicit",
  midpoint: "midpoint",
  rk4: "rk4",
  "runge-kutta4": "rk4",
};
const LOCALITIES: Record<string, Locality> = { population: "population", local: "unit" };
const VALUES: Record<string, "initial" | "minimum" | "maximum" | "prune"> = {
  init: "initial",
  min: "minimum",
  max: "maximum",
  prune: "prune",
};
const NOWHERE = {
  unless_refractory: "It belongs to the reset of a spiking neuron.",
  unless_post: "It belongs to the pre_spike lines of a synapse.",
  int: "All values are floats; drop it.",
  bool: "All values are floats; a comparison gives 1 or 0; drop it.",
};
/** Flags that have no meaning on a line of the owner, with the place where they do. */
const ELSEWHERE: Record<Owner, Record<string, string>> = {
  neuron: {
    ...NOWHERE,
    prune: `It belongs to the line of "w" in synapse equations.`,
    projection: "It belongs to synapse equations.",
    postsynaptic: "It belongs to synapse equations.",
    "event-driven": "It belongs to synapse equations.",
  },
  synapse: {
    ...NOWHERE,
    population:
      "Every synapse has its own value; make a shared one a variable of the neurons, read as post.x.",
    projection: "Every synapse has its own value; make a constant one a parameter.",
    postsynaptic: "Write the variable in the equations of the neuron and read it as post.x.",
    "event-driven": "Which synapses need a visit is found from the equations; drop it.",
  },
};

/** Method of a name used in options or flags, or undefined. */
export function methodOf(name: string): Method | undefined {
  return METHODS[name];
}

/** Names of all methods. */
export const METHOD_NAMES = Object.keys(METHODS);

/** The flags of one statement, checked. @throws CajalError `unknown-flag`, `flag-on-wrong-thing`, `repeated-flag`. */
export function checkFlags(source: Source, statement: Statement, owner: Owner): CheckedFlags {
  const flags: CheckedFlags = {};
  for (const flag of statement.flags) {
    const key = placeOf(source, flag, statement, owner);
    if (flags[key] !== undefined) {
      throw sourceError(source, flag.span, {
        code: "repeated-flag",
        what: `"${flag.name}" is given twice on this line`,
      });
    }
    if (key === "method") flags.method = METHODS[flag.name];
    else if (key === "locality") flags.locality = LOCALITIES[flag.name];
    else flags[key] = flag.value as Expression;
  }
  return flags;
}

// Implementation

function placeOf(source: Source, flag: Flag, statement: Statement, owner: Owner): keyof CheckedFlags {
  checkPlace(source, flag, statement, owner);
  const known = [...Object.keys(VALUES), ...METHOD_NAMES, ...Object.keys(LOCALITIES)].filter(
    (name) => !(name in ELSEWHERE[owner]),
  );
  if (!known.includes(flag.name)) {
    throw sourceError(source, flag.span, {
      code: "unknown-flag",
      what: `unknown flag "${flag.name}"`,
      hint: suggest(flag.name, known),
    });
  }
  const wantsValue = flag.name in VALUES;
  if (wantsValue !== (flag.value !== undefined)) {
    throw sourceError(source, flag.span, {
      code: "bad-flag",
      what: wantsValue ? `flag "${flag.name}" needs a value` : `flag "${flag.name}" takes no value`,
      hint: wantsValue ? `Write ${flag.name}=0, for example.` : `Write "${flag.name}" alone.`,
    });
  }
  if (flag.name in METHODS && statement.kind !== "ode") {
    throw sourceError(source, flag.span, {
      code: "flag-on-wrong-thing",
      what: `method "${flag.name}" stands on an assignment, which has nothing to integrate`,
      hint: `Drop it, or write an ODE with d${statement.variable}/dt.`,
    });
  }
  if (wantsValue) return VALUES[flag.name];
  return flag.name in METHODS ? "method" : "locality";
}

function checkPlace(source: Source, flag: Flag, { variable }: Statement, owner: Owner): void {
  const refuse = (what: string, hint: string): never => {
    throw sourceError(source, flag.span, { code: "flag-on-wrong-thing", what, hint });
  };
  if (flag.name in ELSEWHERE[owner])
    refuse(`flag "${flag.name}" does not belong on a ${owner}'s line`, ELSEWHERE[owner][flag.name]);
  if (flag.name === "prune" && variable !== "w")
    refuse(`only the weight is pruned, not "${variable}"`, `Give prune= on the line of "w".`);
  if (flag.name === "init" && variable === "w" && owner === "synapse")
    refuse("a weight starts at its value in the projection's matrix", "Drop init=.");
}
