import { runInNewContext } from 'node:vm'
import type { Chance } from '../simulation/chance.js'
import { UserFault } from './user-fault.js'

/** One argument that a caller may pass, and what must happen with it. */
export interface Value {
  readonly title: string
  readonly given: unknown
  /** The bytes that the server must get; undefined when the argument must be refused. */
  readonly bytes: Buffer | undefined
  /** It may also be refused: because of what happens to it after the call, or because the contract does not say. */
  readonly mayBeRefused?: boolean
  /** It is an array: where a command takes a list, it may stand for its elements. */
  readonly isArray?: boolean
  /** What its caller does after the call, in the same tick. */
  readonly afterCall?: () => void
  /** What its caller does when the promise has settled, and the bytes belong to the caller again. */
  readonly afterSettled?: () => void
}

type Maker = (chance: Chance, token: string) => Value

/** Methods of ES2024, which the TypeScript `lib` of this project does not include. */
interface Resizable {
  resize(bytes: number): void
}
interface Growable {
  grow(bytes: number): void
}
const makeResizable = (bytes: number, most: number): ArrayBuffer & Resizable =>
  new (ArrayBuffer as unknown as new (b: number, o: object) => ArrayBuffer & Resizable)(bytes, { maxByteLength: most })
const makeGrowable = (bytes: number, most: number): SharedArrayBuffer & Growable =>
  new (SharedArrayBuffer as unknown as new (b: number, o: object) => SharedArrayBuffer & Growable)(bytes, {
    maxByteLength: most,
  })

/** The Uint8Array of another realm, as in tests that run in jsdom. */
const ForeignBytes = runInNewContext('Uint8Array') as typeof Uint8Array

const detach = (bytes: Uint8Array): void => {
  structuredClone(null, { transfer: [bytes.buffer as ArrayBuffer] })
}

/** Bytes that start with the token, so that a mix with the bytes of another call is detected. */
function payload(chance: Chance, token: string): Buffer {
  const length = chance.happens(0.02) ? chance.between(100_000, 400_000) : chance.skewed(0, 9_000)
  return Buffer.concat([Buffer.from(`${token}|`), Buffer.alloc(length, chance.between(0, 255))])
}

/** Copies bytes into an array of any class. */
function fill<T extends Uint8Array>(target: T, data: Uint8Array): T {
  Uint8Array.prototype.set.call(target, data)
  return target
}

const refill = (bytes: Uint8Array) => (): void => {
  Uint8Array.prototype.fill.call(bytes, 0xee)
}

const ofText = (title: string, text: string): Value => ({ title, given: text, bytes: Buffer.from(text) })
const ofNumber = (given: number | bigint, text: string): Value => ({
  title: `number ${text}`,
  given,
  bytes: Buffer.from(text),
})

class ShortLength extends Uint8Array {
  override get length(): number {
    return 1
  }
}
class LongByteLength extends Uint8Array {
  override get byteLength(): number {
    return 1_000_000
  }
}
class ThrowingMethods extends Uint8Array {
  override subarray(): never {
    throw new UserFault('subarray')
  }
  override slice(): never {
    throw new UserFault('slice')
  }
  override set(): never {
    throw new UserFault('set')
  }
  override toString(): never {
    throw new UserFault('toString')
  }
  override [Symbol.iterator](): never {
    throw new UserFault('iterator')
  }
}
class ThrowingBuffer extends Uint8Array {
  override get buffer(): ArrayBuffer {
    throw new UserFault('buffer')
  }
  override get byteOffset(): number {
    return 3
  }
}
class OtherSubarray extends Uint8Array {
  override subarray(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(2)
  }
}
class OwnSpecies extends Uint8Array {
  static get [Symbol.species](): ArrayConstructor {
    return Array
  }
}
const lyingClasses = [ShortLength, LongByteLength, ThrowingMethods, ThrowingBuffer, OtherSubarray, OwnSpecies]

