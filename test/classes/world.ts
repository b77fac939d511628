import { createHash } from 'node:crypto'
import { type Argument, ErrorReply, type Reply } from '../../src/protocol/types.js'
import type { Chance } from '../simulation/chance.js'
import { Wire } from '../support/wire.js'
import type { Fill } from './forms.js'

/** The state of a server, small and of every kind, made from a seed, and read whole. */

const members = ['a', 'b', 'c', 'd', 'e']
const values = ['a', 'b', 'abc', '5', '-3', '', 'é\u0000']
const script = 'return 1'
const library = (name: string, result: number): string =>
  `#!lua name=${name}\nredis.register_function{function_name='f${name}', callback=function() return ${result} end, flags={'no-writes'}}`
const codes = [library('lib', 1), library('lib', 2), library('other', 1)]
const farMs = 100_000_000

/** What a server holds: text that must be equal, and times that may differ by a few seconds. */
export interface State {
  readonly texts: ReadonlyMap<string, string>
  readonly times: ReadonlyMap<string, number>
}

/** The first difference, or undefined. */
export function differenceOf(one: State, other: State): string | undefined {
  for (const key of new Set([...one.texts.keys(), ...other.texts.keys()])) {
    const [before, after] = [one.texts.get(key), other.texts.get(key)]
    if (before !== after) return `${key}: ${before} -> ${after}`
  }
  for (const key of new Set([...one.times.keys(), ...other.times.keys()])) {
    const [before, after] = [one.times.get(key) ?? -1, other.times.get(key) ?? -1]
    if (Math.abs(before - after) > 5_000) return `${key} expires: ${before} -> ${after}`
  }
  return undefined
}

export class World {
  readonly wire: Wire
  readonly #port: number
  #victim: Wire
  #victimId = 0
  readonly #libraries: Buffer[] = []
  #dumps: Buffer[] = []
  #clean = new Map<string, string>()

  private constructor(port: number, wire: Wire, victim: Wire) {
    this.#port = port
    this.wire = wire
    this.#victim = victim
  }

  static async open(port: number): Promise<World> {
    const world = new World(port, await Wire.open(port, { buffers: true }), await Wire.open(port))
    await world.wire.send('FUNCTION', 'FLUSH')
    for (const code of codes) {
      await world.wire.send('FUNCTION', 'LOAD', 'REPLACE', code)
      world.#libraries.push((await world.wire.send('FUNCTION', 'DUMP')) as Buffer)
    }
    world.#clean = await world.#config()
    return world
  }

  close(): void {
    this.wire.close()
    this.#victim.close()
  }

