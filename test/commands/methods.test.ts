import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeCatalogue, lookup } from '../../src/commands/catalogue.js'
import { methodName } from '../../src/commands/method-names.js'
import { Client, script } from '../../src/index.js'
import { callOf, readForms } from '../classes/forms.js'
import { Chance } from '../simulation/chance.js'
import { FakeClock } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'
import { serverPrograms, startServer, type TestServer } from '../support/server.js'
import { Wire } from '../support/wire.js'

/** Calls with any arguments, as from plain JavaScript. */
type Loose = Record<string, (...args: readonly unknown[]) => Promise<unknown>>

async function connected() {
  const network = new FakeNetwork()
  const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
  const ready = client.connect()
  await network.peer.welcomes()
  await ready
  return { network, client, loose: client as unknown as Loose }
}

/** What a call sends. */
async function sent(method: string, ...args: readonly unknown[]): Promise<readonly string[]> {
  const { network, client, loose } = await connected()
  loose[method]?.(...args).catch(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  const { requests } = network.peer
  client.destroy()
  return requests
}

/** The error of a call that must send nothing. */
async function refused(method: string, ...args: readonly unknown[]): Promise<Error> {
  const { network, client, loose } = await connected()
  const error = await loose[method]?.(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(network.peer.requests).toEqual([])
  expect(error).toMatchObject({ name: 'UsageError', code: 'USAGE', fate: 'not-executed' })
  client.destroy()
  return error as Error
}

describe('the name of a method', () => {
  it.each([
    ['GET', 'get'],
    ['XINFO STREAM', 'xinfoStream'],
    ['CLIENT NO-EVICT', 'clientNoEvict'],
    ['CLUSTER COUNT-FAILURE-REPORTS', 'clusterCountFailureReports'],
    ['EVAL_RO', 'evalRo'],
    ['JSON.SET', 'jsonSet'],
    ['FT.CONFIG GET', 'ftConfigGet'],
    ['FT._LIST', 'ftList'],
  ])('of %s is %s', (command, name) => {
    expect(methodName(command)).toBe(name)
  })

  // Took minutes when each character of the run was tried as its beginning.
  it('is found in linear time, also of what is no name', () => {
    expect(methodName(`GET${'\0'.repeat(1_000_000)}`)).toBe('get')
  })
})

describe('a typed method sends', () => {
  it.each<readonly [string, readonly unknown[], string]>([
    ['get', ['k'], 'GET k'],
    ['set', ['k', 'v', 'EX', 10, 'NX'], 'SET k v EX 10 NX'],
    ['lpop', ['k', 2], 'LPOP k 2'],
    ['del', [['a', 'b'], 'c'], 'DEL a b c'],
    ['zadd', ['z', 'CH', [1, 'a', 2, 'b']], 'ZADD z CH 1 a 2 b'],
    ['hset', ['k', 'f', 1, 'g', 2], 'HSET k f 1 g 2'],
    ['hset', ['k', { f: 1, g: Buffer.from('x') }], 'HSET k f 1 g x'],
    ['hset', ['k', new Map<unknown, unknown>([['f', 1]])], 'HSET k f 1'],
    [
      'hset',
      [
        'k',
        [
          ['f', 1],
          ['g', 2],
        ],
      ],
      'HSET k f 1 g 2',
    ],
    ['hset', ['k', ['f', 1, 'g', 2]], 'HSET k f 1 g 2'],
    ['mset', [{ a: 1, b: 2 }], 'MSET a 1 b 2'],
    ['msetex', [2, { a: 1, b: 2 }, 'EX', 5], 'MSETEX 2 a 1 b 2 EX 5'],
    ['hsetex', ['k', 'EX', 5, 'FIELDS', 1, { f: 'v' }], 'HSETEX k EX 5 FIELDS 1 f v'],
    ['xadd', ['s', 'MAXLEN', '~', 100, '*', { f: 'v' }], 'XADD s MAXLEN ~ 100 * f v'],
    ['jsonSet', ['k', '$', '[1.5]', 'NX', 'FPHA', 'FP32'], 'JSON.SET k $ [1.5] NX FPHA FP32'],
    ['configSet', [{ maxmemory: 0 }], 'CONFIG SET maxmemory 0'],
    ['clientList', [], 'CLIENT LIST'],
    ['xinfoStream', ['s', 'FULL', 'COUNT', 1], 'XINFO STREAM s FULL COUNT 1'],
    ['eval', ['return 1', 1, 'k', ['a', 'b']], 'EVAL return 1 1 k a b'],
    ['xread', ['COUNT', 1, 'STREAMS', ['a', 'b'], ['0', '$']], 'XREAD COUNT 1 STREAMS a b 0 $'],
  ])('%s(%j): %s', async (method, args, request) => {
    expect(await sent(method, ...args)).toEqual([request])
  })

  it('as many arguments as the command takes, in each form that servers accept', async () => {
    const { client, loose } = await connected()
    const refusals: string[] = []
    const missing = new Set<string>()
    let called = 0
    for (const form of [...readForms('forms.txt'), ...readForms('cluster-forms.txt')]) {
      for (let seed = 0; seed < 20; seed += 1) {
        const args = callOf(form, new Chance(seed), () => '1')
        const { name, changesConnection } = lookup(args)
        if (changesConnection !== undefined) continue
        const call = loose[methodName(name)]?.(...args.slice(name.split(' ').length))
        if (call === undefined) missing.add(name)
        else called += 1
        call?.catch((error: Error) => error.name === 'UsageError' && refusals.push(`${form.text}: ${error.message}`))
      }
    }
    client.destroy()
    await new Promise((resolve) => setImmediate(resolve))
    expect([...new Set(refusals)]).toEqual([])
    expect([...missing]).toEqual([])
    expect(called).toBeGreaterThan(5_000)
  })

  it('arrays of any length', async () => {
    const keys = Array.from({ length: 200_000 }, (_, i) => `k${i}`)
    const [request] = await sent('mget', keys)
    expect(request).toBe(`MGET ${keys.join(' ')}`)
  })
})

class User {
  readonly #name = 'Ada'
  get name(): string {
    return this.#name
  }
}

const must = 'must be a string, Buffer, Uint8Array, number or bigint'

describe('a wrong call sends nothing, and names the method and the argument:', () => {
  it.each<readonly [string, readonly unknown[], string]>([
    ['get', [], 'get: expected 1 argument, got 0'],
    ['get', ['k', 'l'], 'get: expected 1 argument, got 2'],
    ['del', [], 'del: expected at least 1 argument, got 0'],
    ['del', [[]], 'del: expected at least 1 argument, got 0'],
    ['lpop', ['k', 1, 2], 'lpop: expected at most 2 arguments, got 3'],
    ['hset', ['k', 'name'], 'hset: expected at least 3 arguments, got 2'],
    ['get', [undefined], `get: argument 1 (undefined) ${must}`],
    ['hset', ['k', undefined], `hset: argument 2 (undefined) ${must}`],
    ['set', ['k', Number.NaN], `set: argument 2 (NaN) ${must}`],
    ['set', ['k', null], `set: argument 2 (null) ${must}`],
    ['set', ['k', true], `set: argument 2 (a boolean) ${must}`],
    ['clientKill', ['ID', Symbol('x')], `clientKill: argument 2 (a symbol) ${must}`],
    ['get', ['k', () => {}], `get: argument 2 (a function) ${must}; there is no callback`],
    ['set', ['k', ['v']], `set: argument 2 (an array) ${must}`],
    ['set', ['k', 'v', { EX: 10 }], `set: argument 3 (an object (Object)) ${must}; pass options as separate arguments`],
    ['zadd', ['z', { a: 1 }], `zadd: argument 2 (an object (Object)) ${must}`],
    ['geoadd', [{ a: 1 }, 1], 'geoadd(key, longitude, latitude, member, ...)'],
    ['xread', [{ s: '$' }, { block: 0 }], "xread('STREAMS', key, ..., id, ...)"],
    ['eval', ['return 1', ['k'], ['a']], 'eval(script, numkeys, key, ..., arg, ...)'],
    ['blpop', ['k', [5]], `blpop: argument 2 (an array) ${must}`],
    ['del', [['a', ['b']]], `del: argument 1: element 2 (an array) ${must}`],
    ['del', [['a', undefined]], `del: argument 1: element 2 (undefined) ${must}`],
    ['hset', ['k', { a: 1, b: undefined }], `hset: argument 2: value 2 (undefined) ${must}`],
    ['hset', ['k', new User()], 'hset: argument 2 (an object (User))'],
    ['hset', ['k', new Date(0)], 'hset: argument 2 (an object (Date))'],
    ['run', ['return 1', ['k']], 'run: argument 1 must be a script made by script()'],
    ['run', [script('return 1'), [], [], 'more'], 'run: expected a script, an array of keys and an array of arguments'],
    ['call', [], "call: the command's name (undefined)"],
    ['session', [], 'session: argument 1 (undefined) must be a function'],
    ['session', [5], 'session: argument 1 (a number) must be a function'],
    ['session', ['k', 5], 'session: argument 2 (a number) must be a function'],
    ['transaction', ['k'], 'transaction: argument 2 (undefined) must be a function'],
  ])('%s(%j)', async (method, args, message) => {
    const error = await refused(method, ...args)
    expect(error.message).toContain(message)
    expect(error.stack).toContain('methods.test.ts')
  })

  it('an object whose getter throws', async () => {
    const thrown = new Error('of a getter')
    const error = await refused('hset', 'k', {
      get f(): never {
        throw thrown
      },
    })
    expect(error).toMatchObject({ message: 'hset: argument 2 could not be read', cause: thrown })
  })
})

describe.each(serverPrograms())('on %s', (program) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer(program)
  })
  afterAll(() => server.stop())

  it('every command that a client may send has a method', async () => {
    const wire = await Wire.open(server.port)
    const listed = ((await wire.send('COMMAND', 'LIST')) as string[]).map((name) =>
      name.replace('|', ' ').toUpperCase(),
    )
    wire.close()
    const client = new Client()
    const known = decodeCatalogue()
    const isContainer = (name: string): boolean => listed.some((other) => other.startsWith(`${name} `))
    const forClients = listed.filter((name) => known.get(name)?.changesConnection === undefined)
    const missing = forClients.filter((name) => !isContainer(name) && !(methodName(name) in client))
    client.destroy()
    // For replicas only.
    expect(missing.filter((name) => !['REPLCONF', 'SYNC', 'PSYNC'].includes(name))).toEqual([])
    console.log(`${program}: typed methods for ${forClients.length - missing.length} of ${forClients.length} commands`)
  })
})

it('a subclass adds methods, and keeps those of commands', async () => {
  class Shop extends Client {
    async stockOf(item: string): Promise<number> {
      return Number(await this.hget('stock', item))
    }
    override get(key: string): Promise<string | null> {
      return super.get(`shop:${key}`)
    }
  }
  const network = new FakeNetwork()
  const shop = new Shop({}, undefined, { dial: network.dial, clock: new FakeClock() })
  const ready = shop.connect()
  await network.peer.welcomes()
  await ready
  const stock = shop.stockOf('pen')
  const value = shop.get('k')
  await new Promise((resolve) => setImmediate(resolve))
  expect(network.peer.requests).toEqual(['HGET stock pen', 'GET shop:k'])
  await network.peer.answers('$1\r\n7\r\n', '$-1\r\n')
  expect(await Promise.all([stock, value])).toEqual([7, null])
  shop.destroy()
})
