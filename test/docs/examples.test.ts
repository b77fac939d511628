import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { PartialError, RedirectError } from '../../src/cluster.js'
import * as core from '../../src/core.js'
import * as respite from '../../src/index.js'
import * as protocol from '../../src/protocol.js'
import { startServer, type TestServer } from '../support/server.js'
import { type Block, blocksOf, pages, run } from './blocks.js'

/** Runs the code in the README and the guides on a real server. */

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

/** The client of an example, on the server of this test. */
const createClient = (...given: (string | respite.ClientOptionsOf)[]): respite.Client =>
  respite.createClient(server.url, given.find((each) => typeof each !== 'string') ?? {})

/** The same for classes that extend `Client`. */
class Client extends respite.Client {
  constructor(_: string, options: respite.ClientOptionsOf) {
    super(server.url, options)
  }
}

function forEachBlock(page: string, test: (block: Block) => Promise<void>): void {
  it.each(blocksOf(page).map((block) => [block.line, block] as const))(`${page}, line %i`, (_, block) => test(block))
}

const texts = (...values: unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? value : inspect(value, { breakLength: Infinity }))).join(' ')

/** What the comments of a block (// => ...) say that it prints. */
const toldBy = ({ code }: Block): string[] => [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text = '']) => text)

/** What the other entry points, which have names of `respite` too, give to a block that imports them. */
const imports = ({ code }: Block): object => {
  if (code.includes("from 'respite/core'")) return { ...core, createClient: () => core.createClient(server.url) }
  return code.includes("from 'respite/protocol'") ? protocol : {}
}

describe('prints what its comments (// => ...) say:', () => {
  for (const page of ['blocking', 'pubsub', 'transactions', 'exactly-once', 'typescript'].map(
    (name) => `docs/${name}.md`,
  )) {
    forEachBlock(page, async (block) => {
      const printed: string[] = []
      const console = { log: (...values: unknown[]) => printed.push(texts(...values)) }
      await run(block, { ...respite, Client, client, createClient, console })
      expect(printed).not.toEqual([])
      expect(printed).toEqual(toldBy(block))
    })
  }
})

describe('runs:', () => {
  forEachBlock('README.md', async (block) => {
    await client.rpush('jobs', 'one')
    const request = { signal: new AbortController().signal }
    const error = new respite.TimeoutError('', { fate: 'unknown', outcome: Promise.resolve('late') })
    const printed: string[] = []
    const console = { log: (...values: unknown[]) => printed.push(texts(...values)) }
    const ofReader = { request, error, token: 'token', keys: ['a', 'b'], console }
    const running = run(block, { ...respite, client, createClient, ...imports(block), ...ofReader })
    if (block.code.includes('subscribe(')) {
      await vi.waitFor(() => expect(client.stats().subscriptions).toBe(1))
      // Else the loop over messages would not end.
      await client.close()
    }
    await running
    expect(printed).toEqual(toldBy(block))
  })

  // Nothing is sent: creating a client checks its options.
  for (const page of ['docs/options.md', 'docs/commands.md']) {
    forEachBlock(page, (block) => run(block, { ...respite, certificate: Buffer.from('certificate') }))
  }

  forEachBlock('docs/errors.md', async (block) => {
    const log = { warn: vi.fn(), error: vi.fn() }
    const readers = {
      log,
      console: { log: vi.fn() },
      process: {},
      work: () => {},
      fromDatabase: () => 'value',
      discardLateReply: () => {},
    }
    for (const error of errors()) await run(block, { ...all, client, error, ...readers }).catch(onlyUsage)
  })
})

const all = { ...respite, PartialError, RedirectError }

/** One of each class, and with each fate. */
function* errors(): Generator<respite.RespiteError> {
  const details = {
    ...{
      step: 'AUTH',
      results: [],
      value: 2n ** 60n,
      offset: 0,
      excerpt: 'HTTP',
      parts: [],
      outcome: Promise.resolve('late'),
    },
    cause: new respite.ProtocolError('no RESP', { fate: 'unknown', offset: 0, excerpt: 'HTTP' }),
  } as const
  for (const each of Object.values(all)) {
    if (typeof each !== 'function' || !(each.prototype instanceof respite.RespiteError)) continue
    const ErrorClass = each as new (message: string, all: object) => respite.RespiteError
    for (const fate of ['not-executed', 'unknown', 'executed', 'refused']) {
      yield new ErrorClass('WRONGTYPE', { ...details, fate })
    }
  }
}

/** The one call that is an example of what must not be done. */
function onlyUsage(error: unknown): void {
  expect(error).toMatchObject({ code: 'USAGE', command: 'SELECT' })
}

it('leaves no page out', () => {
  // With tests of their own: guarantees, and clusters (test/real); the last needs three sentinels, at addresses that are not here.
  const elsewhere = ['docs/guarantees.md', 'docs/cluster.md', 'docs/sentinel.md']
  const here = ['blocking', 'commands', 'errors', 'exactly-once', 'options', 'pubsub', 'transactions', 'typescript']
  const all = ['README.md', ...elsewhere, ...here.map((name) => `docs/${name}.md`)]
  expect(pages.filter((page) => blocksOf(page).length > 0).sort()).toEqual(all.sort())
})
