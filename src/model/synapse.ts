/**
 * @file A synapse: equations of one weight, of what it sees of its two neurons, and of traces it keeps. It has no size;
 * attached to a projection by {@link synapticRule} it becomes a learning rule of all its weights.
 */

/** A synapse model as plain data. */
export interface Synapse {
  kind: "synapse";
  /** What messages call it. */
  name: string;
  /** Constants during a run, one value per projection. */
  parameters: Readonly<Record<string, number>>;
  /** Text in the equation language, see docs/equations.md. */
  equations: string;
}

/**
 * Define a synapse by its equations: `w` is the weight, `pre.x` and `post.x` are variables of its neurons after the
 * step. Flags of the line that changes `w`: `min`, `max` clamp it, `prune` removes the synapse at or below a value.
 *
 * @example
 * const stdp = synapse({
 *   parameters: { eta: 0.004 },
 *   equations: "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : max=1, prune=1e-10",
 * });
 */
export function synapse(definition: {
  name?: string;
  parameters?: Record<string, number>;
  equations: string;
}): Synapse {
  const { name = "synapse", parameters = {}, equations } = definition;
  return { kind: "synapse", name, parameters: { ...parameters }, equations };
}
