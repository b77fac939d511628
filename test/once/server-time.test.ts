import { describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'
import { start } from './answering.js'

/** The time of the server, which limits when a call with `once` may run. */

it('is asked for again if a first try came too late: one of the clocks was set', async () => {
  let now = 1_700_000_000_000
  const { client, peer, end } = await start((request) => {
    if (request === 'TIME') return `*2\r\n:${now / 1_000}\r\n:0\r\n`
    if (!request.startsWith('EVAL')) return '-ERR unknown command\r\n'
    const latest = Number(/ (\d{13}) /.exec(request)?.[1])
    return latest < now ? '-ONCE_LATE it arrived after the time in which it may run\r\n' : ':1\r\n'
  })
  const onceOnly = client.with({ once: true })
  expect(await onceOnly.incr('n')).toBe(1)
  now += 3_600_000
  for (const call of await Promise.allSettled([onceOnly.incr('n'), onceOnly.incr('n')])) {
    expect(call).toMatchObject({
      reason: {
        code: 'TIMEOUT',
        fate: 'not-executed',
        message: 'INCR: not run, because onceTtl had passed, by the clock of the server, when it arrived',
      },
    })
  }
  expect(await onceOnly.incr('n')).toBe(1)
  expect(peer.requests.filter((request) => request === 'TIME')).toHaveLength(2)
  await end()
})

describe('while the server is busy', () => {
  const busy = '-BUSY Redis is busy running a script\r\n'
  const startBusy = async () => {
    const server = { isBusy: true }
    const started = await start((request) => {
      if (server.isBusy) return busy
      return request === 'TIME' ? '*2\r\n:1700000000\r\n:0\r\n' : ':1\r\n'
    })
    /** Time passes, and the server answers in between. */
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 100) {
        await started.clock.advance(100)
        for (let i = 0; i < 4; i += 1) await settle()
      }
    }
    return { ...started, server, pass }
  }

  it('is asked for until the server answers, also if that takes longer than a request may wait', async () => {
    const { client, server, pass, end } = await startBusy()
    const onceOnly = client.with({ once: true })
    const first = onceOnly.incr('n').catch((error: unknown) => error)
    await pass(8_000)
    const second = onceOnly.incr('n')
    await pass(4_000)
    expect(await first).toMatchObject({ code: 'TIMEOUT', fate: 'not-executed', command: 'INCR' })
    server.isBusy = false
    await pass(4_000)
    expect(await second).toBe(1)
    expect(await onceOnly.incr('n')).toBe(1)
    await end()
  })

  it('is not asked for again by a client that closes: its calls are rejected', async () => {
    const { client, peer, pass, end } = await startBusy()
    const call = client
      .with({ once: true })
      .incr('n')
      .catch((error: unknown) => error)
    await pass(1_000)
    const asked = peer.requests.length
    const closed = client.close()
    expect(await call).toMatchObject({ prefix: 'BUSY', fate: 'not-executed', command: 'INCR' })
    await closed
    expect(peer.requests.slice(asked)).toEqual(['TIME'])
    await end()
  })
})

it.each([
  ':5\r\n',
  '_\r\n',
  '+OK\r\n',
  '*0\r\n',
  '*2\r\n+a\r\n+b\r\n',
  '%1\r\n+a\r\n+b\r\n',
  '*2\r\n:1\r\n-ERR x\r\n',
  '*2\r\n:1\r\n%2\r\n+valueOf\r\n+x\r\n+toString\r\n+x\r\n',
])('that is none (%j) rejects calls that may run once, and no others', async (time) => {
  const { client, peer, end } = await start((request) => (request === 'TIME' ? time : '$1\r\nv\r\n'))
  const refused = client
    .with({ once: true })
    .incr('n')
    .catch((error: unknown) => error)
  expect(await refused).toMatchObject({
    code: 'REPLY_ERROR',
    fate: 'not-executed',
    command: 'INCR',
    message: 'the reply to TIME is not a time',
  })
  expect(await client.get('k')).toBe('v')
  expect(peer.isDestroyed).toBe(false)
  await end()
})

it('is no reply to a caller: if a reply ends the connection, the requests around it are answered', async () => {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ pingInterval: 0, fence: 'off' }, undefined, { dial: network.dial, clock })
  const replies: Readonly<Record<string, string>> = { TIME: '*2\r\n:1700000000\r\n:0\r\n', 'GET n': '$1\r\nv\r\n' }
  const connected = client.connect()
  await settle()
  let isOver = false
  const served = (async () => {
    for (let peers = 0; !isOver; await clock.advance(100)) {
      if (network.peers.length === peers) continue
      peers += 1
      const { peer } = network
      await peer.welcomes()
      for (let answered = 0; !isOver; answered += 1) {
        while (answered === peer.requests.length && !isOver) await settle()
        const request = String(peer.requests[answered])
        if (request === 'GET big') break
        await peer.answers(replies[request] ?? ':1\r\n')
      }
      if (!isOver) await peer.ends()
    }
  })()
  await connected
  expect(await client.with({ once: true }).incr('n')).toBe(1)
  const big = client.get('big').catch((error: unknown) => error)
  expect(await Promise.all([client.get('n'), client.get('n')])).toEqual(['v', 'v'])
  expect(await big).toMatchObject({ code: 'CONNECTION_LOST', command: 'GET' })
  isOver = true
  await served
  client.destroy()
})
