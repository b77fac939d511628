import { describe, expect, it, vi } from 'vitest'
import { Client } from '../../../src/client.js'
import type { ClientOptionsOf } from '../../../src/core/options-of.js'
import type { ClientOptions, DefaultReplies, RespiteError } from '../../../src/index.js'
import { FakeClock } from '../../support/fake-clock.js'
import { bulk, type FakeIdentity, FakeNetwork } from '../../support/fake-network.js'

const first: FakeIdentity = { id: 7, address: '10.0.0.9:4711', runId: 'aaaa' }
const next: FakeIdentity = { id: 8, address: '10.0.0.9:4712', runId: 'aaaa' }
const kill = 'CLIENT KILL ID 7 ADDR 10.0.0.9:4711'
const counting = { readMore: 0 }

async function start(options: ClientOptions = {}, identity = first) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ pingInterval: 0, ...options } as ClientOptionsOf<DefaultReplies>, undefined, {
    dial: network.dial,
    clock,
  })
  const connected = client.connect()
  await network.peer.welcomes(identity)
  await connected
  /** Ends the current connection, and lets the next one be dialed. */
  const lose = async (): Promise<void> => {
    const { length } = network.peers
    await network.peer.ends(new Error('reset'))
    while (network.peers.length === length) await clock.advance(100)
  }
  return { network, clock, client, lose }
}

/** The error of a call, and its promises as far as they have settled. */
function errorOf(call: Promise<unknown>) {
  const seen: { error?: RespiteError; fenced?: boolean; resolved?: string } = {}
  call.catch((error: RespiteError) => {
    seen.error = error
    void error.fenced?.then((fenced) => {
      seen.fenced = fenced
    })
    void error.resolved?.then((resolved) => {
      seen.resolved = resolved
    })
  })
  return seen
}

/** A lost INCR, beyond its policy, and the next connection. */
async function lost(options: ClientOptions = {}, identity = first, following = next) {
  const about = await start(options, identity)
  const seen = errorOf(about.client.incr('n'))
  await about.clock.advance(0)
  await about.lose()
  void about.client.set('k', 2).catch(() => {})
  await about.network.peer.welcomes(following)
  await about.clock.advance(0)
  return { ...about, seen }
}

describe('after the loss of a connection with pending replies', () => {
  it('the server closes it before anything else is sent, in one write with what follows', async () => {
    const { network, seen, client } = await lost()
    expect(network.peer.requests).toEqual([kill, 'SET k 2'])
    expect(network.peer.writes).toHaveLength(1)
    expect(seen).toMatchObject({ error: { fate: 'unknown' } })
    expect(seen.fenced).toBeUndefined()
    await network.peer.answers(':1\r\n')
    expect(seen).toMatchObject({ fenced: true, resolved: 'unknown' })
    expect(client.stats()).toMatchObject({ fencesTried: 1, fencesProven: 1, fencesNotPossible: 0 })
  })

  it('also a server that has closed it before proves that nothing of it runs', async () => {
    const { network, seen } = await lost()
    await network.peer.answers(':0\r\n')
    expect(seen).toMatchObject({ fenced: true, resolved: 'unknown' })
  })

  it('the bytes of the address are sent as they came', async () => {
    const { network } = await lost({}, { ...first, address: '/tmp/\xe9 x:0' })
    expect(network.peer.writes[0]?.includes(Buffer.from('$10\r\n/tmp/\xe9 x:0\r\n', 'latin1'))).toBe(true)
  })

  it('commands without replies are fenced, too', async () => {
    const { network, client, clock } = await start()
    const over = client.session(async (session) => {
      await session.call('CLIENT', 'REPLY', 'OFF')
      await session.incr('n')
      await network.peers[1]?.ends(new Error('reset'))
    })
    await network.peer.welcomes(next)
    await network.peer.answers('+OK\r\n')
    await clock.advance(0)
    await over.catch(() => {})
    expect(network.peers[0]?.requests).toEqual(['CLIENT KILL ID 8 ADDR 10.0.0.9:4712'])
    client.destroy()
  })

  it('close() waits for the answer', async () => {
    const { network, clock, client, lose } = await start()
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await lose()
    await network.peer.welcomes(next)
    expect(network.peer.requests).toEqual([kill])
    const closed = client.close()
    await clock.advance(10)
    expect(client.status).toBe('closing')
    await network.peer.answers(':1\r\n')
    await closed
    expect(seen).toMatchObject({ error: { fate: 'unknown' }, fenced: true })
  })

  it('nothing is sent where no reply was pending', async () => {
    const { network, client, lose, clock } = await start()
    await lose()
    await network.peer.welcomes(next)
    void client.set('k', 2).catch(() => {})
    await clock.advance(0)
    expect(network.peer.requests).toEqual(['SET k 2'])
  })

  it('every lost connection that is not proven is fenced on each later one', async () => {
    const { network, client, clock, lose, seen } = await lost()
    const second = errorOf(client.incr('m'))
    await clock.advance(0)
    await lose()
    await network.peer.welcomes({ ...next, id: 9 })
    await clock.advance(0)
    expect(network.peer.requests.slice(0, 2)).toEqual([kill, 'CLIENT KILL ID 8 ADDR 10.0.0.9:4712'])
    await network.peer.answers(':1\r\n', ':0\r\n')
    expect([seen.fenced, second.fenced]).toEqual([true, true])
  })
})

