import type { ScanReply } from '../commands/keys.js'
import type { Commands } from '../commands/methods.js'
import type { Text } from '../commands/sender.js'
import { toNumber } from '../commands/transforms.js'

/** Options of a scan. */
export interface ScanOptions {
  /** A pattern, as in KEYS; default: everything. */
  readonly match?: string
  /** About how many elements the server examines per call; default: the server's, 10. */
  readonly count?: number
}

type Bulk = string | Buffer

export async function* scanAll<B extends Bulk>(
  commands: Commands<B>,
  options: ScanOptions & { readonly type?: string },
): AsyncGenerator<B> {
  const words = [...wordsOf(options), ...(options.type === undefined ? [] : ['TYPE', options.type])]
  for await (const part of parts((cursor) => commands.scan(cursor, ...words))) yield* part
}

export async function* hscanAll<B extends Bulk>(
  commands: Commands<B>,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, B]> {
  const words = wordsOf(options)
  for await (const part of parts((cursor) => commands.hscan(key, cursor, ...words))) yield* pairsOf(part)
}

export async function* sscanAll<B extends Bulk>(
  commands: Commands<B>,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<B> {
  const words = wordsOf(options)
  for await (const part of parts((cursor) => commands.sscan(key, cursor, ...words))) yield* part
}

export async function* zscanAll<B extends Bulk>(
  commands: Commands<B>,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, number]> {
  const words = wordsOf(options)
  for await (const part of parts((cursor) => commands.zscan(key, cursor, ...words))) {
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
