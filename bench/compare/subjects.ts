import { Channel } from '../channel.js'
import { resultOf } from '../child.js'
import type { Build } from './builds.js'
import type { Row } from './rows.js'

/** The calls to a process. */
export type Call = { readonly kind: 'turn'; readonly time: number } | { readonly kind: 'close' }

/** The result of a turn. */
export interface Figure {
  /** In the unit of the row; the ratios are computed from it. */
  readonly value: number
  /** Commands per second of the median call, if commands are measured. */
  readonly median?: number
  /** Microseconds of processor time per command, of all threads. */
  readonly cpu?: number
  /** For a decoder: the time for twice the bytes divided by the time for the bytes. */
  readonly doubling?: number
}

/** One build, ready to be measured in one row. */
export interface Subject {
  turn(time: number): Promise<Figure>
  close(): Promise<void>
}

/** What is needed to start the subjects of a run. */
export interface Stage {
  /** child.ts, compiled. */
  readonly script: string
  /** import-child.ts, compiled. */
  readonly importScript: string
  readonly port: number
}

/** Milliseconds before the first turn, in which the compiler optimizes the code for the workload. */
const warmup = 300

/**
 * Starts a process for a build, in each round a new one. The layout of memory and compiled code, which differs by chance, makes a
 * process a few percent faster or slower for its whole life. Only several processes show this variation.
 */
export async function startSubject(row: Row, build: Build, stage: Stage): Promise<Subject> {
  // An import, and the memory of a process, can be measured only once in a process.
  if (row.kind === 'import') return { turn: () => importOnce(build, stage), close: async () => {} }
  if (row.kind === 'memory') return { turn: (time) => onlyTurn(row, build, stage, time), close: async () => {} }
  const channel = await open(row, build, stage)
  const turn = async (time: number): Promise<Figure> => (await channel.ask({ kind: 'turn', time })) as Figure
  await turn(warmup)
  return { turn, close: () => channel.end({ kind: 'close' }) }
}

async function importOnce({ entry }: Build, { importScript }: Stage): Promise<Figure> {
  return { value: await resultOf<number>(process.execPath, [importScript, entry]) }
}

async function onlyTurn(row: Row, build: Build, stage: Stage, time: number): Promise<Figure> {
  const channel = await open(row, build, stage)
  const figure = (await channel.ask({ kind: 'turn', time })) as Figure
  await channel.end({ kind: 'close' })
  return figure
}

async function open(row: Row, { entry, description }: Build, { script, port }: Stage): Promise<Channel<Call>> {
  const channel = new Channel<Call>(`${row.title}, ${description}`, {
    script,
    args: [entry, String(port), row.title],
    execArgv: row.kind === 'memory' || row.kind === 'decode' ? ['--expose-gc'] : [],
  })
  await channel.answer()
  return channel
}