describe('what may still run on a connection that can not be fenced', () => {
  const elsewhere = { ...next, runId: 'bbbb' }

  it('is the rest of a transaction that the server runs one by one, though a part has run', async () => {
    const { network, client, clock, lose } = await start()
    const controller = new AbortController()
    const seen = errorOf(client.with({ signal: controller.signal }).multi().incr('n').set('k', 1).exec())
    await clock.advance(0)
    await network.peer.answers('-NOPERM no\r\n', ':1\r\n')
    controller.abort()
    await clock.advance(0)
    expect(seen.error).toMatchObject({ name: 'AbortError', fate: 'unknown' })
    await lose()
    await network.peer.welcomes(elsewhere)
    await clock.advance(10_000)
    expect(seen).toMatchObject({ fenced: false, resolved: 'executed' })
    client.destroy()
  })

  it("is not sent again with fence: 'require' where the handshake shows a proxy that shares its connections", async () => {
    const { network, client, clock, lose } = await start({ fence: 'require', retry: 'idempotent' })
    const seen = errorOf(client.set('k', 1))
    await clock.advance(0)
    await lose()
    await network.peer.welcomes({ ...next, id: 7 })
    await clock.advance(0)
    expect(network.peer.requests).toEqual([])
    expect(seen.error).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
    client.destroy()
  })

  it.each(['no promise is being rejected', 'the promise of another call is being rejected'])(
    "is not sent again with fence: 'require', while %s",
    async (when) => {
      const { network, client, clock, lose } = await start({ fence: 'require', retry: 'idempotent' })
      const seen = errorOf(client.set('k', 1))
      await clock.advance(0)
      await lose()
      const controller = new AbortController()
      client
        .with({ signal: controller.signal })
        .get('k')
        .catch(() => {})
      const replies = {
        get 'INFO server'() {
          // Just before the handshake is answered, in the same tick.
          if (when.startsWith('the promise')) controller.abort()
          return bulk('# Server\r\nrun_id:bbbb\r\n')
        },
      }
      await network.peer.welcomes({ ...elsewhere, replies })
      await clock.advance(0)
      expect(network.peer.requests.filter((request) => request.startsWith('SET'))).toEqual([])
      expect(seen.error).toMatchObject({ name: 'ConnectionLostError', fate: 'unknown' })
      client.destroy()
    },
  )
})

