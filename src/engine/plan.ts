/**
 * @file From a network to everything a run needs, planned once: compiled populations, products in order, delays, and
 * the place of every value in one memory.
 */

import {
  BOTH,
  buildKernel,
  compileNeuron,
  INSTANCE,
  type PlannedModel,
  type PopulationKernel,
  SCALAR,
  type Shape,
  symbolsOf,
  UNIT,
  withGain,
} from "../compiler/index.ts";
import { CajalError, type Matrix, suggest, warn } from "../core/index.ts";
import type { Network, Population, Projection } from "../model/index.ts";
import { type PackedEvents, type PackedSparse, packDense, packEvents, packSparse } from "./kernels/index.ts";
import { Allocator, type Slot, stateShape } from "./memory.ts";
import type { ResolvedOptions } from "./options.ts";
import { type PlasticWeights, planPlasticity, type Side } from "./plasticity/plan-plasticity.ts";
import { orderPopulations, orderProjections } from "./schedule.ts";

/** A population, compiled, with the place of its values. */
export interface PlannedPopulation {
  population: Population;
  model: PlannedModel;
  kernel: PopulationKernel;
  /** Targets that have projections. */
  targets: string[];
  /** Slots by the kernel's names. */
  slots: Map<string, Slot>;
  /** Address of the Philox keys of each random site. */
  keys: Map<string, number>;
}

/** What a product reads: `r` of an input, or a variable of a population, now or some steps ago. */
export interface Presynaptic {
  name: string;
  state: Slot;
  isInput: boolean;
  /** Ring of the last `length` values, when any projection looks further back than the state itself. */
  ring?: { address: number; length: number; bytes: number };
}

/** A product of one step. */
export interface PlannedProjection {
  projection: Projection;
  pre: Presynaptic;
  /** Steps back. */
  delay: number;
  out: Slot;
  /** Whether an earlier projection has filled `out` in the same step. */
  accumulate: boolean;
  weights:
    | { kind: "dense"; address: number; values: Float64Array | Float32Array }
    | { kind: "sparse"; rowStart: number; column: number; address: number; packed: PackedSparse }
    | { kind: "events"; start: number; post: number; address: number; packed: PackedEvents }
    | PlasticWeights;
  /** Where the sum is taken before it is added to `out`, for kernels that add unit by unit. */
  scratch?: Slot;
}

/** Everything a run needs. */
export interface RunPlan {
  options: ResolvedOptions;
  network: Network;
  populations: PlannedPopulation[];
  inputs: Map<string, Slot>;
  projections: PlannedProjection[];
  presynaptic: Presynaptic[];
  time: Slot;
  /** Size of the memory [bytes]. */
  bytes: number;
}

/** WebAssembly addresses 4 GiB; keep well below, so that sums of addresses fit. */
export const MAXIMUM_BYTES = 2 ** 31;

/** Plan a run. @throws CajalError from the equations, or `unknown-target`, `unknown-variable`, `too-large`. */
export function planRun(network: Network, options: ResolvedOptions): RunPlan {
  const memory = new Allocator(options);
  const time = memory.slot(SCALAR, 1);
  const populations = network.populations.map((p) => planPopulation(p, network, options, { memory, time }));
  const inputs = new Map(network.inputs.map((i) => [i.name, memory.slot(stateShape(options), i.size)]));
  const presynaptic: Presynaptic[] = [];
  const filled = new Set<Slot>();
  const ordered = orderPopulations(populations, network);
  const projections = orderProjections(network, ordered).map((projection): PlannedProjection => {
    const post = populations.find((p) => p.population.name === projection.to)!;
    const pre = findPresynaptic(projection, populations, inputs, presynaptic);
    const out = post.slots.get(`sum:${projection.target}`)!;
    const accumulate = filled.has(out);
    filled.add(out);
    const delay = projection.sameStep ? 0 : delaySteps(projection, pre, options.dt);
    const weights =
      projection.plasticity.length > 0
        ? planPlasticity(projection, sidesOf(projection, populations, inputs), { options, memory })
        : placeWeights(projection.weights, {
            options,
            memory,
            sparse: isSparseActivity(projection, populations) || isNarrowInput(projection, inputs),
          });
    const unitByUnit = weights.kind === "plastic" || weights.kind === "events";
    const scratch = accumulate && unitByUnit ? { scratch: memory.slot(out.shape, post.population.size) } : {};
    return { projection, pre, delay, out, accumulate, weights, ...scratch };
  });
  for (const pre of presynaptic) placeRing(pre, projections, memory);
  if (memory.bytes > MAXIMUM_BYTES) {
    throw new CajalError(
      `the run needs ${Math.ceil(memory.bytes / 2 ** 20)} MiB, at most 2048 are possible`,
      {
        code: "too-large",
        where: "simulate",
        hint: "Lower the number of instances, use f32, or sparse weights.",
      },
    );
  }
  return {
    options,
    network,
    populations: ordered,
    inputs,
    projections,
    presynaptic,
    time,
    bytes: memory.bytes,
  };
}

