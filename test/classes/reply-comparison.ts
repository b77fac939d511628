import { isDeepStrictEqual } from 'node:util'
import { readKnowledge } from '../../scripts/generate/knowledge.js'
import { lookup, retryClassOf, table } from '../../src/commands/catalogue.js'
import type { CommandDescriptor } from '../../src/commands/descriptor.js'
import { decodeModeOf, formOf } from '../../src/commands/reply-form.js'
import type { ReplyOptions } from '../../src/commands/reply-shapes.js'
import { Decoder } from '../../src/protocol/decoder.js'
import { type Argument, ErrorReply, type Reply } from '../../src/protocol/types.js'
import { Chance } from '../simulation/chance.js'
import { Wire } from '../support/wire.js'
import { callOf, type Form } from './forms.js'
import type { Place } from './oracle.js'
import { declaredTypes, isOfType } from './reply-type.js'

/** Whether the reply to a command gives the same JavaScript value by RESP2 and RESP3, and of the declared type, whatever the options. */

const defaults: ReplyOptions = { buffers: false, maps: 'object', sets: 'array', integers: 'number', raw: false }
const variants: Readonly<Record<string, ReplyOptions>> = {
  'default options': defaults,
  'Map and Set': { ...defaults, maps: 'map', sets: 'set' },
  Buffers: { ...defaults, buffers: true },
  'Buffers, Map, Set and bigint': { buffers: true, maps: 'map', sets: 'set', integers: 'bigint', raw: false },
}

/**
 * Two calls of these can't give equal values, so only the kinds of values are compared: the reply is random, tells the time or
 * counts, is about its own connection, or depends on what the first call left behind.
 */
const ofTheMoment: ReadonlySet<string> = new Set([
  ...readKnowledge().flatMap(({ name, more }) => (more.has('reply-varies') ? [name] : [])),
  ...['ACL LIST', 'BGREWRITEAOF', 'BGSAVE', 'CLIENT ID', 'CLIENT INFO', 'CLIENT LIST', 'CLUSTER BUMPEPOCH'],
  ...[
    'CLUSTER SET-CONFIG-EPOCH',
    'COMMANDLOG GET',
    'DUMP',
    'FUNCTION DUMP',
    'HELLO',
    'LASTSAVE',
    'MEMORY MALLOC-STATS',
  ],
  ...['MEMORY USAGE', 'ROLE', 'SCAN', 'SLOWLOG GET', 'SPOP', 'XADD', 'XPENDING'],
])

/** Of these, which names a map has depends on the moment, too. */
const withoutNames: ReadonlySet<string> = new Set(['LATENCY HISTOGRAM'])

/** Two connections to one server, and what builds its state. */
export interface ReplyPlace {
  readonly place: Place
  readonly wires: readonly [Wire, Wire]
  close(): void
}

export async function openReplyPlace(place: Place & { close(): void }, port: number): Promise<ReplyPlace> {
  const wires = [await Wire.open(port), await Wire.open(port, { protocol: 3 })] as const
  return {
    place,
    wires,
    close() {
      place.close()
      for (const wire of wires) wire.close()
    },
  }
}

/** What comparing one call showed. */
export interface ReplyFinding {
  readonly command: string
  readonly call: string
  readonly isError: boolean
  /** Whether the bytes had different types, so that there was something to mend. */
  readonly isMended: boolean
  readonly differences: readonly string[]
}

/** Makes one call of this form, from the state of this seed, by both protocols. */
export async function compareReplies({ place, wires }: ReplyPlace, form: Form, seed: number): Promise<ReplyFinding> {
  const bytes: Buffer[] = []
  let args: Argument[] = []
  for (const wire of wires) {
    // The same state and call for both.
    if (args.length === 0 || retryClassOf(lookup(args), args) !== 'read') {
      const chance = new Chance(seed)
      await place.build(chance)
      args = callOf(form, chance, place.fillBy(chance))
    }
    bytes.push(await wire.bytesOf(...args))
  }
  const [resp2, resp3] = bytes as [Buffer, Buffer]
  return { ...differencesOf(args, resp2, resp3), call: args.map(String).join(' ').slice(0, 120) }
}