describe('nobody else is ever hit: nothing is closed', () => {
  it.each<[string, FakeIdentity, FakeIdentity]>([
    ['on another process', first, { ...next, runId: 'bbbb' }],
    ['if the next process is not known', first, { id: 8 }],
    ['if the process of the lost one was not known', { id: 7, address: '1.1.1.1:1' }, next],
    ['if neither is known', { id: 7, address: '1.1.1.1:1' }, { id: 8, address: '1.1.1.1:2' }],
    ['if the address was not told', { id: 7, runId: 'aaaa' }, next],
    ['if the server does not know the address', { ...first, address: '?:0' }, next],
    ['if CLIENT INFO told of another connection', { ...first, idInLine: 9 }, next],
    ['if the next connection is told the same number: a proxy shares its own', first, { ...next, id: 7 }],
    ['if the next connection is told a smaller number: no process does that', first, { ...next, id: 6 }],
  ])('%s', async (_, identity, following) => {
    const { network, seen, clock } = await lost({}, identity, following)
    expect(network.peer.requests).toEqual(['SET k 2'])
    await clock.advance(10_000)
    expect(seen).toMatchObject({ fenced: false, resolved: 'unknown' })
  })

  it('behind a proxy that shares its connections, from then on', async () => {
    const { network, client, clock, lose } = await lost({}, first, { ...next, id: 7 })
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await lose()
    await network.peer.welcomes({ ...next, id: 20 })
    await clock.advance(0)
    expect(network.peer.requests.some((request) => request.startsWith('CLIENT KILL'))).toBe(false)
    expect(seen.fenced).toBe(false)
  })

  it.each([
    ['may be told their numbers in any order', 9, ['CLIENT KILL ID 8 ADDR 10.0.0.9:4712']],
    ['may not be told the same number', 8, []],
  ])('connections that were dialed together %s', async (_, id, requests) => {
    const { network, client, clock } = await start()
    for (const key of ['k', 'l']) void client.blpop(key, 0).catch(() => {})
    await clock.advance(0)
    const [shared, one, other] = network.peers
    await clock.advance(10)
    await other?.welcomes({ ...next, id })
    await one?.welcomes(next)
    await clock.advance(0)
    await one?.ends(new Error('reset'))
    await clock.advance(0)
    expect(shared?.requests).toEqual(requests)
    client.destroy()
  })

  it('but on a later connection to the first process it is', async () => {
    const { network, clock, lose, seen } = await lost({}, first, { ...next, runId: 'bbbb' })
    await network.peer.answers('+OK\r\n')
    await lose()
    await network.peer.welcomes({ ...next, id: 30 })
    await clock.advance(0)
    expect(network.peer.requests).toEqual([kill])
    await network.peer.answers(':0\r\n')
    expect(seen.fenced).toBe(true)
  })
})

describe('a refusal', () => {
  it.each([
    'BUSY Redis is busy running a script.',
    'LOADING Redis is loading',
    'MASTERDOWN Link down',
    'NOAUTH Required.',
  ])('for now is asked again, before anything else: %s', async (refusal) => {
    const { network, clock, seen, client } = await lost()
    await network.peer.answers(`-${refusal}\r\n`, '-BUSY Redis is busy running a script.\r\n')
    network.peer.requests.length = 0
    void client.set('k', 3).catch(() => {})
    await clock.advance(3_000)
    expect(network.peer.requests[0]).toBe(kill)
    expect(network.peer.requests).toContain('SET k 3')
    await network.peer.answers(':1\r\n')
    expect(seen.fenced).toBe(true)
  })

  it.each([
    "NOPERM User app has no permissions to run the 'client|kill' command",
    'ERR syntax error',
    "ERR unknown subcommand 'KILL'",
  ])('for good is not asked again on this server: %s', async (refusal) => {
    const { network, clock, seen, client, lose } = await lost({ fenceTimeout: 50 })
    await network.peer.answers(`-${refusal}\r\n`, '+OK\r\n')
    void client.incr('n').catch(() => {})
    await clock.advance(100)
    expect(seen.fenced).toBe(false)
    await lose()
    await network.peer.welcomes({ ...next, id: 9 })
    await clock.advance(0)
    expect(network.peer.requests).toEqual([])
  })

  it('of a question in the handshake for good is left out from then on', async () => {
    const { network, clock, client, lose } = await start(
      {},
      { ...first, replies: { INFO: '-NOPERM no permission\r\n' } },
    )
    void client.incr('n').catch(() => {})
    await clock.advance(0)
    await lose()
    await network.peer.opens()
    expect(network.peer.requests).toContain('CLIENT INFO')
    expect(network.peer.requests).not.toContain('INFO server')
  })

  it('of a question in the handshake for now is asked again before the fence, and the fence before anything else', async () => {
    const { network, seen } = await lost({}, first, { ...next, replies: { INFO: '-BUSY Redis is busy\r\n' } })
    expect(network.peer.requests).toEqual(['INFO server'])
    await network.peer.answers(bulk('run_id:aaaa\r\n'))
    expect(network.peer.requests).toEqual(['INFO server', kill])
    await network.peer.answers(':1\r\n')
    expect(network.peer.requests).toEqual(['INFO server', kill, 'SET k 2'])
    expect(seen.fenced).toBe(true)
  })
})

