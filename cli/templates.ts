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

/** A network that organises itself, beside itself without one of its rules. */
export function sornTemplate(name: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# A network organises itself: synapses decay, grow and settle while its activity stays in bounds.
# Run it with \`cajal run\`; see what it would do with \`cajal run --dry-run\`.

kind: self-organisation
name: ${name}
seed: 1                      # the root of all randomness: same seed, same bits
repeat: 4                    # networks drawn anew; never trust one seed

# Presets: lazar2009, zheng2013, hartmann2015, delpapa2017, sorn-0.7.3. \`change:\` overrides single values.
network:
  preset: delpapa2017
  units: 200
  change: { noise: 0.2236 }
  # Learning rules of your own in place of the preset's, for E->E, I->E or E->I, in the order in which they act:
  # rules:
  #   E->E:
  #     - name: hebb
  #       equations: "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : max=1, prune=0"
  #       parameters: { eta: 0.002 }
  #     - { name: sp, births: 0.1 }
  #     - { name: sn, normalise: incoming }

# One stretch after the other. Rules are stdp, sp, sn, istdp and ip; \`freeze\` switches some or all off.
phases:
  - { name: organise, steps: 1000000 }
  - { name: frozen, steps: 100000, freeze: all }

record: { raster: true, connections: 1000, events: true }
analyses: [connections, rates, spikes, avalanches, weights, lifetimes]

# Networks to compare: the whole one, and those with one rule off from the start. Add stdp, sn, sp, istdp.
ablations: [none, ip]

# Values to try, by path; the grid is the product of all lines.
# sweep:
#   network.change.noise: [0.07, 0.2236, 2.236]
`;
}

/** The counting task: words whose last letter only a network that counts predicts. */
export function countingTemplate(name: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Words a bⁿ c and d eⁿ f: which letter comes next, and how far into the word are we?
# Run it with \`cajal run\`; see what it would do with \`cajal run --dry-run\`.

kind: self-organisation
name: ${name}
seed: 1                      # the root of all randomness: same seed, same bits
repeat: 4                    # networks drawn anew; never trust one seed

network: { preset: lazar2009, units: 200 }
input: { source: counting, n: 8, unitsPerSymbol: 10, gain: 1 }

# The network learns without a teacher; then everything is frozen and a readout is trained and tested.
phases:
  - { name: organise, steps: 50000 }
  - { name: train, steps: 5000, freeze: all, readout: train }
  - { name: test, steps: 5000, freeze: all, readout: test }

analyses: [connections, rates, readout]
# What is read out: the activity, or E.r, the internal prediction: the response without the input of the step.
readout: { states: [E.x] }

# Beside it: a network that never changes, and one without stdp, where intrinsic plasticity is what is left.
ablations: [none, all, stdp]

# Values to try, by path; the grid is the product of all lines.
sweep:
  input.n: [4, 8, 12, 16]
`;
}

/** A decision that a network learns under Dale's law. */
export function trainingTemplate(name: string, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# Fifty units that obey Dale's law learn which of two motions is the stronger (Song, Yang & Wang 2016).
# Run it with \`cajal train\`; see what it would do with \`cajal train --dry-run\`.

kind: training
name: ${name}
seed: 1                      # the root of all randomness: same seed, same bits
repeat: 2                    # fresh weights, trials and noise each time

# Others: context-integration, parametric-working-memory, delayed-match-to-sample, n-back, sequence-memory …
task: { name: perceptual-decision, coherences: [3.2, 6.4, 12.8, 25.6, 51.2] }

# \`dale: 0.8\` makes 80 % of the units excitatory. A connectome as wiring: connectome: { name: celegans }, and wiring:.
network:
  units: 50
  activation: relu
  dale: 0.8
  noise: 0.1
  # Excitation and inhibition balanced in each unit, radius 1. Without this line: as published, radius 1.5, and the
  # activity of some seeds grows from step to step.
  initial: { rec: { distribution: { kind: gamma, scale: 0.05 }, balance: rows, spectralRadius: 1 } }

optimiser: { kind: adam, learningRate: 0.02 }
# Adam's first steps push most weights alike, by all of the learning rate: at once they would make activity explode.
schedule: { kind: constant, warmUp: { length: 50, from: 0.05 } }
updates: 600
batchSize: 20

# Trials that are never trained on, each combination of conditions in turn; training stops when they are answered.
validation: { trials: 200, every: 25, conditions: grid }
earlyStopping: { criterion: fractionCorrect, target: 0.85, window: 2 }

# Fresh trials for the trained network, with a longer fixation.
test: { trials: 200, conditions: grid, task: { phase: testing } }

# Values to try, by path; the grid is the product of all lines.
sweep:
  optimiser.learningRate: [0.005, 0.02]
`;
}