  /** The same seed, the same state. */
  async build(chance: Chance): Promise<void> {
    const commands: Argument[][] = [
      ['CLIENT', 'UNPAUSE'],
      ['SELECT', 0],
      ['FLUSHALL'],
      ['FUNCTION', 'FLUSH'],
      ['SCRIPT', 'FLUSH'],
      ['SCRIPT', 'LOAD', script],
      ['ACL', 'DELUSER', 'u1', 'u9'],
      ['ACL', 'SETUSER', 'u1', 'on', '>q', '~k', '+get'],
      ['ACL', 'SAVE'],
      ['SLOWLOG', 'RESET'],
    ]
    for (const [name, value] of this.#clean) commands.push(['CONFIG', 'SET', name, value])
    commands.push(['CONFIG', 'SET', 'maxmemory-policy', chance.happens(0.3) ? 'allkeys-lfu' : 'noeviction'])
    if (chance.happens(0.7)) commands.push(['FUNCTION', 'LOAD', chance.pick(codes)])
    const some = (least: number, most: number): string[] =>
      Array.from({ length: chance.between(least, most) }, () => chance.pick(members))
    commands.push(['SET', 'n1', chance.between(-9, 9)], ['SET', 'n2', 10])
    for (const i of [1, 2, 3]) {
      if (chance.happens(0.8)) commands.push(['SET', `s${i}`, chance.pick(values)])
      commands.push(['RPUSH', `L${i}`, ...(i === 3 ? [3, 1, 2] : ['m', ...some(1, 5)])])
      commands.push(['SADD', `S${i}`, ...some(1, 5)])
      commands.push(['ZADD', `Z${i}`, ...some(1, 5).flatMap((member) => [chance.between(-3, 3), member])])
      commands.push(['HSET', `H${i}`, '7', 1, ...some(1, 4).flatMap((field) => [`f${field}`, chance.pick(values)])])
      commands.push(['GEOADD', `G${i}`, 13.1, 38.1, 'a', 15, 37 + i / 10, chance.pick(members)])
      commands.push(['PFADD', `P${i}`, ...some(1, 5)])
    }
    commands.push(['HPEXPIREAT', 'H1', Date.now() + farMs, 'FIELDS', 2, 'fa', 'fb'])
    for (const name of ['X1', 'X2']) {
      for (const id of ['1-1', '2-1', '3-1']) commands.push(['XADD', name, id, 'f', chance.pick(values)])
      commands.push(['XGROUP', 'CREATE', name, 'g', '0'], ['XGROUP', 'CREATECONSUMER', name, 'g', 'alice'])
      commands.push(['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', chance.between(1, 3), 'STREAMS', name, '>'])
    }
    for (let i = 1; i <= 300; i += 1) commands.push(['XADD', 'XL', `${i}-1`, 'f', i])
    for (const name of ['V1', 'V2']) {
      for (const member of members.slice(0, 3))
        commands.push(['VADD', name, 'VALUES', 2, chance.between(1, 5), 0.5, member])
      commands.push(['VSETATTR', name, 'a', '{"a":2}'])
    }
    for (const member of members)
      commands.push(['SET', `w_${member}`, chance.between(0, 9)], ['HSET', `h_${member}`, 'w', 1])
    for (const key of this.#keys) {
      if (chance.happens(0.25)) commands.push(['PEXPIREAT', key, Date.now() + farMs])
    }
    commands.push(['SELECT', 1], ['SET', 's1', 'other'], ['RPUSH', 'L2', 'x'], ['SELECT', 0])
    await this.#all(commands)
    this.#dumps = (await this.#all(['s1', 'L1', 'H1', 'Z1', 'S1'].map((key) => ['DUMP', key]))).filter(
      (dump) => dump instanceof Uint8Array,
    ) as Buffer[]
    if (!this.#victim.isOpen) this.#victim = await Wire.open(this.#port)
    this.#victimId = Number(await this.#victim.send('CLIENT', 'ID'))
  }

  readonly #keys = [
    's1',
    's2',
    's3',
    'n1',
    'L1',
    'L2',
    'L3',
    'S1',
    'S2',
    'Z1',
    'Z2',
    'H1',
    'H2',
    'X1',
    'G1',
    'P1',
    'V1',
  ]

