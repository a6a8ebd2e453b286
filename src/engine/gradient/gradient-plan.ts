/**
 * @file Everything a forward and backward run needs, planned once over one memory.
 *
 * The state of every step lies in a frame: variables, and those sums and reductions that the backward pass reads.
 * Frame t is the state before step t; the kernel of step t reads frame t and writes frame t + 1. Frames of one segment
 * are in memory at a time, with as many before it as delays look back. Adjoints of sums lie in a ring of records, one
 * per step, until they have gone back through the weights and into their gradient.
 */

import {
  type AdjointModel,
  adjointModel,
  BOTH,
  buildKernel,
  type PlannedModel,
  type PopulationKernel,
  type Shape,
  type SlotUse,
  sumAdjointName,
  variableOfNext,
} from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { Allocator, type Slot } from "../memory.ts";
import { type PlannedPopulation, type PlannedProjection, planRun, type RunPlan } from "../plan.ts";
import { planAhead } from "./input-sums.ts";
import { BLOCK_STEPS, type ResolvedGradientOptions } from "./options.ts";
import { findTrainables, type Trainable } from "./trainable.ts";
import { type Placed, planTransposed, type TransposedWeights } from "./weights.ts";

/** Where a slot lies: at an address, or at an offset within the frame or the record of the step. */
export interface Place {
  base: "memory" | "frame" | "ring";
  /** Address, or offset [bytes]. */
  offset: number;
  shape: Shape;
  /** Numbers it holds. */
  length: number;
}

/** A kernel of one step with the place of its slots. */
export interface Program {
  model: PlannedModel;
  kernel: PopulationKernel;
  place(slot: string, use: SlotUse): Place;
}

/** A population with its forward and backward programs. */
export interface GradientPopulation {
  planned: PlannedPopulation;
  adjoint: AdjointModel;
  forward: Program;
  /** Backward, per unit. */
  units: Program;
  /** Backward, for values of the whole population. */
  shared: Program | undefined;
  /** Slots of the backward programs that lie at an address: adjoints, running sums, shares. */
  slots: Map<string, Slot>;
  /** Place in the frame of each variable, and of stored sums and reductions, by slot name. */
  frame: Map<string, Place>;
  /** Place in a ring record of the adjoint of each target's sum. */
  ring: Map<string, Place>;
  /** Whether the backward programs read random numbers. */
  readsRandoms: boolean;
}

/** A projection with what the backward pass needs of it. */
export interface GradientProjection {
  planned: PlannedProjection;
  /** Populations by place in the plan; undefined before means an input. */
  pre: number | undefined;
  post: number;
  /** Weights the other way round, when an adjoint goes back through them. */
  transposed: TransposedWeights | undefined;
  /** Gradient of the weights, in the order of the forward weights. */
  gradient: Placed | undefined;
  /** Sums of an input for all steps of a segment, where they are one product. */
  ahead: Placed | undefined;
}

/** Values of an input for all steps. */
export interface InputRecord {
  size: number;
  /** Address of step 0; as many steps as delays look back lie before it, at 0. */
  address: number;
  /** Bytes of one step, and steps before step 0. */
  pitch: number;
  before: number;
}

/** Everything a forward and backward run needs. */
export interface GradientPlan {
  run: RunPlan;
  options: ResolvedGradientOptions;
  trainables: Trainable[];
  populations: GradientPopulation[];
  projections: GradientProjection[];
  inputs: Map<string, InputRecord>;
  /** Steps of a segment, a multiple of the block; `before` frames precede its first. */
  frames: { address: number; bytes: number; segment: number; before: number };
  /** Frames at the start of each segment, and behind them those at the end of the run. */
  checkpoints: { address: number; count: number };
  ring: { address: number; bytes: number; length: number };
  /** Steps whose outer products are taken together. */
  block: number;
  /** Address of a block of steps of what one projection reads, for products on arrays of the caller. */
  scratch: number;
  /** Adjoint of one step's input, for trainable inputs. */
  inputAdjoints: Map<string, Slot>;
  bytes: number;
}

const MAXIMUM_BYTES = 2 ** 31;

