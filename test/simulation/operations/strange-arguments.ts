import type { RespiteError } from '../../../src/errors.js'
import type { Argument } from '../../../src/index.js'
import type { Chance } from '../chance.js'
import { carriers } from './carriers.js'
import type { Maker } from './operation.js'

/** Something that JavaScript lets a caller pass where bytes are expected. */
interface StrangeArgument {
  readonly title: string
  readonly value: unknown
  /** What it holds, where it holds anything. Absent: it can't be sent. */
  readonly contents?: Buffer
}

/** Bytes that say they are more or fewer than they are. */
function lying(length: unknown): StrangeArgument {
  const contents = Buffer.from('the truth')
  const value = new Uint8Array(contents)
  Object.defineProperty(value, 'length', typeof length === 'function' ? { get: () => length() } : { value: length })
  // The text of a function would differ where the code is minified, as in a browser.
  const said = typeof length === 'function' ? 'what a getter says' : String(length)
  return { title: `bytes whose length says ${said}`, value, contents }
}

/** A getter that a caller may have put there for whatever reason. */
function throwsWhenAsked(): never {
  throw new Error('nobody asks me for my length')
}

function anyStrangeArgument(chance: Chance): StrangeArgument {
  return chance.pick<() => StrangeArgument>([
    () => ({ title: 'a symbol', value: Symbol('s') }),
    () => ({ title: 'undefined', value: undefined }),
    () => ({ title: 'NaN', value: Number.NaN }),
    () => ({ title: 'an object', value: {} }),
    () => ({ title: 'a String object', value: new String('s') }),
    () => ({ title: 'an object made from the prototype of bytes', value: Object.create(Uint8Array.prototype) }),
    () => ({ title: 'a Proxy of bytes', value: new Proxy(new Uint8Array(8), {}) }),
    () => lying(3),
    () => lying(300),
    () => lying(1_000_000),
    () => lying(-1),
    () => lying(Number.NaN),
    () => lying(undefined),
    () => lying(throwsWhenAsked),
  ])()
}

/** A request with something in it that is no bytes, or lies about them: it goes out as it is, or not at all. */
export const strangeArgumentMaker: Maker = (mark, chance) => {
  const carrier = chance.pick(carriers)
  const { title, value, contents } = anyStrangeArgument(chance)
  return {
    ...carrier,
    kind: contents === undefined ? 'argument that can not be sent' : 'argument that lies about its length',
    title: `${carrier.kind} ${mark} of ${title}`,
    call: (context) => carrier.send(context, mark, value as Argument, (call) => call()),
    judge: (reply, executions) => (contents === undefined ? 'expected a UsageError' : carrier.judge(reply, executions)),
    judgeError: (error: RespiteError) => {
      if (error.code === 'USAGE' && error.fate !== 'not-executed') return `can't be sent, and is called ${error.fate}`
      // Without a connection it may be rejected for that before anybody looks at it.
      if (contents === undefined && error.fate !== 'not-executed') return `can't be sent, and was: ${error.message}`
      return carrier.judgeError?.(error)
    },
    judgeRun: (args) => {
      if (contents === undefined) return 'ran, and could not be sent'
      const stored = carrier.valueOf(args)
      return stored === undefined || stored.equals(contents) ? undefined : 'stored what nobody wrote'
    },
  }
}
