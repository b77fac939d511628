import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import type { TimeoutError } from '../../src/errors.js'
import { type ClientOptionsOf, script } from '../../src/index.js'
import type { Session } from '../../src/sessions/session.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'
import { rejection } from '../support/rejection.js'

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

/** A session on a fake network, until `end` is called. */
async function begin(options: ClientOptionsOf = {}): Promise<{
  network: FakeNetwork
  clock: FakeClock
  session: Session
  end: () => void
  ended: Promise<unknown>
}> {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  clients.push(client)
  let end: () => void = () => {}
  let ended: Promise<unknown> = Promise.resolve()
  const lent = new Promise<Session>((resolve) => {
    ended = client.session(
      (session) =>
        new Promise<void>((over) => {
          end = over
          resolve(session)
        }),
    )
  })
  await network.peer.welcomes()
  return { network, clock, session: await lent, end, ended }
}

describe('a session', () => {
  it('may have a key, as in a cluster, which has no effect', async () => {
    const network = new FakeNetwork()
    const client = new Client(undefined, undefined, { dial: network.dial, clock: new FakeClock() })
    clients.push(client)
    const reply = client.session('user:1', (session) => session.incr('n'))
    await network.peer.welcomes()
    await settle()
    expect(network.peer.requests.splice(0)).toEqual(['INCR n'])
    await network.peer.answers(':1\r\n')
    expect(await reply).toBe(1)
  })

  it('turns replies off only when no reply is pending, and sends what follows when the server has taken that', async () => {
    const { network, session } = await begin()
    const first = session.incr('n')
    const silent = [session.call('CLIENT', 'REPLY', 'SKIP'), session.incr('n')]
    const last = session.incr('n')
    await settle()
    expect(network.peer.requests.splice(0)).toEqual(['INCR n'])
    await network.peer.answers(':1\r\n')
    expect(network.peer.requests.splice(0)).toEqual(['CLIENT REPLY ON', 'CLIENT REPLY SKIP'])
    await network.peer.answers('+OK\r\n')
    expect(network.peer.requests.splice(0)).toEqual(['INCR n', 'INCR n'])
    await network.peer.answers(':3\r\n')
    expect(await Promise.all([first, ...silent, last])).toEqual([1, null, null, 3])
  })

  it('that may not turn replies off ends: nothing gets the reply of another command', async () => {
    const { network, session } = await begin()
    const refused = rejection(session.call('CLIENT', 'REPLY', 'OFF'))
    const others = [session.incr('n'), session.call('CLIENT', 'REPLY', 'ON'), session.echo('x')].map(rejection)
    await settle()
    await network.peer.answers('-NOPERM no\r\n')
    // The other refusal may come later.
    expect(network.peer.isDestroyed).toBe(true)
    expect(await refused).toMatchObject({ name: 'ReplyError', prefix: 'NOPERM', fate: 'refused' })
    for (const other of await Promise.all(others)) {
      expect(other).toMatchObject({ name: 'SessionLostError', fate: 'not-executed' })
    }
    expect(network.peer.requests).toEqual(['CLIENT REPLY ON', 'CLIENT REPLY OFF'])
  })

  it('with an incomplete last write gives fate not-executed to the command in that write', async () => {
    const { network, session } = await begin()
    network.peer.nextWrite = 'pending'
    network.peer.isPendingWriteIncomplete = true
    const counted = rejection(session.incr('count'))
    await settle()
    await network.peer.ends(new Error('reset'))
    expect(await counted).toMatchObject({ name: 'SessionLostError', fate: 'not-executed' })
  })

  it('sends the text of a script if the server has forgotten it', async () => {
    const { network, session } = await begin()
    const one = script('return 1')
    const first = session.run(one, [])
    await settle()
    await network.peer.answers(':1\r\n')
    const second = session.run(one, [])
    await settle()
    await network.peer.answers('-NOSCRIPT No matching script. Please use EVAL.\r\n')
    await network.peer.answers('*1\r\n:0\r\n')
    await network.peer.answers(':1\r\n')
    expect(await Promise.all([first, second])).toEqual([1, 1])
    expect(network.peer.requests.map((request) => request.split(' ')[0])).toEqual(['EVAL', 'EVALSHA', 'SCRIPT', 'EVAL'])
  })

  it.each(['_', '*', '*-1'])(
    'gives fate unknown to a transaction whose reply was cut to %s: it may be a conflict',
    async (part) => {
      const { network, session } = await begin()
      const results = rejection(session.multi().incr('n').exec())
      await settle()
      await network.peer.answers('+OK\r\n', '+QUEUED\r\n', part)
      await network.peer.ends()
      expect(await results).toMatchObject({ name: 'SessionLostError', fate: 'unknown' })
    },
  )

  it.each([
    ['SELECT', ['SELECT', '3'], '+OK\r\n'],
    ['MULTI', ['MULTI'], '+OK\r\n'],
  ] as const)('does not run a script that the server has forgotten after a later %s', async (_, later, reply) => {
    const { network, session } = await begin()
    const one = script('return 1')
    const first = session.run(one, [])
    await settle()
    await network.peer.answers(':1\r\n')
    await first
    const second = rejection(session.run(one, []))
    const third = session.call(later[0], ...later.slice(1))
    await settle()
    await network.peer.answers(`-NOSCRIPT No matching script. Please use EVAL.\r\n${reply}`)
    await third
    expect(await second).toMatchObject({ name: 'ReplyError', fate: 'refused', prefix: 'NOSCRIPT' })
    expect(network.peer.requests).toEqual([
      expect.stringMatching(/^EVAL /),
      expect.stringMatching(/^EVALSHA /),
      later.join(' '),
    ])
  })

  it('refuses CLIENT REPLY inside MULTI by hand, which would pair replies with the wrong commands', async () => {
    const { network, session } = await begin()
    const begun = session.call('MULTI')
    expect(await rejection(session.call('CLIENT', 'REPLY', 'SKIP'))).toMatchObject({
      code: 'USAGE',
      fate: 'not-executed',
    })
    const stored = session.call('SET', 'k', 'v')
    const done = session.call('EXEC')
    await settle()
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n+OK\r\n')
    expect(await Promise.all([begun, stored, done])).toEqual(['OK', 'QUEUED', ['OK']])
  })

  it('gives fate unknown to a command inside MULTI by hand whose reply was cut: it may be QUEUED', async () => {
    const { network, session } = await begin()
    void session.call('MULTI')
    const counted = rejection(session.incr('n'))
    await settle()
    await network.peer.answers('+OK\r\n', '+QU')
    await network.peer.ends()
    expect(await counted).toMatchObject({ name: 'SessionLostError', fate: 'unknown' })
  })

  it('restores its connection and returns it to the pool', async () => {
    const { network, session, end, ended } = await begin()
    void session.select(3)
    void session.watch('k')
    void session.call('MULTI')
    await settle()
    await network.peer.answers('+OK\r\n', '+OK\r\n', '+OK\r\n')
    end()
    await settle()
    expect(network.peer.requests.slice(3)).toEqual(['DISCARD', 'UNWATCH', 'SELECT 0'])
    await network.peer.answers('+OK\r\n', '+OK\r\n', '+OK\r\n')
    await ended
    expect(network.peer.isDestroyed).toBe(false)
  })

  it.each([
    ['SUBSCRIBE', 'use client.subscribe()'],
    ['punsubscribe', 'use client.subscribe(), psubscribe()'],
    ['REPLCONF', 'use redis-cli'],
    ['SYNC', 'use redis-cli'],
    ['CLUSTER SYNCSLOTS', 'use redis-cli'],
    ['MONITOR', 'use session.monitor()'],
    ['SCRIPT DEBUG', 'use redis-cli'],
  ])('refuses %s, which is not answered by one reply: later commands would get wrong replies', async (name, advice) => {
    const { network, session, end, ended } = await begin()
    const [word = '', ...args] = name.split(' ')
    const refused = session.call(word, ...args, 'x')
    await expect(refused).rejects.toMatchObject({
      ...{ name: 'UsageError', fate: 'not-executed' },
      message: expect.stringContaining(advice),
    })
    expect(network.peer.requests.some((line) => line.toUpperCase().startsWith(name.toUpperCase()))).toBe(false)
    end()
    await ended
  })

  it.each([
    [{ maxBuffered: 'x' }, 'maxBuffered'],
    [{ maxBuffered: 0 }, 'maxBuffered'],
    [{ buffered: 1 }, 'buffered'],
  ])('refuses to monitor with %j, and sends nothing', async (options, name) => {
    const { network, session, end, ended } = await begin()
    const lines = session.monitor(options as { maxBuffered: number })
    await expect(lines.next()).rejects.toThrow(name)
    expect(network.peer.requests).not.toContain('MONITOR')
    end()
    await ended
  })

  it('refuses commands from the call of monitor() on: they would get its lines as their replies', async () => {
    const { network, session, end, ended } = await begin()
    const before = session.echo('before')
    const lines = session.monitor()
    const line = lines.next()
    await expect(session.echo('after')).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    await settle()
    await network.peer.answers('$6\r\nbefore\r\n', '+OK\r\n', '+1.5 [0 127.0.0.1:1] "GET" "a"\r\n')
    expect(await before).toBe('before')
    expect(await line).toEqual({ value: '1.5 [0 127.0.0.1:1] "GET" "a"', done: false })
    expect(network.peer.requests.filter((each) => each.startsWith('ECHO'))).toEqual(['ECHO before'])
    end()
    await ended
  })

  it('refuses a second monitor(), and the first one continues', async () => {
    const { network, session, end, ended } = await begin()
    const lines = session.monitor()
    const [first, second] = [lines.next(), rejection(session.monitor().next())]
    await settle()
    await network.peer.answers('+OK\r\n')
    expect(await second).toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    await network.peer.answers('+line\r\n')
    expect(await first).toEqual({ value: 'line', done: false })
    expect(network.peer.isDestroyed).toBe(false)
    end()
    await ended
  })

  it('that was refused MONITOR goes on', async () => {
    const { network, session, end, ended } = await begin()
    const refused = rejection(session.monitor().next())
    await settle()
    await network.peer.answers('-NOPERM no\r\n')
    expect(await refused).toMatchObject({ name: 'ReplyError', fate: 'refused' })
    const echoed = session.echo('x')
    await settle()
    await network.peer.answers('$1\r\nx\r\n')
    expect(await echoed).toBe('x')
    end()
    await ended
  })

  it('refuses commands after MONITOR was given up: the server still runs it, and its lines would be their replies', async () => {
    const { network, clock, session, end, ended } = await begin({ timeout: 100 })
    const line = rejection(session.monitor().next())
    await settle()
    await clock.advance(100)
    expect(await line).toMatchObject({ name: 'TimeoutError', fate: 'unknown' })
    await expect(session.get('k')).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    expect(network.peer.requests).toEqual(['MONITOR'])
    end()
    await ended
    expect(network.peer.isDestroyed).toBe(true)
  })

  it('goes on if MONITOR was given up before it was sent', async () => {
    const { network, clock, session, end, ended } = await begin({ timeout: 100 })
    const auth = session.with({ timeout: 0 }).call('AUTH', 'user', 'secret')
    const line = rejection(session.monitor().next())
    await settle()
    await clock.advance(100)
    expect(await line).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
    const echoed = session.echo('x')
    await network.peer.answers('+OK\r\n')
    await network.peer.answers('$1\r\nx\r\n')
    expect([await auth, await echoed]).toEqual(['OK', 'x'])
    expect(network.peer.requests).toEqual(['AUTH user secret', 'ECHO x'])
    end()
    await ended
  })

  it('does not monitor in a transaction begun by hand, in which MONITOR would only be queued', async () => {
    const { network, session, end, ended } = await begin()
    void session.call('MULTI').catch(() => {})
    await expect(session.monitor().next()).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed' })
    expect(network.peer.requests).not.toContain('MONITOR')
    end()
    await settle()
    await network.peer.answers('+OK\r\n', '+OK\r\n')
    await ended
  })

  it('ends the iteration over the lines of MONITOR when it ends', async () => {
    const { network, session, end, ended } = await begin()
    const lines = session.monitor()
    const first = lines.next()
    await settle()
    await network.peer.answers('+OK\r\n', '+line\r\n')
    expect(await first).toEqual({ value: 'line', done: false })
    const pending = lines.next()
    end()
    await ended
    expect(await pending).toEqual({ value: undefined, done: true })
    expect(await lines.next()).toEqual({ value: undefined, done: true })
  })

  it.each([['CLIENT', 'TRACKING', 'ON'], ['CLIENT', 'SOMETHING', 'NEW'], ['RESET'], ['CLIENT', 'NO-TOUCH', 'ON']])(
    'closes its connection after commands that cannot be undone with certainty: %s %s',
    async (...command) => {
      const { network, session, end, ended } = await begin()
      const [name = '', ...args] = command
      void session.call(name, ...args).catch(() => {})
      await settle()
      end()
      await ended
      expect(network.peer.isDestroyed).toBe(true)
    },
  )
})

