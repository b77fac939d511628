import { table } from '../commands/catalogue.js'
import { checkArguments } from '../commands/check-arguments.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { toScan } from '../commands/transforms.js'
import type { Text } from '../commands/types/arguments.js'
import type { ScanReply } from '../commands/types/replies.js'
import { usage } from '../commands/usage.js'
import { isPlainObject } from '../options/rules.js'
import { doubleOf } from '../protocol/numbers.js'
import type { Argument } from '../protocol/types.js'
import { Dispatcher, type DispatchTarget } from './dispatcher.js'

/** Options of a scan. */
export interface ScanOptions {
  /** A pattern, as in KEYS; default: everything. */
  readonly match?: string
  /** About how many elements the server examines per call; default: the server's, 10. */
  readonly count?: number
}

type Bulk = string | Buffer

export async function* scanAll<B extends Bulk>(
  dispatcher: Dispatcher,
  options: ScanOptions & { readonly type?: string },
): AsyncGenerator<B> {
  for await (const part of parts<B>(dispatcher, table.SCAN, [], options, ['match', 'count', 'type'])) yield* part
}

export async function* hscanAll<B extends Bulk>(
  dispatcher: Dispatcher,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, B]> {
  for await (const part of parts<B>(dispatcher, table.HSCAN, [key], options)) yield* pairsOf(part)
}

export async function* sscanAll<B extends Bulk>(
  dispatcher: Dispatcher,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<B> {
  for await (const part of parts<B>(dispatcher, table.SSCAN, [key], options)) yield* part
}

export async function* zscanAll<B extends Bulk>(
  dispatcher: Dispatcher,
  key: Text,
  options: ScanOptions,
): AsyncGenerator<[B, number]> {
  for await (const part of parts<B>(dispatcher, table.ZSCAN, [key], options)) {
    for (const [member, score] of pairsOf(part)) yield [member, doubleOf(String(score)) as number]
  }
}

/**
 * Iterates over the replies of a scan, from the first cursor to the last.
 *
 * A cursor is valid only for the server process that returned it. After a restart or a failover, another process accepts any
 * cursor without an error, and elements would be missed. In a cluster, this also happens when a slot moves. So when the connection
 * has changed, the scan begins again, and elements may be returned twice.
 */
async function* parts<B extends Bulk>(
  dispatcher: Dispatcher,
  command: CommandDescriptor,
  key: readonly Argument[],
  options: object,
  names?: readonly string[],
): AsyncGenerator<B[]> {
  const method = `${command.name}_ITERATOR`
  const words = wordsOf(method, options, names)
  checkArguments(method, [command.name, ...key])
  const { target, settings } = dispatcher
  /** The scripts that the server of a connection has. There is one set for each connection, which so stands for it. */
  let sentOn: unknown
  const enqueue: DispatchTarget['enqueue'] = (request, signal) => {
    const { encode } = request
    // The reply comes on the connection that the command was last sent on. In a cluster, this may be one to another node.
    request.encode = (encoder, known) => {
      sentOn = known
      encode.call(request, encoder, known)
    }
    target.enqueue(request, signal)
  }
  const own = new Dispatcher({ ...target, enqueue }, { ...settings, raw: false })
  const descriptor: CommandDescriptor = {
    ...command,
    transform: (reply, options, args) => {
      if (!Array.isArray(reply) || !Array.isArray(reply[1])) throw new TypeError('not a cursor and elements')
      return toScan(reply, options, args)
    },
  }
  let cursor = '0'
  let source: unknown
  for (;;) {
    // In a transaction, the reply would be QUEUED.
    const refusal = target.state?.refusalOutsideTransaction(method)
    if (refusal !== undefined) throw refusal
    const part = await own.execute<ScanReply<B>>(descriptor, [command.name, ...key, cursor, ...words])
    const isContinued = cursor === '0' || sentOn === source
    source = sentOn
    cursor = isContinued ? part.cursor : '0'
    yield part.elements
    if (isContinued && cursor === '0') return
  }
}

/** Pairs from a flat list: fields and values, or members and scores. */
function* pairsOf<B extends Bulk>(part: readonly B[]): Generator<[B, B]> {
  for (let i = 0; i + 1 < part.length; i += 2) yield [part[i] as B, part[i + 1] as B]
}

/** @throws UsageError that names the method, and an option which does not exist */
function wordsOf(method: string, options: object, names: readonly string[] = ['match', 'count']): Argument[] {
  const expected = `expected an object with ${names.join(', ')}`
  let entries: [string, Argument | undefined][] | undefined
  try {
    if (isPlainObject(options)) entries = Object.entries(options)
  } catch (cause) {
    // A getter or a Proxy of the caller threw this error.
    throw usage(method, 'the options could not be read', cause)
  }
  if (entries === undefined) throw usage(method, `invalid options: ${expected}`)
  const unknown = entries.find(([name]) => !names.includes(name))
  if (unknown !== undefined) throw usage(method, `unknown option ${unknown[0]}: ${expected}`)
  return entries.flatMap(([name, value]) => (value === undefined ? [] : [name.toUpperCase(), value]))
}