  /** What stands for the placeholders of a form. */
  fillBy(chance: Chance): Fill {
    const oneOf =
      (...choices: readonly string[]) =>
      (): Argument =>
        chance.pick(choices)
    const typed = (letter: string) =>
      oneOf(`${letter}1`, `${letter}1`, `${letter}2`, `${letter}2`, `${letter}3`, `${letter}9`)
    const makers: Readonly<Record<string, () => Argument>> = {
      ...Object.fromEntries(['s', 'L', 'S', 'Z', 'H', 'G', 'P'].map((letter) => [letter, typed(letter)])),
      X: oneOf('X1', 'X1', 'X2', 'X9'),
      V: oneOf('V1', 'V1', 'V2', 'V9'),
      n: oneOf('n1', 'n2', 'n9'),
      K: oneOf(...this.#keys, 's9', 'L9'),
      new: oneOf('new1', 'new2'),
      v: oneOf(...values),
      i: () => chance.between(-3, 3),
      u: () => chance.between(0, 4),
      f: oneOf('fa', 'fb', 'fc', '7', 'f9'),
      m: oneOf(...members, 'm'),
      id: oneOf('1-1', '2-1', '3-1', '9-1'),
      future: () => Math.floor(Date.now() / 1_000) + farMs,
      past: () => 1,
      futurems: () => Date.now() + 2 * farMs,
      pastms: () => 1,
      dump: () => chance.pick(this.#dumps),
      functions: () => chance.pick(this.#libraries),
      code: oneOf(...codes),
      sha: () => createHash('sha1').update(script).digest('hex'),
      client: () => this.#victimId,
    }
    return (placeholder) => {
      const make = makers[placeholder]
      if (make === undefined) throw new Error(`forms.txt: {${placeholder}}`)
      return make()
    }
  }

  async read(): Promise<State> {
    const texts = new Map<string, string>()
    const times = new Map<string, number>()
    for (const database of [0, 1]) {
      await this.wire.send('SELECT', database)
      const keys = ((await this.wire.send('KEYS', '*')) as Buffer[]).map(String).sort()
      const types = (await this.#all(keys.map((key) => ['TYPE', key]))).map(String)
      const reads = keys.map((key, i) => readsOf(types[i] as string, key))
      const replies = await this.#all(reads.flat())
      let at = 0
      keys.forEach((key, i) => {
        const own = replies.slice(at, at + (reads[i] as Argument[][]).length)
        at += own.length
        const [expires, ...contents] = own
        texts.set(
          `${database}/${key}`,
          `${types[i]} ${JSON.stringify(contents.map((reply) => plain(reply, types[i] as string)))}`,
        )
        times.set(`${database}/${key}`, Number(expires))
        if (types[i] === 'hash' && Array.isArray(contents[1])) {
          times.set(
            `${database}/${key} fields`,
            (contents[1] as number[]).reduce((sum, time) => sum + time, 0),
          )
        }
      })
    }
    await this.wire.send('SELECT', 0)
    const [users, functions, scripts, slow, clients] = await this.#all([
      ['ACL', 'LIST'],
      ['FUNCTION', 'LIST', 'WITHCODE'],
      [
        'SCRIPT',
        'EXISTS',
        ...['return 1', 'return(7)', 'return(8)'].map((text) => createHash('sha1').update(text).digest('hex')),
      ],
      ['SLOWLOG', 'LEN'],
      ['CLIENT', 'LIST'],
    ])
    texts.set('users', JSON.stringify(plain(users as Reply)))
    texts.set('functions', JSON.stringify(plain(functions as Reply)))
    texts.set('scripts', JSON.stringify(plain(scripts as Reply)))
    texts.set('slowlog', JSON.stringify(plain(slow as Reply)))
    texts.set('victim', String(String(clients).includes(`id=${this.#victimId} `)))
    for (const [name, value] of await this.#config()) texts.set(`config ${name}`, value)
    return { texts, times }
  }

  async #config(): Promise<Map<string, string>> {
    const flat = (await this.wire.send('CONFIG', 'GET', '*-max-*')) as Buffer[]
    const samples = (await this.wire.send('CONFIG', 'GET', 'maxmemory-samples')) as Buffer[]
    const all = [...flat, ...samples].map(String)
    return new Map(all.flatMap((name, i) => (i % 2 === 0 ? [[name, all[i + 1] as string] as const] : [])))
  }

  #all(commands: readonly (readonly Argument[])[]): Promise<Reply[]> {
    return Promise.all(commands.map((command) => this.wire.send(...command)))
  }
}

function readsOf(type: string, key: string): Argument[][] {
  const contents: Record<string, Argument[][]> = {
    string: [['GET', key]],
    list: [['LRANGE', key, 0, -1]],
    set: [['SMEMBERS', key]],
    zset: [['ZRANGE', key, 0, -1, 'WITHSCORES']],
    hash: [
      ['HGETALL', key],
      ['HPEXPIRETIME', key, 'FIELDS', 6, 'fa', 'fb', 'fc', 'fd', 'fe', '7'],
    ],
    stream: [['XINFO', 'STREAM', key, 'FULL', 'COUNT', 0]],
    vectorset: ['VCARD', 'VDIM']
      .map((name) => [name, key])
      .concat(
        members.flatMap((m) => [
          ['VEMB', key, m],
          ['VGETATTR', key, m],
        ]),
      ),
  }
  return [['PEXPIRETIME', key], ...(contents[type] ?? [['DUMP', key]])]
}

/** As JSON can tell it: bytes as Latin-1; of what has no order the order taken, of what the clock says nothing. */
export function plain(reply: Reply, type = ''): unknown {
  if (reply instanceof ErrorReply) return { error: reply.message }
  if (reply instanceof Uint8Array) return withoutCache(Buffer.from(reply)).toString('latin1')
  if (typeof reply === 'bigint') return `${reply}n`
  if (!Array.isArray(reply)) return reply
  const elements = reply.map((element) => plain(element))
  if (type === 'set') return (elements as string[]).sort()
  if (type === 'hash')
    return typeof elements[0] === 'number' ? elements.map((time) => Number(time) > 0) : inPairs(elements)
  return type === 'stream' ? withoutClock(elements) : elements
}

const inPairs = (flat: readonly unknown[]): string[] =>
  flat.flatMap((name, i) => (i % 2 === 0 ? [JSON.stringify([name, flat[i + 1]])] : [])).sort()

/** The header of a HyperLogLog keeps the last count, which reading it may refresh. */
function withoutCache(bytes: Buffer): Buffer {
  if (bytes.subarray(0, 4).toString('latin1') === 'HYLL') bytes.fill(0, 8, 16)
  return bytes
}

/** XINFO STREAM FULL without times of delivery and of being seen. */
function withoutClock(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  // An element of a list of pending entries: id, consumer, time, count; or id, time, count.
  const isTime = (i: number): boolean =>
    typeof value[i] === 'number' && (value[i] as number) > 1e12 && (value.length === 3 || value.length === 4)
  return value.map((element, i) => {
    if (['seen-time', 'active-time'].includes(String(value[i - 1])) || isTime(i)) return 0
    return withoutClock(element)
  })
}
