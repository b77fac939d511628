import { isUint8Array } from 'node:util/types'
import { createClient } from '../../../src/index.js'
import type { Chance } from '../../simulation/chance.js'
import type { Call } from '../call.js'
import { invoke } from '../invoke.js'
import { rightOptions, type TriedOptions, wrongOptions } from '../options.js'
import { anySendable, anyUnsendable, anyValue } from '../values.js'
import type { CallMaker, World } from '../world.js'
import { actsOf, viewOf } from './writes.js'

/** Methods that are not called at random: they close the client, wait on the shared connection, or are internal. */
const notAnyhow = new Set([
  'constructor',
  'close',
  'destroy',
  'wait',
  'waitaof',
  'with',
  'execute',
  'executeOwn',
  'refuse',
  'multi',
  'session',
])
/** The same for methods that stop, change or empty the server, or what other calls use of it. */
const ofServer =
  /^(acl|backup|bg|client|cluster|commandlog|config|debug|failover|flush|function|hotkeys|latency|memory|migrate|module|move|pf(debug|selftest)|replicaof|save|script|shutdown|slaveof|slowlog|swapdb|trimslots)(?=[A-Z]|$)|^bg/

/** Names of all methods of an object, inherited ones included. */
export function methodsOf(target: object): string[] {
  const names = new Set<string>()
  for (let o = target; o !== Object.prototype; o = Object.getPrototypeOf(o)) {
    for (const name of Object.getOwnPropertyNames(o)) {
      if (typeof Object.getOwnPropertyDescriptor(o, name)?.value === 'function') names.add(name)
    }
  }
  return [...names].filter((name) => !notAnyhow.has(name) && !ofServer.test(name)).sort()
}

const words = [
  'EX',
  'NX',
  'GET',
  'LIMIT',
  'MATCH',
  'COUNT',
  'STREAMS',
  'BLOCK',
  'STORE',
  'BY',
  'WITHSCORES',
  '0',
  '*',
  '$',
]
const keys = ['some:1', 'some:2', 'some:3', 'some:4', 'some:5']

/** An argument that is valid for some command, or for none. */
export function anyArgument(chance: Chance, token: string): { readonly title: string; readonly given: unknown } {
  const kind = chance.fraction()
  if (kind < 0.3) return text(chance.pick(keys))
  if (kind < 0.4) return text(chance.pick(words))
  if (kind < 0.5) {
    const number = chance.pick([0, 1, 2, 10, -1, 0.01, 1.5])
    return { title: String(number), given: number }
  }
  if (kind < 0.6) return { title: 'an array of keys', given: keys.slice(0, chance.between(0, 3)) }
  if (kind < 0.65) return { title: 'an object of pairs', given: { a: 1, [token]: anyValue(chance, token).given } }
  if (kind < 0.67) return { title: '20,000 keys', given: new Array(20_000).fill('some:1') }
  return kind < 0.85 ? anySendable(chance, token) : anyUnsendable(chance, token)
}

const text = (given: string) => ({ title: `'${given}'`, given })

function anyArguments(chance: Chance, token: string): { readonly title: string; readonly list: readonly unknown[] } {
  const count = chance.happens(0.01) ? 3_000 : chance.skewed(0, 7)
  const made = Array.from({ length: count }, () => anyArgument(chance, token))
  return {
    title: made
      .slice(0, 8)
      .map(({ title }) => title)
      .join(', '),
    list: made.map(({ given }) => given),
  }
}

/** Any method with any arguments. */
export const anyMethod: CallMaker = (world, chance, token) => {
  const name = chance.pick(methodsOf(world.client))
  const options = chance.happens(0.8)
    ? undefined
    : chance.happens(0.5)
      ? rightOptions(chance, world.isRough)
      : wrongOptions(chance)
  const used = mayBlock.test(name) ? givenUp(world) : options
  const { title, list } = anyArguments(chance, token)
  return {
    title: `${used === undefined ? '' : `with(${used.title}).`}${name}(${title})`,
    ...(options !== undefined || takesOptions.test(name) ? { mayThrow: 'wrong options' } : {}),
    mayWait: mayBlock.test(name),
    start: () => {
      const target = used === undefined ? world.client : viewOf(world, used)
      return invoke(name in target ? target : world.client, name, ...list)
    },
    ...actsOf(undefined, used),
  }
}

/** Options for calls that may wait without limit: the round aborts them at the end. */
const givenUp = ({ giveUp }: World): TriedOptions => ({ title: 'giveUp', given: { signal: giveUp }, right: {} })

