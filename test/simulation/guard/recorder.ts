import { createHash } from 'node:crypto'
import type { Client } from '../../../src/client.js'
import type { Dial } from '../../../src/connection/transport/transport.js'
import type { Observer } from '../simulate.js'
import { portray, portrayBytes } from './portray.js'

/** Wall-clock time at which every virtual clock begins. */
const epoch = Date.UTC(2024, 0, 1)

/** Lines that must keep their order among themselves: one connection, all settlements, the events of one source. */
type Stream = string

/** Numbers its calls. Iterators have a scope of their own: how often they are read changes no number elsewhere. */
interface Scope {
  /** Stands before the numbers of its calls. */
  readonly prefix: string
  /** Where the promises of its calls are written down. */
  readonly settlements: Stream
  calls: number
}

type Callable = (...args: unknown[]) => unknown

/**
 * Writes down all that can be observed of a client during one run, line by line: bytes on each connection, settlements of
 * every promise, events, all with their virtual time.
 *
 * It knows the client's public interface and nothing else of `src`. It stands between the client and whoever calls it: the
 * client, and each object that a call returns, is replaced by a proxy.
 *
 * Lines of one virtual instant are sorted by stream, so the order of two streams within an instant is not recorded.
 */
export class Recorder implements Observer {
  readonly lines: string[] = []
  #now: () => number = () => 0
  #instant = 0
  #streams = new Map<Stream, string[]>()
  #connections = 0
  readonly #root: Scope = { prefix: '', settlements: 'calls', calls: 0 }
  readonly #proxies = new WeakMap<object, object>()
  readonly #targets = new WeakMap<object, object>()
  readonly #seen = new WeakSet<Promise<unknown>>()
  #restoreDate: () => void = () => {}