/** Plan the run of a network forward and backward. @throws CajalError. */
export function planGradient(network: Network, options: ResolvedGradientOptions): GradientPlan {
  refusePlastic(network);
  const run = planRun(network, options.run);
  const memory = new Allocator(options.run);
  memory.bytes = run.bytes;
  const trainables = findTrainables(options.trainable, run);
  const frame = new Allocator(options.run);
  const ring = new Allocator(options.run);
  frame.bytes = 0;
  ring.bytes = 0;
  const populations = run.populations.map((p, k) => {
    const wanted = trainables.flatMap((t) =>
      t.kind === "parameter" && t.population === k ? [t.parameter] : [],
    );
    return planPopulation(p, wanted, { options, memory, frame, ring });
  });
  const block = blockSteps(options);
  const segment = segmentSteps(options, frame.bytes, block);
  const steps = Math.min(segment, options.steps);
  const projections = run.projections.map((p, k) =>
    planProjection(p, k, { run, populations, trainables, memory, steps }),
  );
  const longest = (isInput: boolean) =>
    Math.max(0, ...run.projections.filter((p) => p.pre.isInput === isInput).map((p) => p.delay));
  const inputs = planInputs(run, { steps: options.steps, before: longest(true), memory });
  const before = Math.max(0, longest(false) - 1);
  const count = Math.ceil(options.steps / segment);
  const inputAdjoints = new Map(
    trainables.flatMap((t) =>
      t.kind === "input" ? [[t.input, memory.slot(BOTH, inputs.get(t.input)!.size)] as const] : [],
    ),
  );
  const length = block * Math.ceil((block + Math.max(longest(true), longest(false)) + 1) / block);
  const frames = {
    address: memory.take((before + steps + 1) * frame.bytes),
    bytes: frame.bytes,
    segment,
    before,
  };
  // With one segment, all states stay where they are.
  const kept = count > 1 ? count + 1 : 0;
  const checkpoints = { address: memory.take(kept * (before + 1) * frame.bytes), count };
  const ringPlace = { address: memory.take(length * ring.bytes), bytes: ring.bytes, length };
  const widest = Math.max(0, ...projections.map((p) => (p.gradient && p.transposed ? p.transposed.rows : 0)));
  const scratch = memory.take(block * widest * options.run.stride * memory.elementBytes);
  if (memory.bytes > MAXIMUM_BYTES) refuseSize(memory.bytes, options);
  return {
    run,
    options,
    trainables,
    populations,
    projections,
    inputs,
    frames,
    checkpoints,
    ring: ringPlace,
    block,
    scratch,
    inputAdjoints,
    bytes: memory.bytes,
  };
}

// Implementation

function refusePlastic({ projections }: Network): void {
  const plastic = projections.find((p) => p.plasticity.length > 0);
  if (plastic === undefined) return;
  throw new CajalError(`projection "${plastic.name}" has learning rules, which have no gradient`, {
    code: "plastic-projection",
    where: "differentiate",
    hint: "Leave out its plasticity; its weights can be trained instead.",
  });
}

function refuseSize(bytes: number, { checkpoint }: ResolvedGradientOptions): never {
  throw new CajalError(
    `forward and backward need ${Math.ceil(bytes / 2 ** 20)} MiB, at most 2048 are possible`,
    {
      code: "too-large",
      where: "differentiate",
      hint: checkpoint
        ? "Lower the number of instances, or use f32."
        : "Set checkpoint: true, lower the number of instances, or use f32.",
    },
  );
}

/** Numbers of an outer product from which on it is not worth while to take more of them together. */
const LONG_PRODUCT = 512;

function blockSteps({ run, steps }: ResolvedGradientOptions): number {
  if (typeof run.backend === "string") return BLOCK_STEPS;
  const most = Math.ceil(Math.min(steps, LONG_PRODUCT / run.stride) / BLOCK_STEPS);
  return BLOCK_STEPS * most;
}

/** Steps between checkpoints: all, what was asked for, or about √steps; always whole blocks. */
function segmentSteps(
  { steps, checkpoint, memory }: ResolvedGradientOptions,
  frameBytes: number,
  block: number,
): number {
  const whole = (n: number) => block * Math.ceil(n / block);
  if (typeof checkpoint === "number") return whole(checkpoint);
  if (checkpoint ?? steps * frameBytes > memory) return whole(Math.sqrt(steps));
  return whole(steps);
}

interface Memories {
  options: ResolvedGradientOptions;
  memory: Allocator;
  frame: Allocator;
  ring: Allocator;
}

function planPopulation(
  planned: PlannedPopulation,
  parameters: string[],
  { options, memory, frame, ring }: Memories,
): GradientPopulation {
  const { model, targets } = planned;
  const { size } = planned.population;
  const adjoint = adjointModel(model, { targets, parameters, surrogate: options.surrogate });
  const parameterShapes = Object.fromEntries(
    model.parameters.map((p) => [p, planned.slots.get(`parameter:${p}`)!.shape]),
  );
  const kernelOf = (program: PlannedModel) =>
    buildKernel(program, { dt: options.run.dt, batched: true, parameterShapes, targets });
  const kernels = {
    units: kernelOf(adjoint.units),
    shared: adjoint.population && kernelOf(adjoint.population),
  };
  const read = new Set([...kernels.units.slots.keys(), ...(kernels.shared?.slots.keys() ?? [])]);
  const inFrame = [
    ...model.variables.map((v) => `variable:${v.name}`),
    ...model.reductions.map((r) => `reduction:${r.name}`),
    ...targets.map((t) => `sum:${t}`).filter((slot) => read.has(slot)),
  ];
  const stored = new Map(
    inFrame.map((slot) => [slot, placeIn(frame, "frame", planned.slots.get(slot)!.shape, size)]),
  );
  const ofSums = new Map<string, Place>();
  for (const [target, same] of adjoint.sums) {
    const place = ofSums.get(sumAdjointName(same)) ?? placeIn(ring, "ring", BOTH, size);
    ofSums.set(sumAdjointName(target), place);
  }
  const slots = new Map<string, Slot>();
  const own = { memory, size, slots, planned, frame: stored, ring: ofSums, frames: frame };
  return {
    planned,
    adjoint,
    forward: { model, kernel: planned.kernel, place: forwardPlace(own) },
    units: { model: adjoint.units, kernel: kernels.units, place: backwardPlace(own, kernels.units, "units") },
    shared: kernels.shared && {
      model: adjoint.population!,
      kernel: kernels.shared,
      place: backwardPlace(own, kernels.shared, "shared"),
    },
    slots,
    frame: stored,
    ring: ofSums,
    readsRandoms: [...read].some((slot) => slot.startsWith("random:")),
  };
}

