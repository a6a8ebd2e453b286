/**
 * @file From planned updates to the kernel IR: equal values are computed once, constants folded, and everything that
 * does not change during a run or along the units is hoisted out of the loop.
 */

import type { PlannedModel } from "../plan/plan.ts";
import { add, type Operation, type SymbolKind, symbol, type Term } from "../term.ts";
import {
  INSTANCE,
  type IrNode,
  type IrStore,
  type PopulationKernel,
  SCALAR,
  type Shape,
  type SlotName,
  UNIT,
} from "./kernel.ts";
import { lowerActions, lowerTerm, type NodeMaker } from "./lower.ts";
import { NodeTable } from "./node-table.ts";

/** What the kernel is specialised on. */
export interface BuildOptions {
  /** Length of a step [ms]. */
  dt: number;
  /** Whether there is more than one instance; with one, no value has an instance axis. */
  batched: boolean;
  /** Axes of each parameter's values; absent means one value. */
  parameterShapes: Record<string, Shape>;
  /** Targets that have projections: what `sum()` adds up. */
  targets: readonly string[];
}

/** Build the kernel of a population. */
export function buildKernel(model: PlannedModel, options: BuildOptions): PopulationKernel {
  const graph = new Graph(model, options);
  const current = lowerActions(model.actions, graph);
  const stores = model.variables
    .filter((v) => current.has(v.name))
    .map(
      (v): IrStore => ({
        slot: `variable:${v.name}`,
        node: current.get(v.name)!,
        shape: graph.stateShape(v.name),
      }),
    );
  return place(graph.nodes, stores);
}

// Implementation

/** The nodes of one population: what each symbol of its model stands for. */
class Graph implements NodeMaker {
  readonly #table = new NodeTable();
  readonly #model: PlannedModel;
  readonly #options: BuildOptions;
  readonly #all: Shape;

  constructor(model: PlannedModel, options: BuildOptions) {
    this.#model = model;
    this.#options = options;
    this.#all = (options.batched ? UNIT | INSTANCE : UNIT) as Shape;
  }

  get nodes(): IrNode[] {
    return this.#table.nodes;
  }

  stateShape(variable: string): Shape {
    const { locality } = this.#model.variables.find((v) => v.name === variable)!;
    return this.#localShape(locality);
  }

  constant(value: number): number {
    return this.#table.constant(value);
  }

  operation(name: Operation, operands: number[]): number {
    return this.#table.operation(name, operands);
  }

  symbol(kind: SymbolKind, name: string): number {
    const table = this.#table;
    const instance = (this.#all & INSTANCE) as Shape;
    switch (kind) {
      case "step":
        return table.constant(this.#options.dt);
      case "time":
        return table.load("time", SCALAR, false);
      case "parameter":
        return table.load(`parameter:${name}`, this.#options.parameterShapes[name] ?? SCALAR, true);
      case "variable":
        return table.load(`variable:${name}`, this.stateShape(name), false);
      case "sum":
        return name === "" ? this.#allSums() : table.load(`sum:${name}`, this.#all, false);
      case "reduction":
        return table.load(`reduction:${name}`, instance, false);
      case "random": {
        const { locality } = this.#model.randoms.find((r) => r.name === name)!;
        return table.load(`random:${name}`, this.#localShape(locality), false);
      }
      default:
        throw new Error(`a neuron's plan reads "${name}", a ${kind}`);
    }
  }

  #localShape(locality: "unit" | "population"): Shape {
    return locality === "unit" ? this.#all : ((this.#all & INSTANCE) as Shape);
  }

  #allSums(): number {
    const sums = this.#options.targets.map((target) => symbol("sum", target));
    return sums.length === 0
      ? this.constant(0)
      : lowerTerm(
          sums.reduce((a: Term, b) => add(a, b)),
          this,
        );
  }
}

/**
 * Cut the graph at the border between places: a value of a slower place that a faster one needs goes through a slot.
 * Truth values stay with their users, memory holds numbers only.
 */
function place(nodes: IrNode[], stores: IrStore[]): PopulationKernel {
  const slots = new Map<SlotName, Shape>();
  const prepare = new Map<number, IrStore>();
  const population = new Map<number, IrStore>();
  for (const n of nodes) if (n.kind === "load") slots.set(n.slot, n.shape);
  for (const s of stores) slots.set(s.slot, s.shape);

  const ownPopulation = stores.filter((s) => (s.shape & UNIT) === 0);
  const units = stores.filter((s) => (s.shape & UNIT) !== 0);
  const populationSlots = new Set(ownPopulation.map((s) => s.slot));

  const cut = (store: IrStore, into: Map<number, IrStore>): number => {
    into.set(store.node, store);
    slots.set(store.slot, store.shape);
    nodes.push({ kind: "load", slot: store.slot, shape: store.shape, invariant: false, boolean: false });
    return nodes.length - 1;
  };
  const replaced = new Map<number, Map<number, number>>([
    [SCALAR, new Map()],
    [UNIT, new Map()],
  ]);
  /** The node that stands for `id` in a place: `forUnits` the loop over units, else the once-per-step part. */
  const inPlace = (id: number, forUnits: boolean): number => {
    const memo = replaced.get(forUnits ? UNIT : SCALAR)!;
    const known = memo.get(id);
    if (known !== undefined) return known;
    const n = nodes[id];
    let result = id;
    if (n.kind === "operation" && n.invariant && !n.boolean) {
      const before = prepare.get(id);
      result = before
        ? findLoad(nodes, before.slot)
        : cut({ slot: `derived:${id}`, node: id, shape: n.shape }, prepare);
    } else if (forUnits && isShared(n, populationSlots)) {
      const shared: IrStore = { slot: `shared:${id}`, node: inPlace(id, false), shape: n.shape };
      result = cut(shared, population);
    } else if (n.kind === "operation") {
      const operands = n.operands.map((o) => inPlace(o, forUnits));
      if (operands.some((o, k) => o !== n.operands[k])) {
        nodes.push({ ...n, operands });
        result = nodes.length - 1;
      }
    }
    memo.set(id, result);
    return result;
  };
  const unitStores = units.map((s) => ({ ...s, node: inPlace(s.node, true) }));
  const populationStores = ownPopulation.map((s) => ({ ...s, node: inPlace(s.node, false) }));
  return {
    nodes,
    prepare: [...prepare.values()],
    population: [...population.values(), ...populationStores],
    units: unitStores,
    slots,
  };
}

/** Varies in time but not along units, and is worth (or needs) a slot of its own for the loop over units. */
function isShared(n: IrNode, populationSlots: Set<SlotName>): boolean {
  if (n.invariant || n.boolean || (n.shape & UNIT) !== 0) return false;
  // The loop over units must see the old value of a population variable that is stored before it runs.
  return n.kind === "operation" || (n.kind === "load" && populationSlots.has(n.slot));
}

function findLoad(nodes: IrNode[], slot: SlotName): number {
  return nodes.findIndex((n) => n.kind === "load" && n.slot === slot);
}