  /** From here on `Date` shows virtual time, too. */
  begin(now: () => number): void {
    this.#now = now
    const RealDate = globalThis.Date
    const wallTime = (): number => epoch + now()
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args, newTarget) =>
        Reflect.construct(target, args.length === 0 ? [wallTime()] : args, newTarget),
      get: (target, name) => (name === 'now' ? wallTime : Reflect.get(target, name)),
    })
    this.#restoreDate = () => {
      globalThis.Date = RealDate
    }
  }

  /** The run is over, or has failed. */
  end(failure?: unknown): void {
    this.#restoreDate()
    if (failure !== undefined) this.#write('run', `the run fails: ${(failure as Error).name}`)
    this.#closeInstant()
  }

  /** Shows whether two runs are identical. */
  get digest(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex').slice(0, 32)
  }

  watchDial(dial: Dial): Dial {
    return (endpoint, handler) => {
      this.#connections += 1
      const title = `connection ${this.#connections}`
      this.#write(title, `${title} is dialled`)
      const transport = dial(endpoint, handler)
      const write = transport.write.bind(transport)
      const destroy = transport.destroy.bind(transport)
      transport.write = (chunks) => {
        const bytes = portrayBytes(Buffer.concat(chunks))
        const result = write(chunks)
        this.#write(title, `${title} is given ${bytes}: ${result}`)
        return result
      }
      transport.destroy = () => {
        this.#write(title, `${title} is destroyed`)
        return destroy()
      }
      return transport
    }
  }

  watchClient(client: Client): Client {
    for (const event of ['status', 'error'] as const) {
      client.on(event, (...args: unknown[]) => this.#write('client', `client emits ${event} ${portray(args)}`))
    }
    return this.#proxyOf(client, this.#root) as Client
  }

  #proxyOf(target: object, scope: Scope): object {
    const known = this.#proxies.get(target)
    if (known !== undefined) return known
    const proxy = new Proxy(target, {
      get: (_, name) => {
        const value = Reflect.get(target, name, target) as unknown
        if (typeof value !== 'function' || name === 'constructor')
          return this.#outward(value, `${scope.prefix}${String(name)}`, scope)
        // What listeners are told is written down once, whoever else listens.
        if (name === 'on' || name === 'once' || name === 'off') return value.bind(target)
        return this.#method(
          target,
          value as Callable,
          typeof name === 'symbol' ? (name.description ?? '') : name,
          scope,
        )
      },
    })
    this.#proxies.set(target, proxy)
    this.#targets.set(proxy, target)
    return proxy
  }

  #method(target: object, method: Callable, name: string, scope: Scope): Callable {
    return (...args) => {
      scope.calls += 1
      const title = `${scope.prefix}#${scope.calls} ${name}`
      try {
        const inward = args.map((arg) => this.#inward(arg, title, scope))
        return this.#outward(Reflect.apply(method, target, inward), title, scope)
      } catch (error) {
        this.#write(scope.settlements, `${title} throws ${portray(error)}`)
        throw error
      }
    }
  }

  /** What goes to the client: callbacks are listened in to, proxies taken off. */
  #inward(value: unknown, title: string, scope: Scope): unknown {
    if (typeof value === 'function') return this.#callback(value as Callable, title, scope)
    if (!isPlainObject(value)) return this.#bare(value)
    if (!Object.values(value).some((member) => typeof member === 'function')) return value
    const entries = Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'function' ? this.#callback(member as Callable, `${title} ${name}`, scope) : member,
    ])
    return Object.fromEntries(entries)
  }

  #callback(callback: Callable, title: string, scope: Scope): Callable {
    return (...args) => {
      this.#write(`${title} events`, `${title} calls back ${portray(args)}`)
      const result = callback(...args.map((arg) => this.#outward(arg, title, scope)))
      return result instanceof Promise ? result.then((value) => this.#bare(value)) : this.#bare(result)
    }
  }

  /** What comes from the client: promises are watched, objects with methods are replaced by their proxies. */
  #outward(value: unknown, title: string, scope: Scope): unknown {
    if (value instanceof Promise) {
      this.#watch(value, title, scope.settlements)
      return value
    }
    if (typeof value !== 'object' || value === null || !isObjectWithMethods(value)) return value
    const isIterator = Symbol.asyncIterator in value || 'next' in value
    const own = isIterator && scope === this.#root
    return this.#proxyOf(value, own ? { prefix: `${title} `, settlements: `${title} settlements`, calls: 0 } : scope)
  }

  #watch(promise: Promise<unknown>, title: string, stream: Stream): void {
    if (this.#seen.has(promise)) return
    this.#seen.add(promise)
    promise.then(
      (value) => this.#write(stream, `${title} resolves ${portray(value)}`),
      (error: { readonly outcome?: unknown } | undefined) => {
        this.#write(stream, `${title} rejects ${portray(error)}`)
        if (error?.outcome instanceof Promise) this.#watch(error.outcome, `${title}: its outcome`, stream)
      },
    )
  }

  #bare(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? (this.#targets.get(value) ?? value) : value
  }

  #write(stream: Stream, text: string): void {
    // To the microsecond: sums of fractions may be put together in another order.
    const now = Math.round(this.#now() * 1_000) / 1_000
    if (now !== this.#instant) this.#closeInstant()
    this.#instant = now
    const lines = this.#streams.get(stream)
    if (lines === undefined) this.#streams.set(stream, [text])
    else lines.push(text)
  }

  #closeInstant(): void {
    const time = this.#instant.toFixed(3)
    for (const stream of [...this.#streams.keys()].sort()) {
      for (const text of this.#streams.get(stream) ?? []) this.lines.push(`${time} ${text}`)
    }
    this.#streams = new Map()
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** An instance of a class of the client's, and not a value that a reply is made of. */
function isObjectWithMethods(value: object): boolean {
  if (value instanceof Error || value instanceof Uint8Array || value instanceof Map || value instanceof Set)
    return false
  return (
    !(value instanceof Date) && !Array.isArray(value) && !isPlainObject(value) && Object.getPrototypeOf(value) !== null
  )
}
