import { Channel } from '../channel.js'
import { resultOf } from '../child.js'
import type { Build } from './builds.js'
import type { Row } from './rows.js'

/** What a process is asked to do. */
export type Call = { readonly kind: 'turn'; readonly time: number } | { readonly kind: 'close' }

/** What a turn came to. */
export interface Figure {
  /** In the unit of the row: what the ratio is taken of. */
  readonly value: number
  /** Commands a second of the median call, where commands are measured. */
  readonly median?: number
  /** Microseconds of processor time a command, of all threads. */
  readonly cpu?: number
  /** How many times as long twice the bytes took to decode. */
  readonly doubling?: number
}

/** One build, ready to be measured in one row. */
export interface Subject {
  turn(time: number): Promise<Figure>
  close(): Promise<void>
}

/** Where the subjects of a run come from. */
export interface Stage {
  /** child.ts, compiled. */
  readonly script: string
  /** import-child.ts, compiled. */
  readonly importScript: string
  readonly port: number
}

/** Milliseconds before the first turn: the compiler of the process must have seen the workload. */
const warmup = 300

/**
 * Starts a process for a build. A fresh one in each round: how memory and compiled code happen to lie in a process makes it
 * a few percent faster or slower for as long as it lives, and only the figures of several processes show that.
 */
export async function startSubject(row: Row, build: Build, stage: Stage): Promise<Subject> {
  // An import, and the memory of a process, can be measured only once in its life.
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
