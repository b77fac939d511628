import type { ScopedClient } from '../../../src/dispatch/scoped-client.js'
import { fixedMembers, fixedValues } from './data.js'
import type { Maker } from './operation.js'

interface Scan {
  readonly name: string
  readonly wanted: readonly string[]
  elements(client: ScopedClient): AsyncIterable<unknown>
}

const scans: readonly Scan[] = [
  {
    name: 'scanIterator',
    wanted: fixedValues.map((_, index) => `fixed:${index}`),
    elements: (client) => client.scanIterator({ match: 'fixed:*', count: 20 }),
  },
  {
    name: 'hscanIterator',
    wanted: fixedMembers,
    elements: (client) => client.hscanIterator('fixed:hash', { count: 2 }),
  },
  {
    name: 'sscanIterator',
    wanted: fixedMembers,
    elements: (client) => client.sscanIterator('fixed:set', { count: 2 }),
  },
  {
    name: 'zscanIterator',
    wanted: fixedMembers,
    elements: (client) => client.zscanIterator('fixed:zset', { count: 2 }),
  },
]

/** Scans: what is there throughout comes at least once, whatever servers answer on the way. */
export const scanMaker: Maker = (mark, chance) => {
  const { name, wanted, elements } = chance.pick(scans)
  return {
    kind: 'scan',
    title: `${name} ${mark}`,
    retryClass: 'read',
    // Each step has one, the whole has none.
    timeout: 0,
    // Its commands carry no mark.
    mayComeToNothing: true,
    failsForOthers: true,
    call: async ({ view }) => {
      const seen = new Set<string>()
      for await (const element of elements(view)) seen.add(String(Array.isArray(element) ? element[0] : element))
      return { missing: wanted.filter((one) => !seen.has(one)) }
    },
    judge: (reply) => {
      // The late reply to a step is a part of it.
      const { missing } = reply as { readonly missing?: readonly string[] }
      return missing === undefined || missing.length === 0 ? undefined : `never gave ${missing.join(' ')}`
    },
  }
}