describe('fence: require', () => {
  it('sends again only once the fence is proven', async () => {
    const { network, client, clock, lose } = await start({ fence: 'require' })
    const set = client.set('k', 1)
    await clock.advance(0)
    await lose()
    void client.set('k', 2).catch(() => {})
    await network.peer.welcomes(next)
    await clock.advance(0)
    expect(network.peer.requests).toEqual([kill])
    await network.peer.answers('-BUSY Redis is busy\r\n')
    await clock.advance(3_000)
    expect(network.peer.requests).toEqual([kill, kill])
    await network.peer.answers(':1\r\n')
    expect(network.peer.requests.slice(2)).toEqual(['SET k 1', 'SET k 2'])
    await network.peer.answers('+OK\r\n+OK\r\n')
    expect(await set).toBe('OK')
  })

  it.each<[string, FakeIdentity, FakeIdentity]>([
    ['the next connection is to another process', first, { ...next, runId: 'bbbb' }],
    ['the lost one can not be fenced', { id: 7 }, next],
  ])('rejects it if %s, but sends reads again', async (_, identity, following) => {
    const { network, client, clock, lose } = await start({ fence: 'require' }, identity)
    const seen = errorOf(client.set('k', 1))
    const read = client.get('k')
    await clock.advance(0)
    await lose()
    await network.peer.welcomes(following)
    await clock.advance(0)
    expect(seen.error).toMatchObject({ fate: 'unknown', code: 'CONNECTION_LOST' })
    expect(network.peer.requests).toEqual(['GET k'])
    await network.peer.answers('$1\r\n1\r\n')
    expect(await read).toBe('1')
  })
})

describe('fence: off', () => {
  it('asks nothing, closes nothing, and says false at once', async () => {
    const network = new FakeNetwork()
    const clock = new FakeClock()
    const client = new Client({ fence: 'off' }, undefined, { dial: network.dial, clock })
    void client.connect()
    await network.peer.opens()
    expect(network.peer.requests.some((request) => /INFO server|CLIENT INFO/.test(request))).toBe(false)
    await network.peer.welcomes()
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    expect(seen).toMatchObject({ error: { fate: 'unknown' }, fenced: false, resolved: 'unknown' })
    expect(client.stats()).toMatchObject({ fencesTried: 0, fencesNotPossible: 0 })
    client.destroy()
  })

  it('asks for the process once blocking commands are used', async () => {
    const { network, client, clock } = await start({ fence: 'off' }, { id: 7 })
    void client.blpop('k', 0).catch(() => {})
    await clock.advance(0)
    expect(network.peers[0]?.requests).toEqual(['INFO server'])
    await network.peer.opens()
    expect(network.peers[1]?.requests).toContain('INFO server')
    client.destroy()
  })
})

