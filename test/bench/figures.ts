import type { Figures, Measured } from '../../bench/rounds.js'

/** Figures of a client from its rates, one per round. */
export const rates = (...values: number[]): Figures => ({
  rates: values,
  medianCalls: values,
  cpu: values.map((rate) => 1e6 / rate),
})

/** A measured workload. */
export const measured = (figures: Record<string, Figures>, targets: Record<string, number> = {}): Measured => ({
  title: 'GET <one> & another',
  unit: 'commands',
  figures,
  targets,
})