/** Arguments that must be sent exactly as given. */
const sendable: readonly Maker[] = [
  (_, token) => ofText('text', token),
  (chance, token) => ofText('longer text', token + 'x'.repeat(chance.skewed(1, 6_000))),
  (chance, token) => ofText('text beyond ASCII', token + 'ü€😀'.repeat(chance.skewed(1, 2_000))),
  (_, token) => ofText('text like a frame', `\r\n$5\r\n${token}\r\n*1\r\n\0`),
  () => ofText('empty text', ''),
  (chance) => {
    const given = chance.pick([0, -0, 1, -1, 0.1, 1e21, 5e-324, 2 ** 53 + 2, 1.7976931348623157e308])
    return ofNumber(given, String(given))
  },
  (chance) => (chance.happens(0.5) ? ofNumber(Infinity, 'inf') : ofNumber(-Infinity, '-inf')),
  (chance) => {
    const given = chance.pick([0n, -1n, 2n ** 63n, -(2n ** 63n), 10n ** 100n])
    return ofNumber(given, String(given))
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = Buffer.from(bytes)
    return { title: `Buffer of ${bytes.length}, refilled after settling`, given, bytes, afterSettled: refill(given) }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new Uint8Array(bytes.length + 9), bytes).subarray(0, bytes.length)
    return { title: `Uint8Array of ${bytes.length}`, given, bytes, afterSettled: refill(given) }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new Uint8Array(new SharedArrayBuffer(bytes.length)), bytes)
    return { title: `view of a SharedArrayBuffer of ${bytes.length}`, given, bytes, afterSettled: refill(given) }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const Lying = chance.pick(lyingClasses)
    return { title: `${Lying.name} of ${bytes.length}`, given: fill(new Lying(bytes.length), bytes), bytes }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = Buffer.from(bytes)
    const name = chance.pick(['length', 'byteLength', 'byteOffset'])
    const told = chance.pick([0, 1, -1, Number.NaN, 1e9, '7', undefined, Symbol('length')])
    Object.defineProperty(given, name, { value: told })
    return { title: `Buffer of ${bytes.length} whose own ${name} says ${String(told)}`, given, bytes }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new Uint8Array(makeResizable(bytes.length, bytes.length + 64)), bytes)
    return { title: `view of a resizable buffer of ${bytes.length}`, given, bytes }
  },
]

/** Arguments that may be refused, or sent exactly as they were at the call. */
const doubtful: readonly Maker[] = [
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new ForeignBytes(bytes.length), bytes)
    return { title: `Uint8Array of another realm, of ${bytes.length}`, given, bytes, mayBeRefused: true }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new Uint8Array(bytes.length), bytes)
    Object.setPrototypeOf(given, chance.pick([null, Array.prototype, Uint16Array.prototype, Object.prototype]))
    return { title: `Uint8Array of ${bytes.length} without its prototype`, given, bytes, mayBeRefused: true }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const given = fill(new Uint8Array(bytes.length), bytes)
    const afterCall = (): void => detach(given)
    return {
      title: `Uint8Array of ${bytes.length}, detached after the call`,
      given,
      bytes,
      mayBeRefused: true,
      afterCall,
    }
  },
  (chance, token) => {
    const given = fill(new Uint8Array(64), payload(chance, token).subarray(0, 64))
    detach(given)
    return { title: 'Uint8Array detached before the call', given, bytes: Buffer.alloc(0), mayBeRefused: true }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const buffer = makeResizable(bytes.length, bytes.length + 64)
    const given = fill(chance.happens(0.5) ? new Uint8Array(buffer) : new Uint8Array(buffer, 0, bytes.length), bytes)
    const size = chance.pick([0, Math.floor(bytes.length / 2), bytes.length + 64])
    const afterCall = (): void => buffer.resize(size)
    const title = `view of a resizable buffer of ${bytes.length}, resized to ${size} after the call`
    return { title, given, bytes, mayBeRefused: true, afterCall }
  },
  (chance, token) => {
    const bytes = payload(chance, token)
    const buffer = makeGrowable(bytes.length, bytes.length + 64)
    const given = fill(new Uint8Array(buffer), bytes)
    const afterCall = (): void => buffer.grow(bytes.length + 64)
    return {
      title: `view of a growable buffer of ${bytes.length}, grown after the call`,
      given,
      bytes,
      mayBeRefused: true,
      afterCall,
    }
  },
]

