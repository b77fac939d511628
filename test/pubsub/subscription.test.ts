import { getEventListeners } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { type ClientOptionsOf, UsageError } from '../../src/index.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork, type FakePeer } from '../support/fake-network.js'

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`
const confirmation = (channel: string): string => `>3\r\n${bulk('subscribe')}${bulk(channel)}:1\r\n`
const message = (channel: string, text: string): string => `>3\r\n${bulk('message')}${bulk(channel)}${bulk(text)}`

const clients: Client[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy()
})

function start(options: ClientOptionsOf = {}): { network: FakeNetwork; clock: FakeClock; client: Client } {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client(options, undefined, { dial: network.dial, clock })
  clients.push(client)
  return { network, clock, client }
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(4)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  return bytes
}

async function confirmed(network: FakeNetwork, ...channels: string[]): Promise<FakePeer> {
  await settle()
  await network.peer.welcomes()
  await network.peer.answers(...channels.map(confirmation), '+PONG\r\n')
  return network.peer
}

describe('a channel whose name is beyond what the server reads', () => {
  const longName = 'x'.repeat(20_000)

  it('is given up after maxAttempts lost connections, and the others go on', async () => {
    const { network, clock, client } = start({ maxAttempts: 2 })
    const errors: Error[] = []
    const fine = client.subscribe('a')
    const long = client.subscribe(longName, { onMessage: () => {}, onError: (error) => errors.push(error) })
    const failure = long.ready.catch((error: unknown) => error)
    for (let lost = 0; lost < 2; lost += 1) {
      await confirmed(network, 'a')
      await network.peer.ends(new Error('reset'))
      await clock.advance(1_000)
    }
    await confirmed(network, 'a')
    await fine.ready
    expect(await failure).toMatchObject({ name: 'ConnectionLostError', fate: 'not-executed', attempts: 2 })
    expect(errors).toHaveLength(1)
    expect(network.peer.requests).toEqual(['SUBSCRIBE a', 'PING'])
  })

  it('is not blamed for losses in which it was confirmed, or others were to be', async () => {
    const { network, clock, client } = start({ maxAttempts: 2 })
    client.subscribe('a')
    const long = client.subscribe(longName)
    for (let lost = 0; lost < 4; lost += 1) {
      if (lost % 2 === 0) await confirmed(network, 'a', longName)
      else await confirmed(network, 'a')
      await network.peer.ends(new Error('reset'))
      await clock.advance(1_000)
    }
    await confirmed(network, 'a', longName)
    expect(long.isEnded).toBe(false)
  })
})

it.each([
  ['half a surrogate pair', '\ud800'],
  ['detached bytes', detached()],
])('a channel of %s is refused, not turned into another', (_, channel) => {
  const { client } = start()
  expect(() => client.subscribe(channel)).toThrow(UsageError)
})

it('the loss of the connection of subscriptions is not a fence that failed: no command of theirs can run late', async () => {
  const { network, client } = start()
  client.subscribe(['a', 'b'])
  await confirmed(network, 'a', 'b')
  client.subscribe('c')
  await settle()
  await network.peer.ends(new Error('reset'))
  expect(client.stats()).toMatchObject({ fencesNotPossible: 0, fencesTried: 0 })
})

describe('a subscription', () => {
  it('is requested together with others of the same tick, followed by a PING to check the connection', async () => {
    const { network, client } = start()
    const first = client.subscribe('a')
    const second = client.subscribe(['a', 'b'])
    const peer = await confirmed(network, 'a', 'b')
    await Promise.all([first.ready, second.ready])
    expect(peer.requests).toEqual(['SUBSCRIBE a b', 'PING'])
  })

  it('whose listener throws does not affect others: the error is an uncaught exception', async () => {
    const { network, client } = start()
    const heard: string[] = []
    const bad = client.subscribe('a', {
      onMessage: ({ message: text }) => {
        if (text === 'one') throw new Error('of a listener')
      },
    })
    client.subscribe('a', { onMessage: ({ message: text }) => heard.push(text) })
    const peer = await confirmed(network, 'a')
    await bad.ready
    const raised = new Promise((resolve) => {
      const listeners = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException')
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener)
        resolve(error)
      })
    })
    await peer.answers(message('a', 'one'))
    await peer.answers(message('a', 'two'))
    expect(await raised).toMatchObject({ message: 'of a listener' })
    expect(heard).toEqual(['one', 'two'])
  })

  it('survives a silent link: the PING is not answered, and the client reconnects', async () => {
    const { network, clock, client } = start({ pingInterval: 1_000, stallTimeout: 500 })
    const subscription = client.subscribe('a')
    await confirmed(network, 'a')
    await subscription.ready
    await clock.advance(1_600)
    expect(network.peers[0]?.isDestroyed).toBe(true)
    await clock.advance(100)
    expect(network.peers.length).toBe(2)
    await confirmed(network, 'a')
    expect(subscription.gaps).toBe(1)
  })

  it('created when the connection is lost is not ready before the server confirms it', async () => {
    const { network, clock, client } = start()
    const first = client.subscribe('a')
    const peer = await confirmed(network, 'a')
    await first.ready
    const later: string[] = []
    client.once('error', () => void client.subscribe(['a', 'b']).ready.then(() => later.push('ready')))
    await peer.ends(new Error('reset'))
    expect(later).toEqual([])
    await clock.advance(100)
    expect(await confirmed(network, 'a', 'b')).toMatchObject({ requests: ['SUBSCRIBE a b', 'PING'] })
    expect(later).toEqual(['ready'])
  })

  it('created by a listener is not ready if the connection was lost in the same tick', async () => {
    const { network, client } = start()
    const later: string[] = []
    const first = client.subscribe('a', {
      onMessage: () => {
        const { ready } = client.subscribe('a')
        // Never ready here: it is closed with its client after the test.
        ready.then(
          () => later.push('ready'),
          () => later.push('closed'),
        )
      },
    })
    const peer = await confirmed(network, 'a')
    await first.ready
    await peer.answers(message('a', 'one'), 'no RESP\r\n')
    expect(peer.isDestroyed).toBe(true)
    expect(later).toEqual([])
  })

  it('created in response to a refusal is requested again, and does not end with the others', async () => {
    const { network, client } = start()
    const heard: string[] = []
    let again: Promise<void> | undefined
    client.subscribe('a', {
      onError: () => {
        again = client.subscribe('a', { onMessage: ({ message: text }) => heard.push(text) }).ready
      },
    })
    client.subscribe('a')
    await settle()
    await network.peer.welcomes()
    await network.peer.answers('-NOPERM no\r\n', '+PONG\r\n')
    expect(network.peer.requests.slice(2)).toEqual(['SUBSCRIBE a', 'PING'])
    await network.peer.answers(confirmation('a'), '+PONG\r\n')
    await again
    await network.peer.answers(message('a', 'one'))
    expect(heard).toEqual(['one'])
  })

  it('rejects and ends if no connection can be made', async () => {
    const { network, clock, client } = start({ connectDeadline: 300, connectTimeout: 100 })
    const errors: string[] = []
    const subscription = client.subscribe('a', { onError: (error) => errors.push(error.name) })
    await clock.advance(2_000)
    await expect(subscription.ready).rejects.toMatchObject({ name: 'ConnectError' })
    expect(errors).toEqual(['ConnectError'])
    await expect(subscription[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: 'ConnectError' })
    expect(clock.pending).toBe(0)
    expect(network.peers.every(({ isDestroyed }) => isDestroyed)).toBe(true)
  })

  it('ends without an error when it or the client is closed, or its signal aborted', async () => {
    const { network, clock, client } = start()
    const controller = new AbortController()
    const closed = client.subscribe('a')
    const aborted = client.subscribe('a', { signal: controller.signal })
    const last = client.subscribe('a')
    const peer = await confirmed(network, 'a')
    await last.ready
    await peer.answers(message('a', 'read before the end'))
    closed.close()
    controller.abort()
    await client.close()
    for (const subscription of [closed, aborted, last]) {
      const messages = []
      for await (const { message: text } of subscription) messages.push(text)
      expect(messages).toEqual(['read before the end'])
    }
    expect(clock.pending).toBe(0)
    await expect(client.subscribe('a').ready).rejects.toMatchObject({ name: 'ClientClosedError' })
  })

  it('is unsubscribed, and its connection closed, when the last listener is removed', async () => {
    const { network, client } = start()
    const subscription = client.subscribe('a')
    const peer = await confirmed(network, 'a')
    await subscription.ready
    subscription.close()
    await settle()
    expect(peer.requests).toContain('UNSUBSCRIBE a')
    await peer.answers(`>3\r\n${bulk('unsubscribe')}${bulk('a')}:0\r\n`)
    expect(peer.isDestroyed).toBe(true)
  })

  it('receives text or Buffers by its own option, whatever other subscriptions of the channel receive', async () => {
    const { network, client } = start()
    const heard: unknown[] = []
    const text = client.subscribe('a', { onMessage: ({ message: got }) => heard.push(got) })
    const buffers = client.subscribe('a', { buffers: true, onMessage: ({ message: got }) => heard.push(got) })
    const peer = await confirmed(network, 'a')
    await Promise.all([text.ready, buffers.ready])
    await peer.answers(message('a', 'é'))
    buffers.close()
    await peer.answers(message('a', 'ü'))
    expect(heard).toEqual(['é', Buffer.from('é'), 'ü'])
  })

  it('with Buffers does not receive a message that began to arrive before, as text for others', async () => {
    const { network, client } = start()
    const heard: unknown[] = []
    const text = client.subscribe('a', { onMessage: ({ message: got }) => heard.push(got) })
    const peer = await confirmed(network, 'a')
    await text.ready
    const bytes = message('a', 'first')
    await peer.answers(bytes.slice(0, -4))
    const buffers = client.subscribe('a', { buffers: true, onMessage: ({ message: got }) => heard.push(got) })
    await buffers.ready
    await peer.answers(bytes.slice(-4), message('a', 'second'))
    expect(heard).toEqual(['first', 'second', Buffer.from('second')])
  })

  it('by pattern receives the channel of a message as text', async () => {
    const { network, client } = start()
    const heard: unknown[] = []
    const subscription = client.psubscribe('ä*', { buffers: true, onMessage: (got) => heard.push(got) })
    await settle()
    await network.peer.welcomes()
    await network.peer.answers(`>3\r\n${bulk('psubscribe')}${bulk('ä*')}:1\r\n`, '+PONG\r\n')
    await subscription.ready
    await network.peer.answers(`>4\r\n${bulk('pmessage')}${bulk('ä*')}${bulk('äb')}${bulk('x')}`)
    expect(heard).toEqual([{ channel: 'äb', pattern: 'ä*', message: Buffer.from('x') }])
  })

  it('ignores unknown pushes, whatever their name; an invalid message ends the connection', async () => {
    const { network, client } = start()
    const heard: unknown[] = []
    const subscription = client.subscribe('a', { onMessage: ({ message: got }) => heard.push(got) })
    const peer = await confirmed(network, 'a')
    await subscription.ready
    await peer.answers(
      `>3\r\n${bulk('constructor')}${bulk('a')}${bulk('x')}`,
      `>2\r\n${bulk('invalidate')}*1\r\n${bulk('a')}`,
    )
    await peer.answers(message('a', 'one'), `>3\r\n${bulk('message')}*0\r\n${bulk('x')}`)
    expect(heard).toEqual(['one'])
    expect(peer.isDestroyed).toBe(false)
    await peer.answers(`>3\r\n${bulk('message')}${bulk('a')}:1\r\n`)
    expect(peer.isDestroyed).toBe(true)
  })

  it('with an aborted signal has already ended, without an error or a connection', async () => {
    const { network, client } = start()
    const errors: Error[] = []
    const signal = AbortSignal.abort()
    const subscription = client.subscribe('a', { signal, onError: (error) => errors.push(error) })
    await expect(subscription.ready).rejects.toMatchObject({ name: 'ClientClosedError' })
    expect(await subscription[Symbol.asyncIterator]().next()).toEqual({ value: undefined, done: true })
    expect({ errors, count: client.stats().subscriptions, peers: network.peers.length }).toEqual({
      errors: [],
      count: 0,
      peers: 0,
    })
  })

  it('created or closed by a listener does not receive the current message', async () => {
    const { network, client } = start()
    const heard: string[] = []
    const first = client.subscribe('a', {
      onMessage: () => {
        heard.push('first')
        first.close()
        second.close()
        // Limited, so that a failure does not hang the test: each would receive the same message and create the next.
        const again = () => {
          heard.push('later')
          if (heard.length < 10) client.subscribe('a', { onMessage: again })
        }
        client.subscribe('a', { onMessage: again })
      },
    })
    const second = client.subscribe('a', { onMessage: () => heard.push('second') })
    const third = client.subscribe('a', { onMessage: () => heard.push('third') })
    const peer = await confirmed(network, 'a')
    await third.ready
    await peer.answers(message('a', 'one'))
    expect(heard).toEqual(['first', 'third'])
    third.close()
    await peer.answers(message('a', 'two'))
    expect(heard).toEqual(['first', 'third', 'later'])
  })

  it('closed by its gap listener receives no message after that', async () => {
    const { network, clock, client } = start()
    const heard: string[] = []
    const subscription = client.subscribe(['a', 'b'], {
      onGap: () => {
        heard.push('gap')
        subscription.close()
      },
      onMessage: ({ message: text }) => heard.push(text),
    })
    const peer = await confirmed(network, 'a', 'b')
    await subscription.ready
    await peer.ends(new Error('reset'))
    await clock.advance(100)
    await settle()
    await network.peer.welcomes()
    // One of its channels is subscribed again, and receives messages, before the other.
    await network.peer.answers(confirmation('a'), message('a', 'one'), confirmation('b'))
    expect(heard).toEqual(['gap'])
  })

  it('refused temporarily is requested again after a delay, on the same connection', async () => {
    const { network, clock, client } = start()
    const errors: Error[] = []
    const subscription = client.subscribe(['a', 'b'], { onError: (error) => errors.push(error) })
    const gone = client.subscribe('c')
    await settle()
    await network.peer.welcomes()
    const { peer } = network
    await peer.answers('-BUSY Redis is busy running a script\r\n', '-BUSY Redis is busy running a script\r\n')
    gone.close()
    await settle()
    await peer.answers(`>3\r\n${bulk('unsubscribe')}${bulk('c')}:0\r\n`, '+PONG\r\n')
    await clock.advance(50)
    expect(peer.requests).toEqual(['SUBSCRIBE a b c', 'PING', 'UNSUBSCRIBE c', 'PING', 'SUBSCRIBE a b', 'PING'])
    await peer.answers(confirmation('a'), confirmation('b'), '+PONG\r\n')
    await subscription.ready
    expect({ errors, gaps: subscription.gaps, peers: network.peers.length }).toEqual({ errors: [], gaps: 0, peers: 1 })
    await client.close()
    expect(clock.pending).toBe(0)
  })

  it('does not count as refused if the server forbids the PING before it', async () => {
    const { network, client } = start()
    const errors: Error[] = []
    const options = { onError: (error: Error) => errors.push(error) }
    const first = client.subscribe('a', options)
    await settle()
    await network.peer.welcomes()
    const second = client.subscribe('b', options)
    const third = client.subscribe('c', options)
    await settle()
    const { peer } = network
    expect(peer.requests).toEqual(['SUBSCRIBE a', 'PING', 'SUBSCRIBE b', 'SUBSCRIBE c', 'PING'])
    await peer.answers(confirmation('a'), '-NOPERM no PING\r\n')
    await peer.answers(confirmation('b'), confirmation('c'), '-NOPERM no PING\r\n')
    await Promise.all([first.ready, second.ready, third.ready])
    expect({ errors, isDestroyed: peer.isDestroyed }).toEqual({ errors: [], isDestroyed: false })
  })

  it.each([
    [{ maxBuffered: 0 }, 'maxBuffered'],
    [{ maxBuffered: '5' }, 'maxBuffered'],
    [{ overflow: 'drop-newest' }, 'overflow'],
    [{ onMessage: 5 }, 'onMessage'],
    [{ onGap: {} }, 'onGap'],
    [{ onError: 'log' }, 'onError'],
    [{ buffers: 1 }, 'buffers'],
    [{ signal: new AbortController() }, 'signal'],
    [{ onmessage: () => {} }, 'onmessage'],
    [new AbortController().signal, 'options'],
    [null, 'options'],
  ])('throws for the option %o, which the error names', (options, name) => {
    const { client } = start()
    expect(() => client.subscribe('a', options as object)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(name) }),
    )
    expect(client.stats().subscriptions).toBe(0)
  })

  const usageError = (text: string) =>
    expect.objectContaining({ name: 'UsageError', fate: 'not-executed', message: expect.stringContaining(text) })

  it.each([5, null, undefined, {}, [], [['a']], ['a', 5], new Array(3)])(
    'throws a UsageError for %o, which is no channel and no list of channels',
    (channels) => {
      const { client } = start()
      for (const method of ['subscribe', 'psubscribe', 'ssubscribe'] as const)
        expect(() => client[method](channels as unknown as string)).toThrow(usageError(`${method}: expected channels`))
      expect(client.stats().subscriptions).toBe(0)
    },
  )

  it.each([['b'], [['b']], [Buffer.from('b')], [() => {}], [5], [{}, () => {}], ['b', {}]])(
    'throws a UsageError that shows the right form for %o behind a channel',
    (...others: unknown[]) => {
      const { client } = start()
      const subscribe = client.subscribe.bind(client) as (...given: unknown[]) => unknown
      expect(() => subscribe('a', ...others)).toThrow(usageError('pass several channels as an array'))
      expect(client.stats().subscriptions).toBe(0)
    },
  )

  it('keeps the options of the call, whatever becomes of the object', async () => {
    const { network, client } = start()
    const heard: string[] = []
    const options = { onMessage: ({ message }: { message: string }) => void heard.push(`first ${message}`) }
    const subscription = client.subscribe('a', options)
    options.onMessage = ({ message }) => void heard.push(`second ${message}`)
    await confirmed(network, 'a')
    await subscription.ready
    await network.peer.answers('>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$1\r\nx\r\n')
    await settle()
    expect(heard).toEqual(['first x'])
    client.destroy()
  })

  it('with onMessage can not be iterated: next rejects with a UsageError, every time', async () => {
    const { network, client } = start()
    const heard: string[] = []
    const subscription = client.subscribe('a', { onMessage: ({ message: text }) => heard.push(text) })
    const peer = await confirmed(network, 'a')
    const read = async (): Promise<void> => {
      for await (const _ of subscription) heard.push('iterated')
    }
    await expect(read()).rejects.toThrow(usageError('onMessage'))
    await expect(read()).rejects.toThrow(usageError('onMessage'))
    await peer.answers(message('a', 'one'))
    expect(heard).toEqual(['one'])
  })

  it('to very many channels is confirmed in linear time', async () => {
    const { network, client } = start()
    const names = Array.from({ length: 150_000 }, (_, i) => `c${i}`)
    const subscription = client.subscribe(names)
    await settle()
    await network.peer.welcomes()
    const began = process.cpuUsage()
    await network.peer.answers(names.map(confirmation).join(''))
    await subscription.ready
    const { user, system } = process.cpuUsage(began)
    // Quadratic, it took 10 s; linear, less than one. Time of the processor, because the machine may be busy.
    expect((user + system) / 1_000).toBeLessThan(3_000)
  })

  it('to very many channels is requested by several commands, none of which a server finds too large', async () => {
    const { network, client } = start()
    const names = Array.from({ length: 1_000 }, (_, i) => `c${i}`.padEnd(50, '.'))
    const subscription = client.subscribe(names)
    await settle()
    await network.peer.welcomes()
    const { requests } = network.peer
    expect(requests.every((request) => request.length < 20_000)).toBe(true)
    expect(requests.flatMap((request) => request.split(' ').slice(1))).toEqual(names)
    await network.peer.answers(...names.map(confirmation))
    await subscription.ready
  })

  it('that is confirmed and then cut, again and again, is requested again after ever longer waits', async () => {
    const { network, clock, client } = start()
    const subscription = client.subscribe('a')
    for (let cuts = 0; cuts < 20; cuts += 1) {
      const peer = await confirmed(network, 'a')
      await peer.ends(new Error('reset'))
      while (network.peer === peer) await clock.advance(10)
    }
    // Without growing waits: half a second.
    expect(clock.now()).toBeGreaterThan(10_000)
    expect(subscription.gaps).toBe(19)
  })

  it('to __redis__:invalidate receives the keys that were invalidated, by message or push; null stands for all', async () => {
    const { network, client } = start()
    const channel = '__redis__:invalidate'
    const heard: unknown[] = []
    client.subscribe(channel, { onMessage: ({ keys }) => heard.push(keys) })
    client.subscribe(channel, { buffers: true, onMessage: ({ keys }) => heard.push(keys) })
    client.subscribe('a')
    const peer = await confirmed(network, channel, 'a')
    await peer.answers(`*3\r\n${bulk('message')}${bulk(channel)}*2\r\n${bulk('k')}${bulk('é')}`)
    await peer.answers(`>2\r\n${bulk('invalidate')}*1\r\n${bulk('k')}`, `>2\r\n${bulk('invalidate')}_\r\n`)
    expect(heard).toEqual([['k', 'é'], [Buffer.from('k'), Buffer.from('é')], ['k'], [Buffer.from('k')], null, null])
    // On any other channel, a list ends the connection.
    await peer.answers(`>3\r\n${bulk('message')}${bulk('a')}*1\r\n${bulk('k')}`)
    expect(peer.isDestroyed).toBe(true)
  })

  it('adds one listener to a signal, however many share it, and none stays', async () => {
    const { network, client } = start()
    const { signal } = new AbortController()
    const subscriptions = Array.from({ length: 30 }, () => client.subscribe('a', { signal }))
    await confirmed(network, 'a')
    await Promise.all(subscriptions.map(({ ready }) => ready))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    for (const subscription of subscriptions) subscription.close()
    await settle()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})
