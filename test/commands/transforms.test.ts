import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lookup, table } from '../../src/commands/catalogue.js'
import type { CommandDescriptor } from '../../src/commands/descriptor.js'
import { decodeModeOf, formOf } from '../../src/commands/reply-form.js'
import type { ReplyOptions } from '../../src/commands/reply-shapes.js'
import { transforms } from '../../src/commands/transforms.js'
import { IntegerTooLargeError } from '../../src/errors.js'
import { Decoder } from '../../src/protocol/decoder.js'
import type { Argument, Reply } from '../../src/protocol/types.js'

const defaults: ReplyOptions = { buffers: false, maps: 'object', sets: 'array', integers: 'number', raw: false }
const variants: ReplyOptions[] = [
  defaults,
  { ...defaults, maps: 'map', sets: 'set' },
  { ...defaults, buffers: true },
  { ...defaults, buffers: true, maps: 'map', sets: 'set', integers: 'bigint' },
]

/** A reply as a server builds it: what differs between the protocols has a name. */
type Built =
  | { readonly bulk: Buffer }
  | { readonly double: number }
  | { readonly boolean: boolean }
  | { readonly list: readonly Built[] }
  | { readonly set: readonly Built[] }
  | { readonly map: readonly (readonly [Built, Built])[] }
  | { readonly pairs: readonly (readonly [Built, Built])[] }
  | number
  | bigint
  | null

const bulk = (text: string): Built => ({ bulk: Buffer.from(text, 'latin1') })

/** `%.17g`, near enough: the text that a server sends for a double, which denotes it exactly. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

function bytesOf(reply: Built, protocol: 2 | 3): Buffer {
  const line = (text: string): Buffer => Buffer.from(`${text}\r\n`)
  const all = (type: string, elements: readonly Built[], length = elements.length): Buffer =>
    Buffer.concat([line(`${type}${length}`), ...elements.map((element) => bytesOf(element, protocol))])
  if (reply === null) return line(protocol === 3 ? '_' : '$-1')
  if (typeof reply !== 'object') return line(`:${reply}`)
  if ('bulk' in reply) return Buffer.concat([line(`$${reply.bulk.length}`), reply.bulk, line('')])
  if ('double' in reply) {
    const text = doubleText(reply.double)
    return protocol === 3 ? line(`,${text}`) : bytesOf(bulk(text), 2)
  }
  if ('boolean' in reply) return line(protocol === 3 ? (reply.boolean ? '#t' : '#f') : `:${Number(reply.boolean)}`)
  if ('list' in reply) return all('*', reply.list)
  if ('set' in reply) return all(protocol === 3 ? '~' : '*', reply.set)
  if ('map' in reply) {
    const flat = reply.map.flat()
    return protocol === 3 ? all('%', flat, reply.map.length) : all('*', flat)
  }
  // In turn by RESP2, each in an array of its own by RESP3.
  return protocol === 3
    ? all(
        '*',
        reply.pairs.map((pair) => ({ list: pair })),
      )
    : all('*', reply.pairs.flat())
}

function valueFrom(
  reply: Built,
  protocol: 2 | 3,
  args: readonly Argument[],
  options: ReplyOptions = defaults,
  descriptor: CommandDescriptor = lookup(args),
): unknown {
  const replies: Reply[] = []
  const mode = decodeModeOf(descriptor, options)
  new Decoder({ modeOfNext: () => mode, onReply: (value) => replies.push(value), onPush: () => {} }).decode(
    bytesOf(reply, protocol),
  )
  return formOf(replies[0] as Reply, descriptor, args, options, { detailsOf: (fate) => ({ fate }) })
}

const text = fc.oneof(
  fc.uint8Array({ maxLength: 8 }).map((bytes): Built => ({ bulk: Buffer.from(bytes) })),
  fc.constantFrom('__proto__', 'constructor', '10', '2', '', 'inf', 'nan', '1e3').map(bulk),
)
const double = fc.double().map((value): Built => ({ double: value }))
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
const boolean = fc.boolean().map((value): Built => ({ boolean: value }))
const nothing = fc.constant(null)
const listOf = (element: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  fc.array(element, { maxLength: 4 }).map((list) => ({ list }))
const tupleOf = (...elements: fc.Arbitrary<Built>[]): fc.Arbitrary<Built> =>
  fc.tuple(...elements).map((list) => ({ list }))
const setOf = (element: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  fc.array(element, { maxLength: 4 }).map((set) => ({ set }))
const mapOf = (name: fc.Arbitrary<Built>, value: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  fc.array(fc.tuple(name, value), { maxLength: 4 }).map((map) => ({ map }))
const pairsOf = (name: fc.Arbitrary<Built>, value: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  fc.array(fc.tuple(name, value), { maxLength: 4 }).map((pairs) => ({ pairs }))
/** A map with these members, any others, and no name twice. */
const recordOf = (members: Readonly<Record<string, fc.Arbitrary<Built>>>): fc.Arbitrary<Built> =>
  fc
    .record(members, { requiredKeys: [] })
    .map((given) => ({ map: Object.entries(given).map(([name, value]) => [bulk(name), value as Built] as const) }))

