/**
 * @file A neuron: equations with parameters, no size. It becomes a population in a network.
 */

/** A neuron model as plain data. */
export interface Neuron {
  kind: "neuron";
  /** What messages call it. */
  name: string;
  /** Default value of each parameter; a population may override them, per unit or per instance. */
  parameters: Readonly<Record<string, number>>;
  /** Text in the equation language, see docs/equations.md. */
  equations: string;
  /** Rules by which the neuron itself adapts, by name: further lines, each rule can be frozen during a run. */
  plasticity: Readonly<Record<string, string>>;
}

/**
 * Define a neuron by its equations.
 *
 * @param definition.parameters - Constants during a run, by name.
 * @param definition.equations - One statement a line: ODEs (`tau * dx/dt + x = …`) and assignments (`r = tanh(x)`).
 * @param definition.plasticity - Lines that run after the equations, by the name of a rule: intrinsic plasticity as in
 *   `{ ip: "T += eta * (x - rate)" }`. A frozen rule leaves its variables as they are.
 * @example
 * const esn = neuron({
 *   parameters: { tau: 30, g: 1.5, noise: 0.01 },
 *   equations: `
 *     tau * dx/dt + x = sum(in) + g * sum(exc) + noise * Uniform(-1, 1)
 *     r = tanh(x)
 *   `,
 * });
 */
export function neuron(definition: {
  name?: string;
  parameters?: Record<string, number>;
  equations: string;
  plasticity?: Record<string, string>;
}): Neuron {
  const { name = "neuron", parameters = {}, equations, plasticity = {} } = definition;
  return { kind: "neuron", name, parameters: { ...parameters }, equations, plasticity: { ...plasticity } };
}
