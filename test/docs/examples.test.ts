import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { transformSync } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as respite from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'

/** Runs every example of the guides, and checks that it prints what its comments (`// => ...`) say. */

interface Example {
  readonly title: string
  readonly code: string
  readonly expected: readonly string[]
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match, index) => {
    const code = match[1] as string
    const line = text.slice(0, match.index).split('\n').length
    const expected = [...code.matchAll(/\/\/ => (.*)$/gm)].map((comment) => comment[1] as string)
    return { title: `example ${index + 1}, at line ${line}`, code, expected }
  })
}

let server: TestServer
let client: respite.Client
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  client = respite.createClient(server.url)
  await client.call('FLUSHALL')
})
afterEach(() => client.close())

describe.each(['blocking.md', 'pubsub.md', 'transactions.md', 'exactly-once.md'])('docs/%s', (file) => {
  const examples = examplesOf(file)

  it('has examples, and each has expected output', () => {
    expect(examples.length).toBeGreaterThan(3)
    for (const { expected } of examples) expect(expected.length).toBeGreaterThan(0)
  })

  it.each(examples.map((example) => [example.title, example] as const))('%s', async (_, { code, expected }) => {
    const printed: string[] = []
    const log = (...values: unknown[]): void => {
      printed.push(
        values
          .map((value) => (typeof value === 'string' ? value : inspect(value, { breakLength: Infinity })))
          .join(' '),
      )
    }
    const createClient = (options: respite.ClientOptionsOf = {}): respite.Client =>
      respite.createClient(server.url, options)
    const { code: script } = transformSync(`(async () => {${code}})()`, { loader: 'ts' })
    const run = new Function('client', 'createClient', 'script', 'console', `return ${script}`)
    await run(client, createClient, respite.script, { log })
    expect(printed).toEqual(expected)
  })
})
