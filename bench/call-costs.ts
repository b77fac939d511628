import type { CommandDescriptor } from '../src/commands/descriptor.js'
import { defineMethods } from '../src/commands/methods.js'
import { CommandExecutor } from '../src/commands/sender.js'
import type { Argument } from '../src/protocol/types.js'

/**
 * Counts the bytes that the call of a typed method allocates before it is dispatched. The counts are the same on every machine. The
 * process needs enough memory to run without garbage collection:
 * `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256`. Prints a line of JSON: the bytes of each
 * call, and how many words it sends.
 */

/** The methods that are called here. */
interface Methods {
  ping(): unknown
  get(key: string): unknown
  hget(key: string, field: string): unknown
  hset(key: string, field: string, value: string): unknown
  set(key: string, value: string, ...options: readonly (string | number)[]): unknown
  clientInfo(): unknown
  objectEncoding(key: string): unknown
  mget(...keys: readonly (string | readonly string[])[]): unknown
}

class Collector extends CommandExecutor {
  last: Argument[] = []

  constructor() {
    super()
    defineMethods(Collector.prototype, false)
  }

  protected override execute<T>(_: CommandDescriptor, args: Argument[]): Promise<T> {
    this.last = args
    return undefined as never
  }
}

const collector = new Collector()
const client = collector as unknown as Methods
const list = ['a', 'b', 'c', 'd', 'e']

const calls: Readonly<Record<string, () => unknown>> = {
  'ping()': () => client.ping(),
  'get(k)': () => client.get('k'),
  'hget(k, f)': () => client.hget('k', 'f'),
  'hset(k, f, v)': () => client.hset('k', 'f', 'v'),
  "set(k, v, 'EX', 10)": () => client.set('k', 'v', 'EX', 10),
  "set(k, v, 'EX', 10, 'NX')": () => client.set('k', 'v', 'EX', 10, 'NX'),
  'clientInfo()': () => client.clientInfo(),
  'objectEncoding(k)': () => client.objectEncoding('k'),
  'mget(a, b, c, d, e)': () => client.mget('a', 'b', 'c', 'd', 'e'),
  'mget([a, b, c, d, e])': () => client.mget(list),
}

const count = 100_000
function repeat(call: () => unknown): void {
  for (let i = 0; i < count; i += 1) call()
}

const costs: Record<string, { bytes: number; words: number }> = {}
for (const [title, call] of Object.entries(calls)) {
  // Before the count, so that it is compiled.
  repeat(call)
  repeat(call)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  repeat(call)
  costs[title] = {
    bytes: Math.round((process.memoryUsage().heapUsed - before) / count),
    words: collector.last.length,
  }
}
console.log(JSON.stringify(costs))
