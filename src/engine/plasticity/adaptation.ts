/**
 * @file The learning of a run: which rules act after a step, which are frozen, and the synapses they act on.
 */

import { CajalError, type SparseMatrix, suggest } from "../../core/index.ts";
import type { Backend } from "../backends/backend.ts";
import type { Slot } from "../memory.ts";
import type { PlannedProjection, RunPlan } from "../plan.ts";
import { type Births, birthsOf } from "./births.ts";
import { HEADER } from "./layout.ts";
import type { PlannedRule, PlasticWeights } from "./plan-plasticity.ts";
import { type SynapseStore, viewStores } from "./store.ts";

/** Where weights stopped being finite. */
export interface WeightDivergence {
  instance: number;
  projection: string;
}

interface PlasticProjection {
  name: string;
  /** Place in the plan. */
  index: number;
  planned: PlannedProjection;
  weights: PlasticWeights;
  stores: SynapseStore[];
  rules: { rule: PlannedRule; name: string; births: Births[] }[];
}

/** The rules of a run; made and stepped by the simulation. */
export class Adaptation {
  readonly #backend: Backend;
  readonly #projections: PlasticProjection[];
  /** Switches of the rules of populations: `population.rule` to the slot that gates it. */
  readonly #gates = new Map<string, Slot>();
  readonly #view: (slot: Slot) => Float64Array | Float32Array;
  readonly #frozen = new Set<string>();

  constructor(plan: RunPlan, backend: Backend, view: (slot: Slot) => Float64Array | Float32Array) {
    this.#backend = backend;
    this.#view = view;
    this.#projections = plan.projections.flatMap((planned, index) => {
      const { weights, projection } = planned;
      if (weights.kind !== "plastic") return [];
      const { name } = projection;
      const stores = viewStores(backend.memory, weights, plan.options.instances);
      const rules = weights.rules.map((rule) => ({
        rule,
        name: `${name}.${rule.name}`,
        births:
          rule.kind === "structural"
            ? stores.map((s, b) => makeBirths(rule, s, planned, plan.options.streams[b]))
            : [],
      }));
      return [{ name, index, planned, weights, stores, rules }];
    });
    for (const p of plan.populations) {
      for (const rule of p.model.rules) {
        this.#gates.set(`${p.population.name}.${rule}`, p.slots.get(`parameter:active(${rule})`)!);
      }
    }
    this.#placeParameters();
  }

  /** Names of all rules: `E->E.stdp`, `E.ip`. */
  get rules(): string[] {
    return [...this.#projections.flatMap((p) => p.rules.map((r) => r.name)), ...this.#gates.keys()];
  }

  /** Names of the rules that are switched off. */
  get frozen(): string[] {
    return this.rules.filter((name) => this.#frozen.has(name));
  }

  /** Weights as in the network, all else as at the start; frozen rules stay frozen. */
  reset(): void {
    for (const { planned, weights, stores } of this.#projections) {
      for (const store of stores) store.load(planned.projection.weights, weights.initial);
    }
  }

  /** Whether a rule of a projection acts. */
  get learns(): boolean {
    return this.#projections.some(({ rules }) => rules.some(({ name }) => !this.#frozen.has(name)));
  }

  /** Let the rules act at the end of step `step`. @returns Where weights are no longer finite. */
  step(step: number): WeightDivergence[] {
    const diverged: WeightDivergence[] = [];
    for (const { name, index, stores, rules } of this.#projections) {
      for (let b = 0; b < stores.length; b++) {
        stores[b].header[HEADER.births] = 0;
        stores[b].header[HEADER.deaths] = 0;
        for (let k = 0; k < rules.length; k++) {
          if (this.#frozen.size > 0 && this.#frozen.has(rules[k].name)) continue;
          if (rules[k].rule.kind === "structural") rules[k].births[b](step);
          else if (!this.#backend.adapt(index, k, b)) diverged.push({ instance: b, projection: name });
        }
      }
    }
    return diverged;
  }

  /** Switch rules off or on, by `stdp` (in every group that has one) or `E->E.stdp`. @throws CajalError `unknown-rule`. */
  setFrozen(names: readonly string[], frozen: boolean): void {
    const { rules } = this;
    const chosen = names.flatMap((wanted) => {
      const found = rules.filter((rule) => rule === wanted || rule.endsWith(`.${wanted}`));
      if (found.length === 0) {
        throw new CajalError(`there is no rule "${wanted}"`, {
          code: "unknown-rule",
          where: frozen ? "freeze" : "thaw",
          hint: suggest(wanted, [...new Set(rules.flatMap((r) => [r.slice(r.lastIndexOf(".") + 1), r]))]),
        });
      }
      return found;
    });
    for (const name of chosen) {
      if (frozen) this.#frozen.add(name);
      else this.#frozen.delete(name);
      const gate = this.#gates.get(name);
      if (gate) this.#view(gate).fill(frozen ? 0 : 1);
    }
  }

  /** The synapses of a projection in one instance. @throws CajalError `unknown-projection`. */
  store(projection: string, instance: number): SynapseStore {
    const found = this.#projections.find((p) => p.name === projection)?.stores[instance];
    if (found) return found;
    const known = this.#projections.map((p) => p.name);
    throw new CajalError(
      known.includes(projection)
        ? `instance ${instance} is not one of 0 … ${this.#projections[0].stores.length - 1}`
        : `there is no plastic projection "${projection}"`,
      { code: "unknown-projection", where: "simulation", hint: suggest(projection, known) },
    );
  }

  /** Slot of a rule's parameter, `E->E.stdp.eta`. */
  parameter(name: string): Slot | undefined {
    for (const { rules } of this.#projections) {
      for (const { rule, name: ruleName } of rules) {
        if (rule.kind !== "synaptic" || !name.startsWith(`${ruleName}.`)) continue;
        const slot = rule.parameters.get(name.slice(ruleName.length + 1));
        if (slot) return slot;
      }
    }
    return undefined;
  }

  /** Names of all parameters of rules. */
  get parameters(): string[] {
    return this.#projections.flatMap((p) =>
      p.rules.flatMap(({ rule, name }) =>
        rule.kind === "synaptic"
          ? [...rule.parameters.keys()].map((parameter) => `${name}.${parameter}`)
          : [],
      ),
    );
  }

  /** Weights as they are now. */
  weights(projection: string, instance: number): SparseMatrix {
    return this.store(projection, instance).weights();
  }

  // Implementation

  #placeParameters(): void {
    for (const { rules } of this.#projections) {
      for (const { rule } of rules) {
        if (rule.kind !== "synaptic") continue;
        for (const [name, slot] of rule.parameters) this.#view(slot).fill(rule.values[name]);
      }
    }
  }
}

function makeBirths(
  rule: Extract<PlannedRule, { kind: "structural" }>,
  store: SynapseStore,
  { projection, weights }: PlannedProjection,
  stream: string,
): Births {
  return birthsOf(rule, store, {
    stream: `${stream}/births/${projection.name}/${rule.name}`,
    recurrent: projection.from === projection.to,
    initial: (weights as PlasticWeights).initial,
    where: `projection ${projection.name}`,
  });
}
