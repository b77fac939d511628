import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as respite from '../../src/index.js'
import { defaultOptions } from '../../src/options/defaults.js'
import { startServer, type TestServer } from '../support/server.js'

const text = readFileSync(new URL('../../docs/migrating.md', import.meta.url), 'utf8')

/** The cells of the tables under a heading. */
function rowsOf(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| '))
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

let server: TestServer
let client: respite.Client
beforeAll(async () => {
  server = await startServer()
  client = respite.createClient(server.url)
  await client.flushall()
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

const calls = ['Commands', 'Pipelines and transactions', 'Blocking commands and messages'].flatMap((heading) =>
  rowsOf(heading).map((row) => row.at(-1)?.replaceAll('`', '') ?? ''),
)

it('has calls in its tables', () => {
  expect(calls.length).toBeGreaterThan(20)
})

it.each(calls)('%s', async (code) => {
  const run = new Function('client', 'script', `return (${code})`)
  await run(client, respite.script)
})

describe('the replies of respite are as the table says:', () => {
  beforeEach(async () => {
    await client.flushall()
    await client.zadd('scores', 1, 'a')
    await client.hset('user', { name: 'Ada' })
    await client.xadd('log', '1-1', { f: 'v' })
    await client.rpush('list', 'a')
  })

  const replies = rowsOf('Replies').map((row) => row.map((cell) => cell.replaceAll('`', '')))

  it('has rows', () => {
    expect(replies.length).toBeGreaterThan(5)
  })

  it.each(replies.map((row) => [row[0], row.at(-1)]))('%s: %s', async (call, expected) => {
    const reply = await new Function('client', `return client.${call}`)(client)
    expect(reply).toEqual(new Function(`return (${expected})`)())
  })
})

it('names only options that there are', () => {
  const named = rowsOf('Options').flatMap((row) => [...(row.at(-1) ?? '').matchAll(/`(\w+)(?:: '\w+')?`/g)])
  const names = named.map((match) => match[1] as string)
  expect(names.length).toBeGreaterThan(20)
  for (const name of names) expect(Object.keys(defaultOptions)).toContain(name)
})