describe('evidence, where the server counts the bytes that it read', () => {
  const asked = ['MULTI', 'CLIENT LIST ID 7', kill, 'EXEC', kill]
  const line = (bytesRead: number, address = '10.0.0.9:4711', id = 7): string =>
    bulk(`id=${id} addr=${address} laddr=1.1.1.1:1 fd=8 tot-net-in=${bytesRead} tot-net-out=1 tot-cmds=5\n`)
  const exec = (list: string, killed = 1): string => `+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n${list}:${killed}\r\n:0\r\n`
  /** Two lost INCR, and how many bytes were written before each and behind the last. */
  async function lostTwo(options: ClientOptions = {}, identity = counting) {
    const about = await start(options, { ...first, ...identity })
    const before = about.client.stats().bytesWritten
    const [one, two] = [errorOf(about.client.incr('n')), errorOf(about.client.incr('n'))]
    await about.clock.advance(0)
    const after = about.client.stats().bytesWritten
    await about.lose()
    await about.network.peer.welcomes(next)
    await about.clock.advance(0)
    return { ...about, one, two, before, between: (before + after) / 2, after }
  }

  it('what it has not read whole was not executed; of the rest nothing is known', async () => {
    const { network, one, two, after } = await lostTwo()
    expect(network.peer.requests).toEqual(asked)
    await network.peer.answers(exec(line(after - 1)))
    expect([one.resolved, two.resolved]).toEqual(['unknown', 'not-executed'])
    expect([one.fenced, two.fenced]).toEqual([true, true])
  })

  it.each([1, -27])('is not asked for where it has not read what was written, but %i bytes more', async (readMore) => {
    const { network } = await lostTwo({}, { readMore })
    expect(network.peer.requests).toEqual([kill])
  })

  it('may be without INFO: that is the last of the handshake', async () => {
    const { network } = await lostTwo({}, { readMore: -26 })
    expect(network.peer.requests).toEqual(asked)
  })

  it('what it has read may have run', async () => {
    const { network, one, two, after } = await lostTwo()
    await network.peer.answers(exec(line(after)))
    expect([one.resolved, two.resolved]).toEqual(['unknown', 'unknown'])
  })

  it.each([
    ['is of another address', (bytes: number) => exec(line(bytes, '10.0.0.9:9'))],
    ['is of another number', (bytes: number) => exec(line(bytes, '10.0.0.9:4711', 8))],
    ['has no such field', () => exec(bulk('id=7 addr=10.0.0.9:4711 laddr=1.1.1.1:1 fd=8\n'))],
    ['came, but nothing was closed', (bytes: number) => exec(line(bytes), 0)],
    ['is missing: the user may not read it', () => '+OK\r\n-NOPERM list\r\n+QUEUED\r\n-EXECABORT x\r\n:1\r\n'],
    ['is missing: the user has no transactions', () => '-NOPERM multi\r\n$0\r\n\r\n:1\r\n-NOPERM exec\r\n:0\r\n'],
  ])('says nothing if the line %s, but the fence stands', async (_, replies) => {
    const { network, one, two, before } = await lostTwo()
    await network.peer.answers(replies(before))
    expect([one.resolved, two.resolved, one.fenced]).toEqual(['unknown', 'unknown', true])
  })

  it.each([
    ['forbidden', '+OK\r\n+QUEUED\r\n+QUEUED\r\n-NOPERM exec\r\n+QUEUED\r\n'],
    ['refused like all but MULTI while the server is busy', `+OK\r\n${'-BUSY x\r\n'.repeat(4)}`],
  ])(
    'is not asked for again where EXEC is %s and leaves its transaction open: the connection is ended',
    async (_, replies) => {
      const { network, clock } = await lostTwo()
      const { peer } = network
      await peer.answers(replies)
      expect(peer.isDestroyed).toBe(true)
      await clock.advance(100)
      await network.peer.welcomes({ ...next, id: 9 })
      await clock.advance(0)
      expect(network.peer.requests).toEqual([kill])
    },
  )

  it('is awaited before what is not idempotent is sent again: what it proves not executed is no attempt that ran', async () => {
    const { network, client, clock, one, two, between } = await lostTwo({ retry: 'always', maxAttempts: 2 })
    void client.get('x').catch(() => {})
    await clock.advance(0)
    expect(network.peer.requests).toEqual(asked)
    await network.peer.answers(exec(line(between)))
    expect(network.peer.requests.slice(asked.length)).toEqual(['INCR n', 'INCR n', 'GET x'])
    await network.peer.answers('-WRONGTYPE x\r\n-WRONGTYPE x\r\n')
    expect([one.error?.fate, two.error?.fate]).toEqual(['unknown', 'refused'])
  })

  it('is not awaited before what is idempotent', async () => {
    const { network, client, clock, lose } = await start({}, { ...first, ...counting })
    void client.set('k', 1).catch(() => {})
    await clock.advance(0)
    await lose()
    await network.peer.welcomes(next)
    await clock.advance(0)
    expect(network.peer.requests).toEqual([...asked, 'SET k 1'])
  })
})

