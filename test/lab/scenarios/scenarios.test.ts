import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Commands, MakeClient } from '../../../lab/clients/client.js'
import { makeIoRedis } from '../../../lab/clients/ioredis.js'
import { makeRespite } from '../../../lab/clients/respite.js'
import { perform } from '../../../lab/perform.js'
import type { Performance } from '../../../lab/recording/trace.js'
import { scenarios } from '../../../lab/scenarios/all.js'
import type { Scenario } from '../../../lab/scenarios/scenario.js'
import { BuiltInServer } from '../../../lab/server/server.js'
import { judge, judgePerformance } from '../../../lab/verdict.js'
import { type ConnectionLostError, createClient, type RespiteError, TimeoutError } from '../../../src/index.js'
import { type SecureServer, startSecureServer } from '../../support/secure-server.js'
import { startServer, type TestServer } from '../../support/server.js'

const scenarioOf = (id: string): Scenario => scenarios.find((each) => each.id === id) as Scenario

/** The command with this key: what the client said, how often it ran, and the verdict. */
function commandOf({ commands }: Performance, key: string): { said: unknown; ran: number; verdict: string } {
  const command = commands.find((each) => each.key.endsWith(`:${key}`))
  if (command === undefined) throw new Error(`there is no ${key}`)
  return { said: command.said, ran: command.ran, verdict: judge(command) }
}

let builtIn: BuiltInServer
let real: TestServer
beforeAll(async () => {
  builtIn = await BuiltInServer.start()
  real = await startServer()
})
afterAll(async () => {
  await builtIn.stop()
  await real.stop()
})

const onBuiltIn = (id: string, make: MakeClient = makeRespite): Promise<Performance> =>
  perform(scenarioOf(id), 'respite', make, { host: '127.0.0.1', port: builtIn.port })

const ids = scenarios.filter(({ isInCluster }) => isInCluster !== true).map(({ id }) => id)

describe('respite is good in every scenario on one server', () => {
  it.concurrent.each(ids)('%s', async (id) => {
    const performance = await onBuiltIn(id)
    expect(judgePerformance(performance), JSON.stringify(performance, undefined, 1)).toMatchObject({ isGood: true })
    expect(performance.commands.length).toBeGreaterThan(0)
    expect(performance.faults.length).toBeGreaterThan(0)
  })
})

describe('every scenario of the lab', () => {
  it.each(scenarios)('$id says where it happens, what a client can know, and what to do', ({ lesson }) => {
    for (const text of [lesson?.where, lesson?.known, lesson?.advice]) expect(text).toMatch(/^[A-Z].*\.$/)
  })
})

describe('the recording shows what happened', () => {
  it.each(['the built-in server', 'a real one'])('when a reply is cut, on %s', async (where) => {
    const server = { host: '127.0.0.1', port: where === 'a real one' ? real.port : builtIn.port }
    const performance = await perform(scenarioOf('cut-reply'), 'respite', makeRespite, server)
    // Part of its reply came: it ran, and only once.
    expect(commandOf(performance, 'count')).toMatchObject({ ran: 1, said: { fate: 'executed' }, verdict: 'true' })
    // The read was sent again on a second link, and then settled.
    const read = performance.commands.find(({ key }) => key.endsWith(':read'))
    expect(read).toMatchObject({ ran: 2, said: { settled: 'value' } })
    const steps = read?.events
      .filter(({ what }) => what !== 'ran')
      .map(({ what, link }) => `${what} ${link ?? ''}`.trim())
    expect(steps).toEqual(['called', 'sent 1', 'answered 1', 'lost 1', 'sent 2', 'answered 2', 'settled'])
    expect(performance.faults.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^FIN after 2 of \d+ bytes of replies$/),
    ])
    const cut = performance.wire.find(({ fault }) => fault !== undefined)
    expect(cut).toMatchObject({ from: 'server', link: 1 })
    // Two bytes of the reply have arrived.
    expect(cut?.text.slice(0, -Number(cut.missing?.length))).toBe(':1')
    expect(performance.links.map(({ closedAt }) => closedAt !== undefined)).toEqual([true, true])
    expect(performance.statuses.map(({ text }) => text)).toEqual([
      'connecting',
      'ready',
      'reconnecting',
      'ready',
      'closing',
      'closed',
    ])
  })
})

describe('the lab deletes what it and its clients wrote', () => {
  it.each(['the built-in server', 'a real one'])('receipts of once, too, on %s', async (where) => {
    const server = { host: '127.0.0.1', port: where === 'a real one' ? real.port : builtIn.port }
    const { wire } = await perform(scenarioOf('once'), 'respite', makeRespite, server)
    expect(wire.some(({ text }) => text.includes(':once:'))).toBe(true)
    const witness = createClient(server)
    expect(await witness.call('KEYS', 'respite-lab:*')).toEqual([])
    await witness.close()
  })
})

