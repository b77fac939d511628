import type { Client, RepliesOf } from '../../src/index.js'
import type { Told } from './call.js'

/** A write to a key that no other call uses: the key shows afterwards whether the command ran. */
export interface Effect {
  readonly key: string
  /** `string`: SET; `list`: RPUSH of one element; `counter`: INCR. A list and a counter also show how often it ran. */
  readonly kind: 'string' | 'list' | 'counter'
  /** What each execution writes; undefined for a counter, and when the command must never run. */
  readonly bytes: Buffer | undefined
  /** How often it may run at most. */
  readonly most: number
}

/** How often it ran (a string shows 1 at most), or a description of a value that no call wrote. */
export type Seen = number | string

/** Reads the keys in both databases that calls use. */
export async function observe(
  observers: readonly Client<RepliesOf<{ buffers: true }>>[],
  effects: readonly Effect[],
): Promise<Seen[]> {
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

async function look(
  observer: Client<RepliesOf<{ buffers: true }>>,
  { key, kind, bytes = Buffer.from('nothing') }: Effect,
): Promise<Seen> {
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

/** Returns why what the caller was told is false; undefined when it is true. */
export function falsehood(told: Told, seen: Seen, { kind, bytes, most }: Effect): string | undefined {
  if (typeof seen === 'string') return `there is what nobody wrote: ${seen}`
  if (bytes === undefined && kind !== 'counter' && seen > 0) return 'it ran, and must have been refused'
  if (seen > most) return `it ran ${seen} times, and may run ${most} times at most`
  if ((told === 'ran' || told === 'executed') && seen === 0) return `told ${told}, and it did not run`
  if ((told === 'not-executed' || told === 'refused') && seen > 0) return `told ${told}, and it ran (${seen})`
  return undefined
}