const mayBlock = /^b[lrz]|^xread|^tsRead|^call$/
/** Methods that throw a TypeError for wrong options, as documented, or for wrong listeners, as EventEmitter does. */
const takesOptions = /^.?subscribe$|^transaction$|^duplicate$|^on$|^off$|^once$/

const names = [
  'GET',
  'set',
  'MGET',
  'HGETALL',
  'OBJECT',
  'CLIENT',
  'CONFIG',
  'XADD',
  'XREAD',
  'BLPOP',
  'EVAL',
  'ZADD',
  'SORT',
  'COMMAND',
  'SELECT',
  'multi',
  'EXEC',
  'WATCH',
  'SUBSCRIBE',
  'MONITOR',
  'RESET',
  'QUIT',
  'HELLO',
  'AUTH',
  'PSYNC',
  'REPLCONF',
  'ASKING',
  'READONLY',
  'SHUTDOWN',
  'DEBUG',
  'NOSUCHCOMMAND',
  'GET ',
  ' GET',
  'GET\r\n',
  'GET\0',
  '',
  '\r\n',
  '*1',
  'ĠET',
  'G\ud800T',
  'CLIENT REPLY',
  'CLIENT  REPLY',
  'Subscribe',
  'SUBſCRIBE',
  'sELECT',
] as const
const subcommands = [
  'REPLY',
  'TRACKING',
  'LIST',
  'ID',
  'GET',
  'ENCODING',
  'reply',
  'HELP',
  'NO-EVICT',
  'KILL',
  'SETNAME',
]

/** `call` with a name that is wrong, unknown, or not allowed on the shared connection. */
export const anyName: CallMaker = (world, chance, token) => {
  const name = chance.pick(names)
  const how = chance.fraction()
  const given = how < 0.5 ? name : how < 0.8 ? disguised(chance, name) : anyValue(chance, token).given
  const subcommand = chance.pick(subcommands)
  const made = Array.from({ length: chance.skewed(0, 4) }, () => anyArgument(chance, token))
  const second = chance.happens(0.3) ? [chance.happens(0.5) ? subcommand : disguised(chance, subcommand)] : []
  return {
    title: `call(${JSON.stringify(name)} as ${kindOf(given)}, ${second.length === 0 ? '' : `${subcommand}, `}${made.map(({ title }) => title).join(', ')})`,
    mayWait: true,
    start: () => invoke(viewOf(world, givenUp(world)), 'call', given, ...second, ...made.map(({ given }) => given)),
  }
}

const kindOf = (value: unknown): string => (isUint8Array(value) ? 'bytes' : typeof value)

/** The bytes of a word in an array whose properties and methods say something else. */
function disguised(chance: Chance, word: string): Uint8Array {
  const data = Buffer.from(word)
  const bytes = chance.pick([Buffer.from(data), new Uint8Array(data), new EmptyLooking(data), new ElseLooking(data)])
  const told = chance.pick([0, 1, 100, undefined])
  if (told !== undefined && chance.happens(0.4)) Object.defineProperty(bytes, 'length', { value: told })
  return bytes
}

class EmptyLooking extends Uint8Array {
  override get length(): number {
    return 0
  }
  override get byteLength(): number {
    return 0
  }
}

class ElseLooking extends Uint8Array {
  override toString(): string {
    return 'PING'
  }
  override valueOf(): this {
    return 'PING' as unknown as this
  }
  [Symbol.toPrimitive](): string {
    return 'PING'
  }
  override *[Symbol.iterator](): ArrayIterator<number> {
    yield* Buffer.from('PING')
  }
}

/** `createClient` with anything. */
export const anyClient: CallMaker = (_, chance, token): Call => {
  const names = ['url', 'host', 'port', 'tls', 'blocking', 'limits', 'reconnect', 'credentials', 'timeout', 'maxQueued']
  const first = anyArgument(chance, token)
  const second = anyArgument(chance, token)
  const name = chance.pick(names)
  const given = chance.pick([
    [first.given],
    [{ [name]: first.given }],
    [first.given, second.given],
    ['redis://x', { [name]: first.given }],
  ])
  return {
    title: `createClient(${name}: ${first.title}, ${second.title})`,
    mayThrow: 'wrong options',
    start: () => {
      ;(createClient as (...args: unknown[]) => { destroy(): void })(...given).destroy()
    },
  }
}