/** The differences between the values that the bytes of both protocols give, and between these and the declared types. */
export function differencesOf(args: readonly Argument[], resp2: Buffer, resp3: Buffer): Omit<ReplyFinding, 'call'> {
  const called = lookup(args)
  const typed = (table as Readonly<Record<string, CommandDescriptor>>)[called.name]
  const areKindsCompared = ofTheMoment.has(called.name)
  const differences: string[] = []
  for (const [title, options] of Object.entries(variants)) {
    for (const descriptor of typed === undefined || typed === called ? [called] : [called, typed]) {
      const [one, other] = [resp2, resp3].map((bytes) => valueFrom(bytes, descriptor, args, options))
      const kinds = [one, other].map((value) => kindOf(value, withoutNames.has(called.name)))
      const isSame = areKindsCompared ? isDeepStrictEqual(kinds[0], kinds[1]) : isDeepStrictEqual(one, other)
      if (!isSame) differences.push(`${title}: ${show(one)} and ${show(other)}`)
    }
    for (const bytes of typed === undefined ? [] : [resp2, resp3]) {
      const value = valueFrom(bytes, typed as CommandDescriptor, args, options)
      const declared = declaredTypes(called.name, args)
      if (declared === undefined || value instanceof ErrorReply) continue
      if (declared.some((type) => isOfType(value, type, options))) continue
      differences.push(`${title}: declared is ${declared.join(' or ')}, and it is ${show(value)}`)
    }
  }
  const raw = [resp2, resp3].map((bytes) => decode(bytes, { ...defaults, raw: true }, called))
  return {
    command: called.name,
    isError: raw[0] instanceof ErrorReply,
    isMended: !isDeepStrictEqual(kindOf(raw[0]), kindOf(raw[1])),
    differences,
  }
}

function valueFrom(
  bytes: Buffer,
  descriptor: CommandDescriptor,
  args: readonly Argument[],
  options: ReplyOptions,
): unknown {
  const reply = decode(bytes, options, descriptor)
  if (reply instanceof ErrorReply) return reply
  return formOf(reply, descriptor, args, options, { detailsOf: (fate) => ({ fate }) })
}

function decode(bytes: Buffer, options: ReplyOptions, descriptor: CommandDescriptor): Reply {
  const replies: Reply[] = []
  const mode = decodeModeOf(descriptor, options)
  const decoder = new Decoder({
    modeOfNext: () => mode,
    onReply: (value) => replies.push(value),
    onPush: () => undefined,
  })
  decoder.decode(bytes)
  if (replies.length !== 1) throw new Error(`${descriptor.name}: ${replies.length} replies`)
  return replies[0] as Reply
}

/** What kinds of values stand where; of an array, which kinds it has. Whether it is an error depends on the moment. */
function kindOf(value: unknown, isWithoutNames = false): unknown {
  const kind = (element: unknown): unknown => kindOf(element, isWithoutNames)
  const kindsIn = (values: Iterable<unknown>): unknown[] =>
    [...new Set([...values].map((element) => JSON.stringify(kind(element))))].sort()
  const kindsOfMap = (entries: readonly [unknown, unknown][]): unknown =>
    isWithoutNames ? kindsIn(entries.flat()) : entries.map(([key, element]) => [String(key), kind(element)])
  if (value === null) return 'null'
  if (value instanceof ErrorReply) return 'string'
  if (value instanceof Uint8Array) return 'bytes'
  if (Array.isArray(value)) return kindsIn(value)
  if (value instanceof Set) return { set: kindsIn(value) }
  if (value instanceof Map) return { map: kindsOfMap([...value]) }
  return typeof value === 'object' ? { object: kindsOfMap(Object.entries(value)) } : typeof value
}

const show = (value: unknown): string =>
  String(
    JSON.stringify(value, (_, part) =>
      part instanceof Map || part instanceof Set
        ? [part.constructor.name, ...part]
        : typeof part === 'bigint'
          ? `${part}n`
          : part,
    ),
  ).slice(0, 400)
