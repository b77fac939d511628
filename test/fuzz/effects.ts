import type { Client } from '../../src/index.js'
import type { Told } from './call.js'

/** What one call writes, and nobody else: by what is there afterwards it is seen whether it ran. */
export interface Effect {
  readonly key: string
  /** `string`: SET; `list`: RPUSH of one element; `counter`: INCR. Of the latter two it is seen how often it ran. */
  readonly kind: 'string' | 'list' | 'counter'
  /** What each execution writes; undefined where none may ever happen. */
  readonly bytes: Buffer | undefined
  /** How often it may run. */
  readonly most: number
}

/** How often it ran, as far as can be seen; or what is there that nobody wrote. */
export type Seen = number | string

/** Looks at what is there, in both databases that calls use. */
export async function observe(observers: readonly Client<Buffer>[], effects: readonly Effect[]): Promise<Seen[]> {
  const all = await Promise.all(observers.map((observer) => Promise.all(effects.map((each) => look(observer, each)))))
  return effects.map((_, index) => {
    let sum = 0
    for (const seen of all) {
      const one = seen[index] as Seen
      if (typeof one === 'string') return one
      sum += one
    }
    return sum
  })
}

async function look(observer: Client<Buffer>, { key, kind, bytes = Buffer.from('nothing') }: Effect): Promise<Seen> {
  if (kind === 'counter') return Number((await observer.get(key)) ?? 0)
  const found = kind === 'list' ? await observer.lrange(key, 0, -1) : [await observer.get(key)].filter(isThere)
  const wrong = found.find((each) => !each.equals(bytes))
  return wrong === undefined ? found.length : difference(bytes, wrong)
}

const isThere = (value: Buffer | null): value is Buffer => value !== null

function difference(wanted: Buffer, found: Buffer): string {
  const at = wanted.findIndex((byte, index) => byte !== found[index])
  const from = at === -1 ? wanted.length : at
  const excerpt = JSON.stringify(found.subarray(from, from + 20).toString('latin1'))
  return `${found.length} bytes in place of ${wanted.length}, other from byte ${from} on: ${excerpt}`
}

/** What is wrong with what was told, given what was seen; undefined when it is true. */
export function falsehood(told: Told, seen: Seen, { kind, bytes, most }: Effect): string | undefined {
  if (typeof seen === 'string') return `there is what nobody wrote: ${seen}`
  if (bytes === undefined && kind !== 'counter' && seen > 0) return 'it ran, and must have been refused'
  if (seen > most) return `it ran ${seen} times, and may run ${most} times at most`
  if ((told === 'ran' || told === 'executed') && seen === 0) return `told ${told}, and it did not run`
  if ((told === 'not-executed' || told === 'refused') && seen > 0) return `told ${told}, and it ran (${seen})`
  return undefined
}