// Implementation

function planPopulation(
  population: Population,
  network: Network,
  options: ResolvedOptions,
  { memory, time }: { memory: Allocator; time: Slot },
): PlannedPopulation {
  const compiled = compileNeuron(population.neuron, { method: options.method });
  const targets = [
    ...new Set(network.projections.filter((p) => p.to === population.name).map((p) => p.target)),
  ];
  checkTargets(population, compiled, targets);
  const model = gainedTargets(population, compiled, options).reduce(withGain, compiled);
  checkInitial(population, model);
  const parameterShapes = shapesOfParameters(population, model, options);
  checkLocality(population, model, parameterShapes);
  const kernel = buildKernel(model, {
    dt: options.dt,
    batched: options.stride > 1,
    parameterShapes,
    targets,
  });
  const slots = new Map<string, Slot>([["time", time]]);
  const add = (name: string, shape: Shape) => {
    if (!slots.has(name)) slots.set(name, memory.slot(shape, population.size));
  };
  const local = { unit: stateShape(options), population: (options.stride > 1 ? INSTANCE : SCALAR) as Shape };
  for (const v of model.variables) add(`variable:${v.name}`, local[v.locality]);
  for (const name of model.parameters) add(`parameter:${name}`, parameterShapes[name] ?? SCALAR);
  for (const target of new Set([...targets, ...model.targets.filter((t) => t !== "")]))
    add(`sum:${target}`, local.unit);
  for (const r of model.reductions) add(`reduction:${r.name}`, local.population);
  for (const r of model.randoms) add(`random:${r.name}`, local[r.locality]);
  for (const [name, shape] of kernel.slots) add(name, shape);
  const keys = new Map(model.randoms.map((r) => [r.name, memory.take(8 * options.stride)]));
  return { population, model, kernel, targets, slots, keys };
}

/** A projection under a misspelt target would be lost in silence, and a sum that nothing feeds be 0 in silence. */
function checkTargets(population: Population, model: PlannedModel, targets: string[]): void {
  const where = `population "${population.name}"`;
  for (const target of targets) {
    if (model.targets.includes(target) || model.targets.includes("")) continue;
    throw new CajalError(`a projection arrives under "${target}", which its equations never read`, {
      code: "unknown-target",
      where,
      hint: `${suggest(target, model.targets)} Write sum(${target}) in the equations, or rename the target.`,
    });
  }
  for (const target of model.targets) {
    if (target === "" || targets.includes(target)) continue;
    warn(
      "unconnected-target",
      `${where}: sum(${target}) is always 0, no projection has the target "${target}"`,
    );
  }
}

/** Targets of a population whose sums have a gain. */
function gainedTargets({ name }: Population, model: PlannedModel, { gains }: ResolvedOptions): string[] {
  const own = Object.keys(gains).filter((key) => key.startsWith(`${name}.`));
  const targets = own.map((key) => key.slice(name.length + 1));
  const unknown = targets.find((target) => !model.targets.includes(target));
  if (unknown !== undefined) {
    throw new CajalError(`the equations of "${name}" never read sum(${unknown})`, {
      code: "unknown-target",
      where: `gains["${name}.${unknown}"]`,
      hint: suggest(unknown, model.targets),
    });
  }
  return targets;
}

function checkInitial(population: Population, model: PlannedModel): void {
  const names = model.variables.map((v) => v.name);
  for (const name of Object.keys(population.initial)) {
    if (names.includes(name)) continue;
    throw new CajalError(`there is no variable "${name}" to start at a value`, {
      code: "unknown-variable",
      where: `population "${population.name}"`,
      hint: suggest(name, names),
    });
  }
}

/** A value for the whole population cannot depend on a parameter that differs between units. */
function checkLocality(population: Population, model: PlannedModel, shapes: Record<string, Shape>): void {
  const wide = new Set(model.variables.filter((v) => v.locality === "population").map((v) => v.name));
  for (const action of model.actions) {
    const isWide = action.kind === "temporary" ? action.locality === "population" : wide.has(action.variable);
    if (!isWide) continue;
    const bad = symbolsOf(action.value).find(
      (s) => s.symbol === "parameter" && ((shapes[s.name] ?? SCALAR) & UNIT) !== 0,
    );
    if (bad === undefined) continue;
    throw new CajalError(`a population variable reads "${bad.name}", which has one value per unit here`, {
      code: "wrong-locality",
      where: `population "${population.name}"`,
      hint: "Give the parameter one value, or make the variable local.",
    });
  }
}

function shapesOfParameters(
  population: Population,
  model: PlannedModel,
  options: ResolvedOptions,
): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  for (const name of model.parameters) {
    const perUnit = typeof population.parameters[name] === "object" ? UNIT : SCALAR;
    const given = givenValues(population, name, options);
    shapes[name] =
      given === undefined || typeof given === "number"
        ? perUnit
        : instanceShape(given, population, options, name);
  }
  return shapes;
}

