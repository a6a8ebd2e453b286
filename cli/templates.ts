/**
 * @file What `cajal new` writes.
 */

/**
 * The memory of a connectome beside rewired copies of it.
 *
 * @param name - Of the experiment.
 * @param schema - Address of the JSON Schema, for editors.
 */
export function memoryTemplate(name: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# How much does a nervous system remember, next to rewired copies of itself?
# Run it with \`cajal run\`; see what it would do with \`cajal run --dry-run\`.

name: ${name}
seed: 1                      # the root of all randomness: same seed, same bits
repeat: 1                    # fresh input nodes, weights and series each time

# The wiring. Your own: { path: matrix.csv }, also .npy, .npz or a list of edges.
connectome: { name: celegans, synapses: chemical }
transforms:
  - { kind: largest-component }

# Randomised copies to compare with: all degrees kept, everything else shuffled.
nullModels:
  - { kind: rewired, count: 20, swapsPerEdge: 10 }

network:
  neuron: { kind: leaky-echo-state, activation: tanh, leakRate: 1 }
  input: { nodes: { types: sensory }, gain: 1, weights: uniform }
  output: { nodes: { not: input } }

# Repeat a random input after 1 … maxDelay steps; capacity is the sum of r² over delays.
task: { kind: memory-capacity, steps: 4000, maxDelay: 40, washout: 200 }
readout: { kind: ridge, lambda: gcv, trainFraction: 0.7 }

# Values to try: lists, or { linspace: [first, last, n] }. The grid is the product of all lines.
sweep:
  network.spectralRadius: { linspace: [0.1, 2, 20] }
`;
}
