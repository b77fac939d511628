import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'

interface Cost {
  readonly bytes: number
  readonly words: number
}

let costs: ReadonlyMap<string, Cost>
beforeAll(() => {
  const script = fileURLToPath(new URL('../../bench/call-costs.ts', import.meta.url))
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256', '--import', 'tsx']
  const printed = execFileSync(process.execPath, [...flags, script], { encoding: 'utf8' })
  costs = new Map(Object.entries(JSON.parse(printed) as Record<string, Cost>))
})

/** The list of words: an array of so many elements, which nobody can do without. */
const ofList = (words: number): number => 48 + 8 * words

it('a call of up to five arguments allocates the list that is sent, and nothing else', () => {
  const plain = [...costs].filter(([title]) => !/\[|client|object/.test(title))
  expect(plain.map(([, { words }]) => words)).toEqual([1, 2, 3, 4, 5, 6, 6])
  for (const [title, { bytes, words }] of plain) {
    expect(bytes, title).toBeGreaterThanOrEqual(ofList(words))
    // What else the process allocates meanwhile.
    expect(bytes, title).toBeLessThan(ofList(words) + 32)
  }
})

it('a call of a subcommand allocates a list with room for five arguments', () => {
  for (const title of ['clientInfo()', 'objectEncoding(k)']) {
    expect(costs.get(title)?.bytes, title).toBeLessThan(ofList(7) + 32)
  }
})

it('an array among the arguments costs no more than a list that grows', () => {
  // Now 281 to 299.
  expect(costs.get('mget([a, b, c, d, e])')?.bytes).toBeLessThan(350)
})