describe('on a server that asks for a user and a password', () => {
  let secure: SecureServer
  beforeAll(async () => {
    secure = await startSecureServer('redis-server', ['--user', 'lab', 'on', '>secret', '~*', '&*', '+@all'])
  })
  afterAll(() => secure.stop())

  it.each(['TCP', 'TLS'] as const)('the lab works over %s, in another database than 0', async (way) => {
    const server = { ...secure.options(way), username: 'lab', password: 'secret', database: 3 }
    const performance = await perform(scenarioOf('reset-between'), 'ioredis', makeIoRedis, server)
    expect(commandOf(performance, 'count')).toMatchObject({ ran: 2, verdict: 'twice' })
    const good = await perform(scenarioOf('C'), 'respite', makeRespite, server)
    expect(judgePerformance(good), JSON.stringify(good, undefined, 1)).toMatchObject({ isGood: true })
  })
})

describe('where no client can know better, the recording shows', () => {
  it('that a forged reply was taken for the right one, and that the surplus ended the connection', async () => {
    const performance = await onBuiltIn('extra-reply')
    expect(commandOf(performance, 'shifted-count')).toMatchObject({ said: { value: '99' }, verdict: 'misled' })
    expect(commandOf(performance, 'shifted-read')).toMatchObject({ said: { value: '1' }, verdict: 'misled' })
    expect(commandOf(performance, 'afterwards')).toMatchObject({ said: { value: '42' }, verdict: 'true' })
    expect(performance.links.length).toBeGreaterThan(1)
  })

  it('that nothing tells whether a transaction ran', async () => {
    const performance = await onBuiltIn('cut-after-exec')
    expect(commandOf(performance, 'first')).toMatchObject({ ran: 1, said: { fate: 'unknown' }, verdict: 'true' })
    const before = await onBuiltIn('cut-before-exec')
    expect(commandOf(before, 'first')).toMatchObject({ ran: 0, said: { fate: 'unknown' }, verdict: 'true' })
  })
})

// Once more all scenarios, so with `npm run test:full` only.
const full = describe.runIf(process.env.RESPITE_FULL !== undefined)
full('a client that rejects every command as unknown is detected, although it runs all of them', () => {
  // The first commands only prepare a scenario.
  const evading =
    <Args extends [name: string, ...more: never[]]>(run: (...args: Args) => Promise<unknown>) =>
    async (...args: Args): Promise<unknown> => {
      const reply = await run(...args).catch(() => undefined)
      if (args[0].endsWith(':warm-up')) return reply
      throw Object.assign(new Error('nobody knows'), { fate: 'unknown' })
    }
  const evade = (commands: Commands): Commands => ({
    get: evading((key) => commands.get(key)),
    set: evading((key, value) => commands.set(key, value)),
    incr: evading((key) => commands.incr(key)),
    incrBoth: evading(async (first, second: string) => commands.incrBoth?.(first, second)),
    blpop: evading((key, seconds) => commands.blpop(key, seconds)),
  })
  const evader: MakeClient = (...args) => {
    const client = makeRespite(...args)
    return {
      ...client,
      ...evade(client),
      cancellable: (signal) => evade(client.cancellable?.(signal) ?? client),
      incrOnce: evading(async (key) => client.incrOnce?.(key)),
      subscribe: evading((channel, hearing) => client.subscribe(channel, hearing)),
    }
  }
  it.concurrent.each(ids)('%s', async (id) => {
    const performance = await onBuiltIn(id, evader)
    expect(judgePerformance(performance).isGood).toBe(false)
    // A subscription is sent again after its call. In unknown-resolved, unknown is what a client may say, and the data tell.
    if (['C', 'cut-subscriber', 'unknown-resolved'].includes(id)) return
    expect(performance.commands.map(judge)).toContain('unfounded')
  })
})

describe('the lab does not judge a client by its own race', () => {
  const uncancellable: MakeClient = (...args) => {
    const { cancellable: _, ...client } = makeRespite(...args)
    return client
  }
  it.each([
    ['A', 'cancelled-1'],
    ['D', 'queue'],
    ['cancelled-wait', 'queue'],
  ])('but says that it cannot cancel, in %s', async (id, key) => {
    const performance = await onBuiltIn(id, uncancellable)
    expect(commandOf(performance, key)).toMatchObject({ verdict: 'uncancelled' })
    expect(judgePerformance(performance).isGood).toBe(false)
    expect(performance.commands.map(judge)).not.toContain('late')
    expect(performance.commands.map(judge)).not.toContain('silent')
  })

  it('and sees that a wait goes on that nobody can cancel', async () => {
    const { findings } = await onBuiltIn('D', uncancellable)
    expect(findings.filter(({ isGood }) => !isGood).map(({ text }) => text)).toEqual([
      'the wait has ended',
      'the element is in the list, or the caller has it',
    ])
  })
})