describe('error.fenced and error.resolved', () => {
  it('settle with the late reply of a command whose caller gave it up', async () => {
    const { network, client, clock } = await start()
    const [one, two] = [
      errorOf(client.with({ timeout: 10 }).incr('n')),
      errorOf(client.with({ timeout: 10 }).incr('m')),
    ]
    await clock.advance(20)
    expect([one.error?.fate, one.fenced]).toEqual(['unknown', undefined])
    await clock.advance(9_000)
    expect(one.fenced).toBeUndefined()
    await network.peer.answers(':1\r\n-WRONGTYPE x\r\n')
    expect([one.fenced, one.resolved, two.resolved]).toEqual([true, 'executed', 'refused'])
    client.destroy()
  })

  it('are unknown if the late reply itself does not tell whether it ran', async () => {
    const { network, client, clock } = await start()
    void client
      .with({ once: true })
      .incr('n')
      .catch(() => {})
    const seen = errorOf(client.with({ once: true, timeout: 50 }).incr('n'))
    await vi.waitFor(async () => {
      await clock.advance(0)
      expect(network.peer.requests).toContain('TIME')
    })
    await network.peer.answers('*2\r\n$1\r\n1\r\n$1\r\n0\r\n')
    await clock.advance(100)
    expect(seen).toMatchObject({ error: { fate: 'unknown' } })
    await network.peer.answers(':1\r\n-ONCE_UNKNOWN its receipt has no reply\r\n')
    expect(seen).toMatchObject({ fenced: true, resolved: 'unknown' })
    client.destroy()
  })

  it('say that a transaction was not executed whose late reply is null: a watched key was changed', async () => {
    const { network, client, clock } = await start()
    const seen: ReturnType<typeof errorOf>[] = []
    const over = client.session(async (session) => {
      const watching = session.watch('k')
      await clock.advance(0)
      await network.peer.answers('+OK\r\n')
      await watching
      seen.push(errorOf(session.with({ timeout: 10 }).multi().incr('n').exec()))
      await clock.advance(20)
      await network.peer.answers('+OK\r\n+QUEUED\r\n_\r\n')
    })
    await network.peer.welcomes(next)
    await clock.advance(0)
    await vi.waitFor(() =>
      expect(seen).toMatchObject([{ error: { fate: 'unknown' }, fenced: true, resolved: 'not-executed' }]),
    )
    client.destroy()
    await over.catch(() => {})
  })

  it('of such a command settle with the fence of its connection, if that is lost', async () => {
    const { network, client, clock, lose } = await start()
    const seen = errorOf(client.with({ timeout: 10 }).incr('n'))
    await clock.advance(20)
    await lose()
    await network.peer.welcomes(next)
    await clock.advance(0)
    await network.peer.answers(':1\r\n')
    expect(seen).toMatchObject({ fenced: true, resolved: 'unknown' })
  })

  it('need every connection that carried the command', async () => {
    const { network, client, clock, lose } = await start({ maxAttempts: 2, retry: 'always' })
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await lose()
    await network.peer.welcomes(next)
    await clock.advance(0)
    await network.peer.answers(':1\r\n')
    await lose()
    await network.peer.welcomes({ ...next, id: 9, runId: 'bbbb' })
    await clock.advance(0)
    expect(seen.error).toMatchObject({ fate: 'unknown', attempts: 2 })
    expect(seen.fenced).toBeUndefined()
    await clock.advance(10_000)
    expect(seen.fenced).toBe(false)
  })

  it('settle within fenceTimeout of the error, if there is no connection', async () => {
    const { network, client, clock } = await start({ fenceTimeout: 500 })
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    await clock.advance(499)
    expect(seen.fenced).toBeUndefined()
    await clock.advance(1)
    expect(seen).toMatchObject({ fenced: false, resolved: 'unknown' })
    client.destroy()
  })

  it('settle at once when the client is destroyed', async () => {
    const { network, client, clock } = await start()
    const [before, during] = [errorOf(client.incr('n')), errorOf(client.incr('m'))]
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    client.destroy()
    await clock.advance(0)
    expect([before.fenced, during.fenced]).toEqual([false, false])
    expect(clock.pending).toBe(0)
  })

  it('are undefined where the fate is known', async () => {
    const { network, client, clock } = await start()
    const seen = errorOf(client.incr('n'))
    await clock.advance(0)
    await network.peer.answers('-WRONGTYPE x\r\n')
    expect([seen.error?.fate, seen.error?.fenced, seen.error?.resolved]).toEqual(['refused', undefined, undefined])
    client.destroy()
  })
})

describe('a pooled connection', () => {
  it('is fenced over the shared one, and its command is sent again only then', async () => {
    const { network, client, clock } = await start({ retry: 'always' })
    void client.blpop('k', 0).catch(() => {})
    await network.peer.welcomes(next)
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    const [shared] = network.peers
    void client.set('k', 2).catch(() => {})
    await clock.advance(0)
    expect(shared?.requests).toEqual(['CLIENT KILL ID 8 ADDR 10.0.0.9:4712', 'SET k 2'])
    expect(network.peers).toHaveLength(2)
    await shared?.answers(':1\r\n')
    await clock.advance(0)
    expect(network.peers).toHaveLength(3)
    client.destroy()
  })

  it('has its command told unknown only when the fence was answered', async () => {
    const { network, client, clock } = await start()
    const seen = errorOf(client.blpop('k', 0))
    await network.peer.welcomes(next)
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    await clock.advance(5_000)
    expect(seen.error).toBeUndefined()
    await network.peers[0]?.answers(':1\r\n')
    expect(seen).toMatchObject({ error: { fate: 'unknown' }, fenced: true })
    client.destroy()
  })

  it('is waited for no longer than fenceTimeout', async () => {
    const { network, client, clock } = await start({ fenceTimeout: 300, stallTimeout: 0 })
    const seen = errorOf(client.blpop('k', 0))
    await network.peer.welcomes(next)
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    await clock.advance(300)
    expect(seen).toMatchObject({ error: { fate: 'unknown' } })
    client.destroy()
  })
})

