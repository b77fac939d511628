import type { CommandExecutor } from '../commands/sender.js'
import { toNumber } from '../commands/transforms.js'
import type { Text } from '../commands/types/arguments.js'
import type { ScanReply } from '../commands/types/replies.js'

/** Options of a scan. */
export interface ScanOptions {
  /** A pattern, as in KEYS; default: everything. */
  readonly match?: string
  /** About how many elements the server examines per call; default: the server's, 10. */
  readonly count?: number
}

type Bulk = string | Buffer

/** What scans need of a client. */
type Caller = Pick<CommandExecutor, 'call'>

export async function* scanAll<B extends Bulk>(
  caller: Caller,
  options: ScanOptions & { readonly type?: string },
): AsyncGenerator<B> {
  const words = [...wordsOf(options), ...(options.type === undefined ? [] : ['TYPE', options.type])]
  for await (const part of parts<B>((cursor) => caller.call('SCAN', cursor, ...words))) yield* part
}

export async function* hscanAll<B extends Bulk>(
  caller: Caller,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, B]> {
  const words = wordsOf(options)
  for await (const part of parts<B>((cursor) => caller.call('HSCAN', key, cursor, ...words))) yield* pairsOf(part)
}

export async function* sscanAll<B extends Bulk>(caller: Caller, key: Text, options: ScanOptions): AsyncGenerator<B> {
  const words = wordsOf(options)
  for await (const part of parts<B>((cursor) => caller.call('SSCAN', key, cursor, ...words))) yield* part
}

export async function* zscanAll<B extends Bulk>(
  caller: Caller,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, number]> {
  const words = wordsOf(options)
  for await (const part of parts<B>((cursor) => caller.call('ZSCAN', key, cursor, ...words))) {
    for (const [member, score] of pairsOf(part)) yield [member, toNumber(score) as number]
  }
}

/** The replies of a scan, from the first cursor to the last. */
async function* parts<B extends Bulk>(scan: (cursor: string) => Promise<ScanReply<B>>): AsyncGenerator<B[]> {
  let cursor = '0'
  do {
    const part = await scan(cursor)
    yield part.elements
    cursor = part.cursor
  } while (cursor !== '0')
}

/** Pairs from a flat list: fields and values, or members and scores. */
function* pairsOf<B extends Bulk>(part: readonly B[]): Generator<[B, B]> {
  for (let i = 0; i + 1 < part.length; i += 2) yield [part[i] as B, part[i + 1] as B]
}

function wordsOf({ match, count }: ScanOptions): (string | number)[] {
  return [...(match === undefined ? [] : ['MATCH', match]), ...(count === undefined ? [] : ['COUNT', count])]
}
