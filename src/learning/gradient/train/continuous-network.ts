/**
 * @file Whether a network can be trained on trials that follow each other without a reset, and what is trained of it
 * then. Where such trials start is data, so starts have no gradient and are left as they are, as in pycog.
 */

import {
  compileNeuron,
  evaluate,
  type PlannedModel,
  PORTABLE,
  symbolsOf,
  type Term,
} from "../../../compiler/index.ts";
import { CajalError } from "../../../core/index.ts";
import type { Network, Population } from "../../../model/index.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/**
 * The network with starts that are numbers and not trained: neither starting values themselves nor parameters that
 * stand in an `init` only. Parameters that stand elsewhere too, e.g. a slope, are trained through their other places.
 *
 * @param dt - Step [ms], in which delays are counted.
 * @throws CajalError `delay-carried`, `time-carried`, `random-start`, `nothing-to-train`.
 */
export function continuousNetwork(trainable: TrainableNetwork, dt: number): TrainableNetwork {
  const { network } = trainable;
  checkDelays(network, dt);
  const models = new Map(network.populations.map((p) => [p.name, compileNeuron(p.neuron)]));
  for (const [name, { actions }] of models) checkTime(name, actions);
  const trained = trainable.trainable.filter((name) => !isStart(name, models));
  if (trained.length === 0) {
    throw new CajalError("nothing but starts is trained, which trials that go on never come back to", {
      code: "nothing-to-train",
      where: WHERE,
      hint: "Train something else too, or leave out continuous.",
    });
  }
  const kept = <T>(of: Readonly<Record<string, T>> = {}) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => trained.includes(name)));
  const populations = network.populations.map((p) => withStarts(p, models.get(p.name)!, { trained, dt }));
  return {
    ...trainable,
    network: { ...network, populations },
    trainable: trained,
    constraints: kept(trainable.constraints),
    bounds: kept(trainable.bounds),
  };
}

// Implementation

const WHERE = "train, continuous";

/** What a delay looks back at lies before the trial, and a trial is given the state at its start and no more. */
function checkDelays({ projections, inputs }: Network, dt: number): void {
  for (const { name, from, delay } of projections) {
    const usual = inputs.some((i) => i.name === from) ? 0 : 1;
    if (Math.round(delay / dt) <= usual) continue;
    throw new CajalError(
      `projection "${name}" has a delay of ${delay} ms, and what it looks back at is not carried from trial to trial`,
      {
        code: "delay-carried",
        where: WHERE,
        hint: usual ? `Take a delay of one step, ${dt} ms, or leave out continuous.` : "Take no delay.",
      },
    );
  }
}

function checkTime(population: string, actions: PlannedModel["actions"]): void {
  if (!actions.some(({ value }) => symbolsOf(value).some(({ symbol }) => symbol === "time"))) return;
  throw new CajalError("equations read the time t, which begins at 0 in every trial", {
    code: "time-carried",
    where: `${WHERE}, population "${population}"`,
    hint: "Let a variable count time, which is carried, or leave out continuous.",
  });
}

/** Whether a trainable acts on where trials start, and on nothing else. */
function isStart(name: string, models: ReadonlyMap<string, PlannedModel>): boolean {
  if (name.startsWith("initial:")) return true;
  const dot = name.indexOf(".");
  const model = models.get(name.slice(0, dot));
  if (model === undefined) return false;
  const parameter = name.slice(dot + 1);
  const { actions, variables } = model;
  const isRead = [...actions.map(({ value }) => value)].some((term) => reads(term, [parameter]));
  return !isRead && variables.some(({ initial }) => initial && reads(initial, [parameter]));
}

function reads(term: Term, parameters: readonly string[]): boolean {
  return symbolsOf(term).some(({ symbol, name }) => symbol === "parameter" && parameters.includes(name));
}

/** Numbers in place of starts that trained parameters stand in: no gradient passes through numbers. */
function withStarts(
  p: Population,
  { variables }: PlannedModel,
  { trained, dt }: { trained: readonly string[]; dt: number },
): Population {
  const own = trained.flatMap((name) =>
    name.startsWith(`${p.name}.`) ? [name.slice(p.name.length + 1)] : [],
  );
  const starts = variables.flatMap(({ name, initial, locality }) => {
    if (!initial || p.initial[name] !== undefined || !reads(initial, own)) return [];
    const units = locality === "unit" ? p.size : 1;
    return [[name, Float64Array.from({ length: units }, (_, unit) => startOf(initial, p, { unit, dt }))]];
  });
  return { ...p, initial: { ...p.initial, ...Object.fromEntries(starts) } };
}

function startOf(initial: Term, p: Population, { unit, dt }: { unit: number; dt: number }): number {
  return evaluate(
    initial,
    (kind, name) => {
      if (kind === "step") return dt;
      if (kind === "time") return 0;
      if (kind === "random") throw refuseRandom(p);
      const value = p.parameters[name] ?? p.neuron.parameters[name];
      return typeof value === "number" ? value : value[value.length === 1 ? 0 : unit];
    },
    PORTABLE,
  );
}

function refuseRandom({ name }: Population): CajalError {
  return new CajalError("a start is made of a trained parameter and random numbers", {
    code: "random-start",
    where: `${WHERE}, population "${name}"`,
    hint: "Do not train the parameter, or leave out continuous.",
  });
}
