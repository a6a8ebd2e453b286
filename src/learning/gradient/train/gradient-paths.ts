/**
 * @file Whether a gradient can reach something at all: from the variables that others see, back through the steps of a
 * unit, to the sums it hears and the parameters it has. Found from the formulas of the derivative, not from numbers.
 */

import {
  type AdjointOptions,
  adjointModel,
  adjointName,
  initialAdjoint,
  type PlannedModel,
  parameterAdjointName,
  reductionAdjointName,
  sharedParameterAdjointName,
  sumAdjointName,
  type Term,
} from "../../../compiler/index.ts";

/** What a gradient reaches. */
export interface GradientPaths {
  /** Targets whose sum has a derivative that is not 0 everywhere. */
  sums: Set<string>;
  parameters: Set<string>;
}

/**
 * Everything that a gradient reaches from `seen`, in any number of steps.
 *
 * @param model - A unit, planned.
 * @param seen - Variables that a readout or other units see.
 */
export function gradientPaths(
  model: PlannedModel,
  seen: readonly string[],
  options: AdjointOptions,
): GradientPaths {
  const { units, population, sums } = adjointModel(model, options);
  const reads = [units, population].flatMap((program) => (program ? readsOf(program) : []));
  const live = new Set(seen.map(adjointName));
  for (let before = -1; live.size > before; ) {
    before = live.size;
    for (const [stored, read] of reads) if (read.some((name) => live.has(name))) live.add(stored);
    // The adjoint of a mean is handed to the variable that it is the mean of.
    for (const { name, variable } of model.reductions)
      if (live.has(reductionAdjointName(name))) live.add(adjointName(variable));
  }
  const reached = (names: readonly string[]) => names.some((name) => live.has(name));
  const started = startsOf(
    model.variables.filter((v) => live.has(adjointName(v.name))),
    options,
  );
  return {
    // Sums that are added to each other have one adjoint.
    sums: new Set(options.targets.filter((t) => reached([sumAdjointName(sums.get(t) ?? t)]))),
    parameters: new Set(
      options.parameters.filter(
        (p) => started.has(p) || reached([parameterAdjointName(p), sharedParameterAdjointName(p)]),
      ),
    ),
  };
}

// Implementation

/** Parameters that say where variables start. */
function startsOf(
  variables: PlannedModel["variables"],
  { parameters, surrogate }: AdjointOptions,
): Set<string> {
  const stores = variables.flatMap(
    ({ initial }) => (initial && initialAdjoint(initial, parameters, surrogate)?.actions) ?? [],
  );
  return new Set(stores.flatMap((action) => (action.kind === "store" ? [action.variable] : [])));
}

/** For each variable that a program stores, the variables that its new value is made of. */
function readsOf({ actions }: PlannedModel): [stored: string, read: string[]][] {
  const temporaries = new Map<string, string[]>();
  const namesIn = (term: Term): string[] => {
    if (term.kind === "operation") return term.operands.flatMap(namesIn);
    if (term.kind !== "symbol") return [];
    return term.symbol === "temporary" ? (temporaries.get(term.name) ?? []) : [term.name];
  };
  const stores: [string, string[]][] = [];
  for (const action of actions) {
    const read = [...new Set(namesIn(action.value))];
    if (action.kind === "temporary") temporaries.set(action.name, read);
    else stores.push([action.variable, read]);
  }
  return stores;
}