describe('a pooled connection to another process than that of the shared one', () => {
  const elsewhere = { ...next, runId: 'bbbb' }

  /** A call that waits on a pooled connection, which is lost. */
  async function lostCall(options: ClientOptions, call: (client: Client) => Promise<unknown>) {
    const { network, client, clock } = await start(options)
    const seen = errorOf(call(client))
    await network.peer.welcomes(elsewhere)
    await clock.advance(0)
    await network.peer.ends(new Error('reset'))
    await clock.advance(0)
    return { network, client, seen }
  }

  it('is not waited for: its command is told unknown at once', async () => {
    const { network, client, seen } = await lostCall({}, (client) => client.blpop('k', 0))
    expect(seen).toMatchObject({ error: { name: 'ConnectionLostError', fate: 'unknown' } })
    expect(seen.fenced).toBeUndefined()
    expect(network.peers[0]?.requests).toEqual([])
    client.destroy()
  })

  it("does not have its command sent again with fence: 'require'", async () => {
    const options: ClientOptions = { fence: 'require', retry: 'always' }
    const { network, client, seen } = await lostCall(options, (client) => client.blpop('k', 0))
    expect(seen).toMatchObject({ error: { name: 'ConnectionLostError', fate: 'unknown', attempts: 1 } })
    expect(network.peers).toHaveLength(2)
    client.destroy()
  })

  it("has a read sent again with fence: 'require', too", async () => {
    const { network, client, seen } = await lostCall({ fence: 'require' }, (client) =>
      client.xread('BLOCK', 0, 'STREAMS', 's', '0'),
    )
    await network.peer.welcomes({ ...elsewhere, id: 9 })
    expect(network.peers).toHaveLength(3)
    expect(network.peer.requests).toEqual(['XREAD BLOCK 0 STREAMS s 0'])
    expect(seen.error).toBeUndefined()
    client.destroy()
  })
})

describe('lost connections that could not be fenced yet', () => {
  it('are remembered, but only the last 64', async () => {
    const { network, client, clock } = await start({ reconnect: () => 1 }, { ...first, runId: 'bbbb' })
    const ids = Array.from({ length: 65 }, (_, index) => 8 + index)
    for (const id of ids) {
      void client.blpop('k', 0).catch(() => {})
      await clock.advance(0)
      await network.peer.welcomes({ id, address: `10.0.0.9:${id}`, runId: 'aaaa' })
      await network.peer.ends(new Error('reset'))
      await clock.advance(0)
    }
    await network.peers[0]?.ends(new Error('reset'))
    await clock.advance(1)
    await network.peer.welcomes({ ...next, id: 100 })
    await clock.advance(0)
    expect(network.peer.requests).toEqual(ids.slice(1).map((id) => `CLIENT KILL ID ${id} ADDR 10.0.0.9:${id}`))
    expect(client.stats()).toMatchObject({ fencesTried: 64, fencesNotPossible: 1 })
    client.destroy()
  })

  it.each([
    ['are remembered after 9.9 times fenceTimeout', 9_900, [kill], 0],
    ['are not remembered after 10.1 times fenceTimeout', 10_100, [], 1],
  ])('%s', async (_, ms, requests, fencesNotPossible) => {
    const options: ClientOptions = { fenceTimeout: 1_000, reconnect: () => 1 }
    const { network, client, clock } = await lost(options, first, { ...next, runId: 'bbbb' })
    await network.peer.answers('+OK\r\n')
    await clock.advance(ms - clock.now())
    await network.peer.ends(new Error('reset'))
    await clock.advance(1)
    await network.peer.welcomes({ ...next, id: 30 })
    await clock.advance(0)
    expect(network.peer.requests).toEqual(requests)
    expect(client.stats()).toMatchObject({ fencesNotPossible })
    client.destroy()
  })
})
