import { createHash } from 'node:crypto'

/** Longer ones are shown by their beginning, their length and a digest. */
const longest = 200

/** What of an error is compared: all that programs can rely on. Its message is for people, and may change. */
const comparedOfErrors = ['code', 'fate', 'attempts', 'command', 'prefix', 'step', 'results', 'cause'] as const

/** One line for any value that a client gives out. */
export function portray(value: unknown): string {
  return shorten(JSON.stringify(plain(value)) ?? 'undefined')
}

/** One line for bytes that were sent. The version that the client gives itself is left out. */
export function portrayBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/(?<=LIB-VER\r\n)\$\d+\r\n[^\r]*/, '(version)')
  return `${text.length} bytes ${shorten(JSON.stringify(text))}`
}

function shorten(text: string): string {
  if (text.length <= longest) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${text.slice(0, 60)}... (${text.length} characters, ${digest})`
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (typeof value === 'function') return { function: true }
  if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return plainError(value)
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('latin1') }
  if (value instanceof Date) return { date: value.getTime() }
  if (value instanceof Map) return { map: [...value].map(plain) }
  if (value instanceof Set) return { set: [...value].map(plain) }
  if (Array.isArray(value)) return value.map(plain)
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null)
    return { object: true }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

function plainError(error: Error): unknown {
  const compared: Record<string, unknown> = { error: error.name }
  for (const name of comparedOfErrors) {
    const value = (error as unknown as Record<string, unknown>)[name]
    if (value !== undefined) compared[name] = plain(value)
  }
  return compared
}