function placeIn(area: Allocator, base: "frame" | "ring", shape: Shape, size: number): Place {
  const { address, length } = area.slot(shape, size);
  return { base, offset: address, shape, length };
}

const atAddress = ({ address, shape, length }: Slot): Place => ({
  base: "memory",
  offset: address,
  shape,
  length,
});

interface Places {
  memory: Allocator;
  size: number;
  slots: Map<string, Slot>;
  planned: PlannedPopulation;
  frame: Map<string, Place>;
  ring: Map<string, Place>;
  /** Its size is known only after all populations are planned. */
  frames: Allocator;
}

/** Variables are read from the frame of the step and written to the next. */
function forwardPlace({ planned, frame, frames }: Places): Program["place"] {
  return (slot, use) => {
    const stored = frame.get(slot);
    if (stored === undefined) return atAddress(planned.slots.get(slot)!);
    return use === "store" ? { ...stored, offset: stored.offset + frames.bytes } : stored;
  };
}

function backwardPlace(
  { memory, size, slots, planned, frame, ring, frames }: Places,
  kernel: PopulationKernel,
  part: string,
): Program["place"] {
  const nameOf = (slot: string) => slot.slice(slot.indexOf(":") + 1);
  const fixed = new Map<string, Slot>();
  for (const [slot, shape] of kernel.slots) {
    if (frame.has(slot) || ring.has(nameOf(slot)) || variableOfNext(nameOf(slot)) !== undefined) continue;
    // Values derived within a program are its own; adjoints and shares are common to both.
    const own = /^(derived|shared|variable):/.test(slot);
    const key = slot.startsWith("variable:") ? adjointKey(nameOf(slot), shape) : `${part} ${slot}`;
    const place = own ? (slots.get(key) ?? memory.slot(shape, size)) : planned.slots.get(slot)!;
    fixed.set(slot, place);
    if (own) slots.set(key, place);
  }
  return (slot) => {
    const variable = variableOfNext(nameOf(slot));
    if (variable !== undefined) {
      const old = frame.get(`variable:${variable}`)!;
      return { ...old, offset: old.offset + frames.bytes };
    }
    return frame.get(slot) ?? ring.get(nameOf(slot)) ?? atAddress(fixed.get(slot)!);
  };
}

/** Name of a slot of {@link GradientPopulation}: what each unit has and what all share may have one name. */
export function adjointKey(name: string, shape: Shape): string {
  return shape === BOTH ? name : `${name} of all`;
}

function planProjection(
  planned: PlannedProjection,
  index: number,
  {
    run,
    populations,
    trainables,
    memory,
    steps,
  }: {
    run: RunPlan;
    populations: GradientPopulation[];
    trainables: Trainable[];
    memory: Allocator;
    steps: number;
  },
): GradientProjection {
  const { projection, weights } = planned;
  const find = (name: string) => run.populations.findIndex((p) => p.population.name === name);
  const post = find(projection.to);
  const pre = find(projection.from);
  const isFelt = populations[post].adjoint.sums.has(projection.target);
  const goesBack = pre >= 0 || trainables.some((t) => t.kind === "input" && t.input === projection.from);
  const isTrained = trainables.some((t) => t.kind === "weights" && t.projection === index);
  const length = weights.kind === "dense" ? weights.values.length : projection.weights.values.length;
  return {
    planned,
    pre: pre >= 0 ? pre : undefined,
    post,
    transposed: isFelt && goesBack ? planTransposed(projection.weights, run.options, memory) : undefined,
    gradient: isTrained ? { address: memory.take(length * memory.elementBytes), length } : undefined,
    ahead: planAhead(planned, { run, memory, steps }),
  };
}

function planInputs(
  run: RunPlan,
  { steps, before, memory }: { steps: number; before: number; memory: Allocator },
): Map<string, InputRecord> {
  return new Map(
    run.network.inputs.map(({ name, size }) => {
      const pitch = size * run.options.stride * memory.elementBytes;
      const address = memory.take((before + steps) * pitch) + before * pitch;
      return [name, { size, address, pitch, before }];
    }),
  );
}
