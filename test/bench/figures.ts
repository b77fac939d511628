import type { Results } from '../../bench/results.js'
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

/** The results of a run that measured only this. */
export const results = (some: Partial<Results>): Results => ({
  environment: ['respite 1.2.3', 'some processor'],
  precision: { rounds: 3, mostRounds: 9, time: 100, precision: 0.05 },
  measured: [],
  latencies: [],
  memory: [],
  glide: [],
  tls: [],
  ...some,
})