describe('a faulty client is detected', () => {
  const withIncr =
    (spoil: (incr: Promise<unknown>, incrAgain: () => Promise<unknown>) => Promise<unknown>): MakeClient =>
    (...args) => {
      const client = makeRespite(...args)
      return { ...client, incr: (key) => spoil(client.incr(key), () => client.incr(key)) }
    }

  it('when it says not-executed, and the command ran', async () => {
    const liar = withIncr((incr) =>
      incr.catch((error: RespiteError) => {
        throw Object.assign(new Error(error.message), { fate: 'not-executed' })
      }),
    )
    const performance = await onBuiltIn('reset-between', liar)
    expect(commandOf(performance, 'count')).toMatchObject({ ran: 1, verdict: 'false' })
    expect(judgePerformance(performance).isGood).toBe(false)
  })

  it('when it repeats a command that must not be repeated', async () => {
    const repeating = withIncr((incr, again) => incr.catch((_: ConnectionLostError) => again()))
    const performance = await onBuiltIn('reset-between', repeating)
    expect(commandOf(performance, 'count')).toMatchObject({ ran: 2, verdict: 'twice' })
  })

  it('when it does not say whether the command ran', async () => {
    const silent = withIncr((incr) => incr.catch(() => Promise.reject(new Error('lost'))))
    expect(commandOf(await onBuiltIn('cut-reply', silent), 'count').verdict).toBe('silent')
  })

  it('when it runs a command although its database could not be selected', async () => {
    const careless: MakeClient = (port, { database: _, ...settings }, hooks) => makeRespite(port, settings, hooks)
    expect(commandOf(await onBuiltIn('failed-select', careless), 'count')).toMatchObject({ ran: 1, verdict: 'false' })
  })

  it('when it sends a transaction again whose EXEC was sent', async () => {
    const repeating: MakeClient = (...args) => {
      const client = makeRespite(...args)
      const incrBoth: typeof client.incrBoth = (...keys) =>
        client.incrBoth?.(...keys).catch(() => client.incrBoth?.(...keys)) as Promise<unknown>
      return { ...client, incrBoth }
    }
    const performance = await onBuiltIn('cut-after-exec', repeating)
    expect(commandOf(performance, 'first')).toMatchObject({ ran: 2, verdict: 'twice' })
  })

  it('when it queues without a limit', async () => {
    const unlimited: MakeClient = (port, { queueLimit: _, ...settings }, hooks) => makeRespite(port, settings, hooks)
    const performance = await onBuiltIn('queue-overflow', unlimited)
    expect(performance.findings).toContainEqual({ text: 'the queue has a limit: 0 of 12 were rejected', isGood: false })
  })

  it('when it does not tell of a gap', async () => {
    const deaf: MakeClient = (...args) => {
      const client = makeRespite(...args)
      return { ...client, subscribe: (channel, hearing) => client.subscribe(channel, { ...hearing, onGap: () => {} }) }
    }
    expect(judgePerformance(await onBuiltIn('cut-subscriber', deaf)).isGood).toBe(false)
  })

  // It waits for 5 s, so it runs with `npm run test:full` only.
  it.runIf(process.env.RESPITE_FULL !== undefined)(
    'when it settles a command only because it is closed',
    async () => {
      const forgetful: MakeClient = (...args) => {
        const client = makeRespite(...args)
        let onClosed: () => void = () => {}
        const closed = new Promise<void>((resolve) => {
          onClosed = resolve
        })
        return {
          ...client,
          incr: (key) => closed.then(() => Promise.reject(Object.assign(new Error(key), { fate: 'unknown' }))),
          close: () => client.close().finally(onClosed),
        }
      }
      const performance = await onBuiltIn('reset-after', forgetful)
      expect(commandOf(performance, 'count')).toMatchObject({ said: { fate: 'unknown' }, verdict: 'hangs' })
    },
    10_000,
  )

  it.concurrent.each(['late-delivery', 'unknown-resolved'])('when it has no fence, in %s', async (id) => {
    const performance = await perform(scenarioOf(id), 'ioredis', makeIoRedis, { host: '127.0.0.1', port: builtIn.port })
    expect(performance.faults.map(({ text }) => text)).toEqual([
      'the requests are held back from now on',
      'what was held is delivered',
    ])
    expect(performance.findings[0]).toMatchObject({ isGood: false })
  })

  it('when it writes to a deposed master', async () => {
    const server = { host: '127.0.0.1', port: builtIn.port }
    const performance = await perform(scenarioOf('deposed-master'), 'ioredis', makeIoRedis, server)
    expect(performance.findings).toContainEqual({ text: '0 of those are at the new master', isGood: false })
  })

  it('when it throws an uncaught exception', async () => {
    const listeners = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const dying: MakeClient = (...args) => {
      const client = makeRespite(...args)
      const subscribe: typeof client.subscribe = (channel, hearing) => {
        setImmediate(() => {
          throw new TimeoutError('nobody listens', { fate: 'unknown' })
        })
        return client.subscribe(channel, hearing)
      }
      return { ...client, subscribe }
    }
    const performance = await onBuiltIn('C', dying)
    for (const listener of listeners) process.on('uncaughtException', listener)
    expect(performance.death?.text).toContain('nobody listens')
    expect(judgePerformance(performance).isGood).toBe(false)
  })
})
