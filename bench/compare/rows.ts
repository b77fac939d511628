/** A measurement of both builds, one line of the report. */
export interface Row {
  readonly title: string
  /** What runs in the process: commands of a workload, decoding, an import, or memory. */
  readonly kind: 'workload' | 'decode' | 'import' | 'memory'
  /** The unit of its figures. */
  readonly unit: 'commands/s' | 'messages/s' | 'MB/s' | 'ms' | 'B'
  /** Whether a larger figure is better. */
  readonly larger: 'better' | 'worse'
  /** Turns of each build in a round. */
  readonly turns: number
  /** Whether the run fails if the build is slower. Memory is only reported. */
  readonly judged: boolean
  /** The largest number of rounds, for figures that vary so little that more would waste time. */
  readonly mostRounds?: number
}

/** Many short turns, so that a busy second of the machine affects both builds. */
const turns = 8

const workload = (title: string, unit: Row['unit'] = 'commands/s'): Row => ({
  title,
  kind: 'workload',
  unit,
  larger: 'better',
  turns,
  judged: true,
})

/** The forms of a large reply. */
export const decodeTitles = {
  bulk: 'Decode of one reply of 100 MB in chunks of 64 kB: a bulk, as Buffer',
  array: 'Decode of one reply of 100 MB in chunks of 64 kB: arrays of integers',
} as const

/** The form of the 100 MB. */
export type DecodeForm = keyof typeof decodeTitles

const decode = (form: DecodeForm): Row => ({ ...workload(decodeTitles[form], 'MB/s'), kind: 'decode', turns: 4 })

/** In the order of the report. The titles of workloads are those of `npm run bench`. */
export const rows: readonly Row[] = [
  workload('GET, bursts of 1,000 in one tick'),
  workload('GET, 64 concurrent loops'),
  workload('SET, 64 concurrent loops'),
  workload('GET, one at a time'),
  workload('Pipelines of 100 GET, one at a time'),
  workload('MULTI of 10 INCR, 20 in one tick'),
  workload('MGET of 100 keys, 20 in one tick'),
  workload('LRANGE of 1,000'),
  workload('HGETALL of 1,000 fields'),
  workload('GET of 8 MB as Buffer'),
  workload('SET of 64 kB Buffers, 100 in one tick'),
  workload('Messages received, 1 channel', 'messages/s'),
  decode('bulk'),
  decode('array'),
  { title: 'Import of the package', kind: 'import', unit: 'ms', larger: 'worse', turns: 4, judged: true },
  {
    title: 'Memory of 100,000 commands in flight, per command',
    kind: 'memory',
    unit: 'B',
    larger: 'worse',
    turns: 1,
    judged: false,
    mostRounds: 3,
  },
]