const flags = setOf(text)
const fields = fc.array(text, { maxLength: 3 }).map((names): Built => ({ list: names.flatMap((name) => [name, name]) }))
const entry = tupleOf(fc.constantFrom('1-0', '2-5').map(bulk), fc.oneof(fields, nothing))
const entries = listOf(entry)
const scored = fc
  .array(fc.tuple(text, double), { maxLength: 4 })
  .map((pairs): Built => ({ list: pairs.map((list) => ({ list })) }))
const position = tupleOf(double, double)
const keySpecification = recordOf({
  flags,
  begin_search: recordOf({ type: text, spec: recordOf({ index: integer }) }),
  find_keys: recordOf({ type: text, spec: recordOf({ lastkey: integer }) }),
})
const commandOf = (subcommands: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  fc.oneof(
    nothing,
    tupleOf(text, integer, flags, integer, integer, integer, flags, flags, listOf(keySpecification), subcommands),
  )
const argumentOf = (parts: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  recordOf({ name: text, type: text, flags, arguments: parts })
const argument = argumentOf(listOf(argumentOf(fc.constant({ list: [] }))))
const documentationOf = (subcommands: fc.Arbitrary<Built>): fc.Arbitrary<Built> =>
  recordOf({ summary: text, history: setOf(tupleOf(text, text)), arguments: listOf(argument), subcommands })

/** For each form of a reply: a command that has it, and the replies that a server may send to it. */
const samples: Readonly<Record<string, readonly [args: readonly Argument[], replies: fc.Arbitrary<Built>]>> = {
  text: [['INCRBYFLOAT', 'k', 1], text],
  map: [['HGETALL', 'k'], mapOf(text, text)],
  set: [['SMEMBERS', 'k'], setOf(text)],
  number: [['ZSCORE', 'k', 'm'], fc.oneof(double, nothing)],
  numbers: [['ZMSCORE', 'k', 'm'], listOf(fc.oneof(double, nothing))],
  boolean: [['VISMEMBER', 'k', 'm'], boolean],
  integer: [['INCR', 'k'], integer],
  time: [['PTTL', 'k'], integer],
  list: [['COMMAND', 'GETKEYSANDFLAGS', 'GET', 'k'], listOf(tupleOf(text, flags))],
  scored: [['ZPOPMIN', 'k', 2], pairsOf(text, double)],
  range: [['ZRANGE', 'k', 0, -1, 'WITHSCORES'], pairsOf(text, double)],
  combination: [['ZINTER', 2, 'a', 'b', 'WITHSCORES'], pairsOf(text, double)],
  rank: [['ZRANK', 'k', 'm', 'WITHSCORE'], fc.oneof(tupleOf(integer, double), nothing)],
  randomFields: [['HRANDFIELD', 'k', -3, 'WITHVALUES'], pairsOf(text, text)],
  keyMemberScore: [['BZPOPMIN', 'k', 1], fc.oneof(tupleOf(text, text, double), nothing)],
  keyMembers: [['ZMPOP', 1, 'k', 'MIN'], fc.oneof(tupleOf(text, scored), nothing)],
  entries: [['XRANGE', 'k', '-', '+'], entries],
  claimed: [['XAUTOCLAIM', 'k', 'g', 'c', 0, 0], tupleOf(fc.constant(bulk('0-0')), entries, listOf(text))],
  position: [['GEOPOS', 'k', 'm'], listOf(fc.oneof(position, nothing))],
  places: [['GEOSEARCH', 'k', 'WITHDIST', 'WITHCOORD'], listOf(tupleOf(text, text, integer, position))],
  similar: [['VSIM', 'k', 'ELE', 'm', 'WITHSCORES'], mapOf(text, double)],
  links: [['VLINKS', 'k', 'm', 'WITHSCORES'], listOf(mapOf(text, double))],
  vector: [['VEMB', 'k', 'm'], fc.oneof(listOf(double), nothing)],
  fields: [['CLIENT', 'TRACKINGINFO'], recordOf({ flags, redirect: integer, prefixes: listOf(text) })],
  records: [
    ['XINFO', 'GROUPS', 'k'],
    listOf(recordOf({ name: text, consumers: integer, lag: fc.oneof(integer, nothing) })),
  ],
  numberFields: [
    ['MEMORY', 'STATS'],
    recordOf({ 'peak.allocated': integer, 'db.0': recordOf({ overhead: integer }), 'dataset.percentage': double }),
  ],
  aclUser: [
    ['ACL', 'GETUSER', 'u'],
    fc.oneof(recordOf({ flags, commands: text, selectors: listOf(recordOf({ keys: text })) }), nothing),
  ],
  aclLog: [['ACL', 'LOG'], listOf(recordOf({ count: integer, 'age-seconds': double, reason: text }))],
  shards: [
    ['CLUSTER', 'SHARDS'],
    listOf(recordOf({ slots: listOf(integer), nodes: listOf(recordOf({ id: text, port: integer })) })),
  ],
  slotStatistics: [
    ['CLUSTER', 'SLOT-STATS', 'SLOTSRANGE', 0, 1],
    listOf(tupleOf(integer, recordOf({ 'key-count': integer }))),
  ],
  slots: [
    ['CLUSTER', 'SLOTS'],
    listOf(tupleOf(integer, integer, tupleOf(text, integer, text, recordOf({ hostname: text })))),
  ],
  commands: [['COMMAND', 'INFO', 'GET'], listOf(commandOf(listOf(commandOf(fc.constant({ list: [] })))))],
  documentation: [
    ['COMMAND', 'DOCS', 'GET'],
    recordOf({ get: documentationOf(recordOf({ 'config|get': documentationOf(recordOf({})) })) }),
  ],
  libraries: [
    ['FUNCTION', 'LIST'],
    listOf(recordOf({ library_name: text, functions: listOf(recordOf({ name: text, flags })) })),
  ],
  engines: [
    ['FUNCTION', 'STATS'],
    recordOf({
      running_script: fc.oneof(recordOf({ name: text }), nothing),
      engines: recordOf({ LUA: recordOf({ libraries_count: integer }) }),
    }),
  ],
  hello: [
    ['HELLO', 3],
    recordOf({ server: text, id: integer, modules: listOf(recordOf({ name: text, args: listOf(text) })) }),
  ],
  histogram: [
    ['LATENCY', 'HISTOGRAM'],
    recordOf({
      get: recordOf({
        calls: integer,
        histogram_usec: fc.constant({
          map: [
            [1, 5],
            [33, 9],
          ],
        }),
      }),
    }),
  ],
  stream: [
    ['XINFO', 'STREAM', 'k', 'FULL'],
    recordOf({
      length: integer,
      entries,
      'first-entry': fc.oneof(entry, nothing),
      groups: listOf(recordOf({ name: text, consumers: listOf(recordOf({ name: text })) })),
    }),
  ],
}

describe('a reply of random content has one value by RESP2 and by RESP3', () => {
  it.each(Object.entries(samples))('%s', (code, [args, replies]) => {
    expect([lookup(args).transform, lookup(args).integer]).toContain(transforms[code])
    fc.assert(
      fc.property(replies, fc.constantFrom(...variants), (reply, options) => {
        expect(valueFrom(reply, 3, args, options)).toEqual(valueFrom(reply, 2, args, options))
      }),
      { numRuns: 60 },
    )
  })

  it('of XREAD, which has a map by RESP3 and pairs by RESP2', () => {
    const streams = fc.array(fc.tuple(text, entries), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(streams, fc.constantFrom(...variants), (map, options) => {
        const args = ['XREAD', 'STREAMS', 'k', 0]
        const byPairs: Built = { list: map.map((list) => ({ list })) }
        expect(valueFrom({ map }, 3, args, options)).toEqual(valueFrom(byPairs, 2, args, options))
      }),
      { numRuns: 60 },
    )
  })

  it('of every form', () => {
    expect(Object.keys(transforms).filter((code) => !(code in samples))).toEqual(['streams', 'scan'])
  })
})

describe('nothing that the server sent is lost', () => {
  it('fields of an entry: their order, and a name that comes twice', () => {
    const flat = ['tag', 'red', 'tag', 'blue', '10', 'x', '2', 'y'].map(bulk)
    const reply: Built = { list: [{ list: [bulk('1-0'), { list: flat }] }] }
    const fieldsOf = [
      ['tag', 'red'],
      ['tag', 'blue'],
      ['10', 'x'],
      ['2', 'y'],
    ]
    for (const protocol of [2, 3] as const) {
      expect(valueFrom(reply, protocol, ['XRANGE', 's', '-', '+'])).toEqual([{ id: '1-0', fields: fieldsOf }])
    }
  })

  it('an entry that was deleted, and ids alone', () => {
    const claimed: Built = { list: [bulk('0-0'), { list: [{ list: [bulk('1-0'), null] }] }, { list: [] }] }
    expect(valueFrom(claimed, 2, ['XAUTOCLAIM', 's', 'g', 'c', 0, 0])).toEqual([
      '0-0',
      [{ id: '1-0', fields: null }],
      [],
    ])
    expect(valueFrom({ list: [bulk('1-0')] }, 3, ['XCLAIM', 's', 'g', 'c', 0, '1-0', 'JUSTID'])).toEqual(['1-0'])
  })

  it('what XREADGROUP with CLAIM says about pending entries', () => {
    const fieldsAndMore = [{ list: [bulk('f'), bulk('v')] }, 1_200, 3]
    const reply: Built = { map: [[bulk('s'), { list: [{ list: [bulk('1-0'), ...fieldsAndMore] }] }]] }
    const args = ['XREADGROUP', 'GROUP', 'g', 'c', 'CLAIM', 1_000, 'STREAMS', 's', '>']
    const expected = { s: [{ id: '1-0', fields: [['f', 'v']], idle: 1_200, deliveries: 3 }] }
    expect(valueFrom(reply, 3, args)).toEqual(expected)
  })

  it('a value that is left over in a list of pairs', () => {
    const reply: Built = { list: ['a', 'b', 'c'].map(bulk) }
    const flat = ['a', 'b', 'c']
    expect(valueFrom(reply, 2, ['HGETALL', 'k'])).toEqual(flat)
    expect(valueFrom(reply, 2, ['HRANDFIELD', 'k', 2, 'WITHVALUES'])).toEqual([['a', 'b'], ['c']])
    expect(valueFrom(reply, 2, ['ZPOPMIN', 'k'])).toEqual([['a', 'b'], ['c']])
    expect(valueFrom({ list: [reply] }, 2, ['XINFO', 'GROUPS', 'k'])).toEqual([flat])
  })

  it('entries of a stream that is read twice', () => {
    const stream = (id: string): readonly [Built, Built] => [
      bulk('s'),
      { list: [{ list: [bulk(id), { list: [bulk('f'), bulk('v')] }] }] },
    ]
    expect(
      valueFrom({ map: [stream('1-0'), stream('2-0')] }, 3, ['XREAD', 'STREAMS', 's', 's', 0, '1-0']),
    ).toMatchObject({
      s: [{ id: '1-0' }, { id: '2-0' }],
    })
  })

  it('entries of a stream that is read twice, however many they are', () => {
    const half = 200_000
    const stream: readonly [Built, Built] = [bulk('s'), { list: Array<Built>(half).fill(1) }]
    const reply = valueFrom({ map: [stream, stream] }, 3, ['XREAD', 'STREAMS', 's', 's', 0, 0])
    expect((reply as { readonly s: unknown[] }).s).toHaveLength(2 * half)
  })

  it('scores behind a number of keys that was passed as bytes', () => {
    const reply: Built = { pairs: [[bulk('m'), { double: 1 }]] }
    const [two, three] = ['2', '3'].map((digit) => new TextEncoder().encode(digit)) as [Uint8Array, Uint8Array]
    for (const protocol of [2, 3] as const) {
      expect(valueFrom(reply, protocol, ['ZINTER', two, 'a', 'b', 'WITHSCORES'])).toEqual([['m', 1]])
    }
    const args = ['VSIM', 'v', 'VALUES', three, 1, 2, 3, 'WITHSCORES']
    expect(valueFrom({ map: [[bulk('m'), { double: 1 }]] }, 3, args)).toEqual([['m', 1]])
  })

  it('the order of what is like a vector, although names are numbers', () => {
    const reply: Built = {
      map: [
        [bulk('10'), { double: 1 }],
        [bulk('2'), { double: 0.5 }],
      ],
    }
    const args = ['VSIM', 'v', 'ELE', 'x', 'WITHSCORES']
    for (const protocol of [2, 3] as const)
      expect(valueFrom(reply, protocol, args)).toEqual([
        ['10', 1],
        ['2', 0.5],
      ])
  })

  it('attributes of what is like a vector', () => {
    const args = ['VSIM', 'v', 'ELE', 'x', 'WITHSCORES', 'WITHATTRIBS']
    const resp2: Built = { list: [bulk('a'), { double: 1 }, bulk('{}'), bulk('b'), { double: 0.5 }, null] }
    const resp3: Built = {
      map: [
        [bulk('a'), { list: [{ double: 1 }, bulk('{}')] }],
        [bulk('b'), { list: [{ double: 0.5 }, null] }],
      ],
    }
    const expected = [
      ['a', 1, '{}'],
      ['b', 0.5, null],
    ]
    expect(valueFrom(resp2, 2, args)).toEqual(expected)
    expect(valueFrom(resp3, 3, args)).toEqual(expected)
  })

  it('a field at random that comes twice', () => {
    const reply: Built = {
      pairs: [
        [bulk('f'), bulk('1')],
        [bulk('f'), bulk('1')],
      ],
    }
    for (const protocol of [2, 3] as const) {
      const twice = [
        ['f', '1'],
        ['f', '1'],
      ]
      expect(valueFrom(reply, protocol, ['HRANDFIELD', 'h', -2, 'WITHVALUES'])).toEqual(twice)
    }
    const options: ReplyOptions = { ...defaults, sets: 'set' }
    expect(valueFrom({ list: [bulk('m'), bulk('m')] }, 3, ['SRANDMEMBER', 's', -2], options)).toEqual(['m', 'm'])
  })

  it('digits of a number with a fraction', () => {
    expect(valueFrom(bulk('9007199254740993.25'), 3, ['INCRBYFLOAT', 'k', 1])).toBe('9007199254740993.25')
    expect(valueFrom(bulk('0.10000000000000000555'), 2, ['HINCRBYFLOAT', 'h', 'f', 1])).toBe('0.10000000000000000555')
  })

  it('a double: each denotes itself again', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        for (const protocol of [2, 3] as const) {
          expect(valueFrom({ double: value }, protocol, ['ZSCORE', 'k', 'm'])).toBe(value)
        }
      }),
    )
  })

  it('a field named __proto__', () => {
    const object = valueFrom({ map: [[bulk('__proto__'), bulk('x')]] }, 2, ['HGETALL', 'h']) as Record<string, unknown>
    expect(Object.keys(object)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  it('text where a number is expected', () => {
    for (const given of ['', 'abc', ' 1', '0x10']) expect(valueFrom(bulk(given), 2, ['ZSCORE', 'k', 'm'])).toBe(given)
  })
})

describe('an option is not mistaken', () => {
  it('for a key or a member of the same name', () => {
    const members: Built = { list: ['a', 'b'].map(bulk) }
    const flat = ['a', 'b']
    expect(valueFrom(members, 2, ['ZRANGE', 'WITHSCORES', 0, -1])).toEqual(flat)
    expect(valueFrom(members, 2, ['ZINTER', 2, 'WITHSCORES', 'WITHSCORES'])).toEqual(flat)
    expect(valueFrom(members, 2, ['VSIM', 'v', 'ELE', 'WITHSCORES'])).toEqual(flat)
    expect(valueFrom(members, 2, ['VSIM', 'WITHSCORES', 'VALUES', 2, 1, 0])).toEqual(flat)
    expect(valueFrom(members, 2, ['HRANDFIELD', 'WITHVALUES', 2])).toEqual(flat)
    expect(valueFrom({ list: [{ list: flat.map(bulk) }] }, 2, ['VLINKS', 'v', 'WITHSCORES'])).toEqual([flat])
  })
})

describe('integers', () => {
  const beyond = 2n ** 53n + 1n

  it.each(['INCR', 'DECR', 'INCRBY', 'DECRBY', 'HINCRBY'] as const)(
    'of %s are numbers, or bigints by option',
    (name) => {
      const typed = table[name]
      expect(valueFrom(5, 3, [name, 'k'], defaults, typed)).toBe(5)
      expect(valueFrom(5, 3, [name, 'k'], { ...defaults, integers: 'bigint' }, typed)).toBe(5n)
      expect(valueFrom(beyond, 3, [name, 'k'], { ...defaults, integers: 'bigint' }, typed)).toBe(beyond)
    },
  )

  it.each(['INCR', 'PTTL'] as const)('beyond 2^53 of %s are told by an error that has them', (name) => {
    const call = (): unknown => valueFrom(beyond, 3, [name, 'k'], defaults, table[name])
    expect(call).toThrow(IntegerTooLargeError)
    try {
      call()
    } catch (error) {
      expect(error).toMatchObject({ code: 'INTEGER_TOO_LARGE', fate: 'executed', value: beyond, command: name })
    }
  })

  it.each(['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPEXPIRETIME'] as const)(
    'of %s are a list of numbers, or an error',
    (name) => {
      const args = [name, 'k', 'FIELDS', 2, 'a', 'b']
      expect(valueFrom({ list: [5, -1] }, 3, args, defaults, table[name])).toEqual([5, -1])
      expect(valueFrom({ list: [5, beyond] }, 3, args)).toEqual([5, beyond])
      expect(() => valueFrom({ list: [5, beyond] }, 3, args, defaults, table[name])).toThrow(
        expect.objectContaining({
          code: 'INTEGER_TOO_LARGE',
          value: beyond,
          message: expect.stringContaining('call()'),
        }),
      )
    },
  )

  it('are numbers or bigints from call', () => {
    expect(valueFrom(5, 3, ['INCR', 'k'], { ...defaults, integers: 'bigint' })).toBe(5)
    expect(valueFrom(beyond, 3, ['INCR', 'k'])).toBe(beyond)
  })
})

describe('with raw', () => {
  const raw: ReplyOptions = { ...defaults, raw: true }

  it('no reply is transformed, and maps are Maps', () => {
    expect(valueFrom({ map: [[bulk('a'), bulk('b')]] }, 2, ['HGETALL', 'k'], raw)).toEqual(['a', 'b'])
    expect(valueFrom({ map: [[bulk('a'), bulk('b')]] }, 3, ['HGETALL', 'k'], raw)).toEqual(new Map([['a', 'b']]))
    expect(valueFrom({ double: 1.5 }, 2, ['ZSCORE', 'k', 'm'], { ...raw, buffers: true })).toEqual(Buffer.from('1.5'))
    expect(valueFrom(2n ** 60n, 3, ['INCR', 'k'], raw, table.INCR)).toBe(2n ** 60n)
  })
})

describe('a reply that is no aggregate', () => {
  it.each(['INCR', 'TTL', 'ZSCORE', 'XADD', 'VADD'] as const)('of %s needs no mode but that of the options', (name) => {
    expect(decodeModeOf(table[name], defaults)).toBe(defaults)
  })

  it('is told apart from one that is decoded to arrays first', () => {
    expect(decodeModeOf(table.XRANGE, defaults)).not.toBe(defaults)
  })
})
