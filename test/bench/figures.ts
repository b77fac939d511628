import type { Figures, Measured } from '../../bench/rounds.js'

/** Figures of a contender from its rates, a round each. */
export const rates = (...values: number[]): Figures => ({ rates: values, cpu: values.map((rate) => 1e6 / rate) })

/** A workload as it was measured. */
export const measured = (figures: Record<string, Figures>, targets: Record<string, number> = {}): Measured => ({
  title: 'GET <one> & another',
  unit: 'commands',
  figures,
  targets,
})