/** What the options say of a parameter or gain. */
export function givenValues(
  { name }: Population,
  parameter: string,
  { parameters, gains }: ResolvedOptions,
): number | ArrayLike<number> | undefined {
  const target = /^gain\((.*)\)$/.exec(parameter);
  return target ? gains[`${name}.${target[1]}`] : parameters[`${name}.${parameter}`];
}

function instanceShape(
  given: ArrayLike<number>,
  { size, name }: Population,
  options: ResolvedOptions,
  parameter: string,
): Shape {
  const single = options.stride === 1;
  if (given.length === options.instances) return single ? SCALAR : INSTANCE;
  if (given.length === size * options.instances) return single ? UNIT : BOTH;
  throw new CajalError(`${given.length} values for ${options.instances} instances of ${size} units`, {
    code: "shape",
    where: `parameters["${name}.${parameter}"]`,
    hint: "Give shape (instance) or (unit, instance).",
  });
}

function findPresynaptic(
  { from, to, variable }: Projection,
  populations: PlannedPopulation[],
  inputs: Map<string, Slot>,
  known: Presynaptic[],
): Presynaptic {
  const name = `${from}.${variable}`;
  const found = known.find((p) => p.name === name);
  if (found) return found;
  const input = inputs.get(from);
  const population = populations.find((p) => p.population.name === from);
  const variables = input
    ? ["r"]
    : population!.model.variables.filter((v) => v.locality === "unit").map((v) => v.name);
  if (!variables.includes(variable)) {
    throw new CajalError(`"${from}" has no variable "${variable}" of its units to project`, {
      code: "unknown-variable",
      where: `projection ${from} → ${to}`,
      hint: suggest(variable, variables),
    });
  }
  const state = input ?? population!.slots.get(`variable:${variable}`)!;
  const pre: Presynaptic = { name, state, isInput: input !== undefined };
  known.push(pre);
  return pre;
}

/** A population acts one step later at the earliest: its state of the same step is not known when sums are taken. */
function delaySteps({ delay }: Projection, pre: Presynaptic, dt: number): number {
  const steps = Math.round(delay / dt);
  return pre.isInput ? steps : Math.max(1, steps);
}

function placeRing(pre: Presynaptic, projections: PlannedProjection[], memory: Allocator): void {
  const direct = pre.isInput ? 0 : 1;
  const longest = Math.max(...projections.filter((p) => p.pre === pre).map((p) => p.delay));
  if (longest <= direct) return;
  // An input is stored before it is read, so the oldest value needed and the newest must both fit.
  const length = pre.isInput ? longest + 1 : longest;
  const slotBytes = pre.state.length * memory.elementBytes;
  pre.ring = { address: memory.take(length * slotBytes), length, bytes: slotBytes };
}

function placeWeights(
  m: Matrix,
  { options, memory, sparse }: { options: ResolvedOptions; memory: Allocator; sparse: boolean },
): PlannedProjection["weights"] {
  if (sparse && options.events && options.stride === 1) {
    const packed = packEvents(m, options.precision);
    const address = memory.take(packed.values.byteLength);
    if (packed.form === "columns") return { kind: "events", start: 0, post: 0, address, packed };
    const start = memory.take(packed.start.byteLength);
    return { kind: "events", start, post: memory.take(packed.post.byteLength), address, packed };
  }
  if (m.kind === "dense") {
    const values = packDense(m, options);
    return { kind: "dense", address: memory.take(values.byteLength), values };
  }
  const packed = packSparse(m, options);
  return {
    kind: "sparse",
    rowStart: memory.take(packed.rowStart.byteLength),
    column: memory.take(packed.column.byteLength),
    address: memory.take(packed.values.byteLength),
    packed,
  };
}

/** Whether a projection carries values that are 0 or 1, most of them 0 at any time as a rule. */
function isSparseActivity({ from, variable }: Projection, populations: PlannedPopulation[]): boolean {
  return populations.some((p) => p.population.name === from && p.model.binary.includes(variable));
}

/** Whether an input reaches so few units that running through all of them would take longer than its synapses. */
function isNarrowInput({ from, weights }: Projection, inputs: Map<string, Slot>): boolean {
  return inputs.has(from) && weights.kind === "sparse" && 2 * weights.values.length < weights.rows;
}

/** What synapse equations can see of the two sides of a projection. */
function sidesOf(
  { from, to }: Projection,
  populations: PlannedPopulation[],
  inputs: Map<string, Slot>,
): { pre: Side; post: Side } {
  const side = (name: string): Side => {
    const input = inputs.get(name);
    if (input) return { name, known: ["r"], find: (v) => (v === "r" ? input : undefined) };
    const { model, slots } = populations.find((p) => p.population.name === name)!;
    const known = model.variables.filter((v) => v.locality === "unit").map((v) => v.name);
    return { name, known, find: (v) => (known.includes(v) ? slots.get(`variable:${v}`) : undefined) };
  };
  return { pre: side(from), post: side(to) };
}