const throwing = (): never => {
  throw new UserFault('a trap, or a conversion')
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** Arguments that must be refused. */
const unsendable: readonly (readonly [title: string, make: (token: string) => unknown])[] = [
  ['NaN', () => Number.NaN],
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['a symbol', (token) => Symbol(token)],
  ['a function', () => () => 'x'],
  ['an array', (token) => [token]],
  ['a nested array', (token) => [[token], []]],
  ['a sparse array', () => new Array(3)],
  ['an object', (token) => ({ [token]: token })],
  ['an object without prototype', () => Object.create(null)],
  ['an object with a __proto__ key', (token) => JSON.parse(`{"__proto__": "${token}", "constructor": 1}`)],
  ['a Map', (token) => new Map([[token, token]])],
  ['a Set', (token) => new Set([token])],
  ['a Date', () => new Date(0)],
  ['a String object', (token) => new String(token)],
  ['a Number object', () => new Number(5)],
  ['a boxed bigint', () => Object(5n)],
  ['a class instance', () => new (class Mine {})()],
  ['an Error', (token) => new Error(token)],
  ['a Promise', () => Promise.resolve('x')],
  ['a regular expression', () => /x/],
  [
    'an object whose conversions throw',
    () => ({ toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing }),
  ],
  ['an object whose toJSON throws', () => ({ toJSON: throwing })],
  [
    'an object whose tag says Uint8Array',
    () => ({ [Symbol.toStringTag]: 'Uint8Array', length: 3, byteLength: 3, 0: 1 }),
  ],
  ['Object.create(Uint8Array.prototype)', () => Object.create(Uint8Array.prototype)],
  ['Object.create(Buffer.prototype)', () => Object.create(Buffer.prototype)],
  ['a Proxy of a Uint8Array', () => new Proxy(new Uint8Array(3), {})],
  [
    'a Proxy whose traps throw',
    () => new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing, ownKeys: throwing }),
  ],
  ['a revoked Proxy', revoked],
  ['text with half of a surrogate pair', (token) => `${token}\ud800x`],
  ['text that ends with half of a surrogate pair', (token) => `${token}\ud83d`],
  ['text with two halves in the wrong order', (token) => `${token}\udc00\ud800`],
  ['an Uint8ClampedArray', () => new Uint8ClampedArray(3)],
  ['an Int8Array', () => new Int8Array(3)],
  ['an Uint16Array', () => new Uint16Array(3)],
  ['a Float64Array', () => new Float64Array(3)],
  ['a BigUint64Array', () => new BigUint64Array(3)],
  ['a DataView', () => new DataView(new ArrayBuffer(3))],
  ['an ArrayBuffer', () => new ArrayBuffer(3)],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(3)],
]

export function anySendable(chance: Chance, token: string): Value {
  return chance.pick(sendable)(chance, token)
}

export function anyUnsendable(chance: Chance, token: string): Value {
  const [title, make] = chance.pick(unsendable)
  return { title, given: make(token), bytes: undefined, isArray: title.endsWith(' array') }
}

/** A value of any kind: half of them can be sent. */
export function anyValue(chance: Chance, token: string): Value {
  const kind = chance.fraction()
  if (kind < 0.5) return anySendable(chance, token)
  if (kind < 0.75) return chance.pick(doubtful)(chance, token)
  return anyUnsendable(chance, token)
}

/** Bytes that need many writes. */
export function hugeValue(chance: Chance, token: string): Value {
  const bytes = Buffer.concat([Buffer.from(`${token}|`), Buffer.alloc(chance.between(1_000_000, 6_000_000), 0x41)])
  const given = Buffer.from(bytes)
  return { title: `Buffer of ${bytes.length}, refilled after settling`, given, bytes, afterSettled: refill(given) }
}

/** As {@link hugeValue}, detached when a part of it may have been written. */
export function detachedInMidFrame(chance: Chance, token: string): Value {
  const { bytes } = hugeValue(chance, token)
  const given = fill(new Uint8Array((bytes as Buffer).length), bytes as Buffer)
  let turns = chance.between(1, 3)
  const next = (): void => {
    if (turns === 0) detach(given)
    else setImmediate(next)
    turns -= 1
  }
  const title = `Uint8Array of ${given.length}, detached after ${turns} turns`
  return { title, given, bytes, mayBeRefused: true, afterCall: next }
}