it('a connection on which keys may still be watched is not used again, if a transaction could not be sent', async () => {
  const { network, session, end, ended } = await begin()
  const watching = session.watch('k')
  await settle()
  await network.peer.answers('+OK\r\n')
  await watching
  const bytes = Buffer.from(new ArrayBuffer(8))
  const multi = session.multi().set('y', bytes)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  await expect(multi.exec()).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed' })
  end()
  await ended
  expect(network.peer.isDestroyed).toBe(true)
})

describe('a transaction begun by hand', () => {
  const aborted = { signal: AbortSignal.abort() }
  const isRefused = (session: Session): Promise<boolean> =>
    session
      .multi()
      .incr('n')
      .exec()
      .then(
        () => false,
        ({ message }) => message.includes('a transaction was begun by hand'),
      )

  it.each(['EXEC', 'DISCARD'])('is still open if %s was aborted before it was sent', async (name) => {
    const { network, session } = await begin()
    const begun = session.call('MULTI')
    await settle()
    await network.peer.answers('+OK\r\n')
    await begun
    await expect(session.with(aborted).call(name)).rejects.toMatchObject({ fate: 'not-executed' })
    expect(await isRefused(session)).toBe(true)
    expect(network.peer.requests).toEqual(['MULTI'])
  })

  it('leaves the fate of a command that was given up unknown if it was queued: EXEC may still run it', async () => {
    const { network, clock, session, end, ended } = await begin()
    const multi = session.call('MULTI')
    const given = rejection(session.with({ timeout: 100 }).incr('n')) as Promise<TimeoutError>
    await settle()
    await clock.advance(100)
    const error = await given
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n')
    expect(await Promise.all([error.outcome, error.resolved, error.fenced])).toEqual(['QUEUED', 'unknown', false])
    await multi
    end()
    await settle()
    await network.peer.answers('+OK\r\n')
    await ended
  })

  it.each([
    ['not-executed', '*-1\r\n'],
    ['executed', '*0\r\n'],
  ])('has fate %s after a late reply %j to an EXEC that was given up', async (fate, reply) => {
    const { network, clock, session, end, ended } = await begin()
    const multi = session.call('MULTI')
    const given = rejection(session.with({ timeout: 100 }).call('EXEC')) as Promise<TimeoutError>
    await settle()
    await clock.advance(100)
    const error = await given
    await network.peer.answers('+OK\r\n', reply)
    expect(await Promise.all([error.resolved, error.fenced])).toEqual([fate, true])
    await multi
    end()
    await ended
  })

  it('that the server has refused leaves no doubt about a command that runs at once', async () => {
    const { network, clock, session, end, ended } = await begin()
    const multi = rejection(session.call('MULTI'))
    const given = rejection(session.with({ timeout: 100 }).call('SET', 'k', 1, 'GET')) as Promise<TimeoutError>
    await settle()
    await clock.advance(100)
    const error = await given
    await network.peer.answers('-NOPERM no\r\n', '$-1\r\n')
    expect(await error.resolved).toBe('executed')
    await multi
    end()
    await ended
  })

  it('is still open if DISCARD was refused', async () => {
    const { network, session } = await begin()
    const ended = Promise.allSettled([session.call('MULTI'), session.call('DISCARD')])
    await settle()
    await network.peer.answers('+OK\r\n', "-NOPERM no permissions to run 'discard'\r\n")
    await ended
    expect(await isRefused(session)).toBe(true)
  })

  it('is still open if EXEC could not be sent at all, and its connection is not used again', async () => {
    const { network, session, end, ended } = await begin()
    const begun = session.call('MULTI')
    await settle()
    await network.peer.answers('+OK\r\n')
    await begun
    await expect(session.with({ once: true }).call('EXEC')).rejects.toMatchObject({ fate: 'not-executed' })
    expect(await isRefused(session)).toBe(true)
    end()
    await ended
    expect(network.peer.isDestroyed).toBe(true)
  })

  it('has ended if EXEC was refused', async () => {
    const { network, session } = await begin()
    const ended = Promise.allSettled([session.call('MULTI'), session.call('EXEC')])
    await settle()
    await network.peer.answers('+OK\r\n', '-EXECABORT discarded\r\n')
    await ended
    const multi = session.multi().incr('n').exec()
    await settle()
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n:1\r\n')
    expect(await multi).toEqual([1])
  })

  it.each([
    [
      'MULTI was aborted before it was sent',
      async (session: Session) =>
        session
          .with(aborted)
          .call('MULTI')
          .catch(() => {}),
    ],
    [
      'MULTI was refused',
      async (session: Session, network: FakeNetwork) => {
        const refused = expect(session.call('MULTI')).rejects.toMatchObject({ fate: 'refused' })
        await settle()
        await network.peer.answers("-NOPERM no permissions to run 'multi'\r\n")
        await refused
      },
    ],
    [
      'RESET has ended it',
      async (session: Session, network: FakeNetwork) => {
        for (const [name, reply] of [
          ['MULTI', '+OK'],
          ['RESET', '+RESET'],
        ] as const) {
          const sent = session.call(name)
          await settle()
          await network.peer.answers(`${reply}\r\n`)
          await sent
        }
      },
    ],
  ])('is not open if %s', async (_, act) => {
    const { network, session } = await begin()
    await act(session, network)
    const before = network.peer.requests.length
    const multi = session.multi().incr('n').exec()
    await settle()
    expect(network.peer.requests.slice(before)).toEqual(['MULTI', 'INCR n', 'EXEC'])
    await network.peer.answers('+OK\r\n', '+QUEUED\r\n', '*1\r\n:1\r\n')
    expect(await multi).toEqual([1])
  })
})
