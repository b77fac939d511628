import { replace } from '../proxy/fault.js'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Scenario } from './scenario.js'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

export const closeUnderLoad: Scenario = {
  id: 'close-under-load',
  title: 'The client is closed while commands are in flight',
  story:
    'Twenty INCRs are in flight on a slow link when the client is closed. Each must run once, and its caller must be told: closing ' +
    'gracefully means to wait for the replies.',
  lesson: {
    where: 'Every deployment: the process gets SIGTERM while it serves requests.',
    known:
      'A client knows which commands are in flight. It can wait for their replies before it closes the connection.',
    advice: 'Stop accepting requests, wait for those that run, then close the client, with a time limit.',
  },
  async play(stage) {
    const { client, proxy, call, key, inflict } = stage
    await threeCommands(stage)
    inflict('five bytes every 2 ms', () => {
      for (const { requests, replies } of proxy.links) {
        requests.slow({ bytes: 40, delayMs: 2 })
        replies.slow({ bytes: 5, delayMs: 2 })
      }
    })
    const calls = numbers(20).map((n) => {
      const each = key(`count-${n}`)
      return call('INCR', each, () => client.incr(each), { mayRun: 1, expected: '1' })
    })
    await stage.close()
    await Promise.all(calls)
  },
}

/** How many commands a client may queue. */
const queueLimit = 5

export const queueOverflow: Scenario = {
  id: 'queue-overflow',
  title: 'More commands are called without a connection than the queue holds',
  story:
    'The server is gone, and the clients were told to queue five commands at most. Twelve INCRs are called. Those that are queued must ' +
    'run when the server is back; the others must be rejected at once, and must never run.',
  lesson: {
    where: 'The server fails over under load: without a limit, the queue grows until the process is out of memory.',
    known: 'A command that was never sent has not run: the client knows that for certain.',
    advice:
      'Set a limit. Treat the rejection as overload: answer the user, or drop the work. Do not try again in a loop.',
  },
  settings: { queueLimit },
  async play(stage) {
    const { client, proxy, call, key, inflict } = stage
    await threeCommands(stage)
    const closed = proxy.links.map((link) => link.closed)
    inflict('RST, and connections are refused', () => {
      proxy.refuse()
      proxy.resetAll()
    })
    await Promise.all(closed)
    // By then, every client has read the reset: it must queue what is called now.
    await stage.pause(30)
    const calls = numbers(12).map((n) => {
      const each = key(`count-${n}`)
      return call('INCR', each, () => client.incr(each), { mayFail: ['not-executed'], mayRun: 1, expected: '1' })
    })
    await stage.pause(100)
    await proxy.open()
    inflict('connections are accepted', () => {})
    const said = await Promise.all(calls)
    const rejected = said.filter(({ settled }) => settled === 'error').length
    const answered = said.filter(({ settled }) => settled === 'value').length
    stage.find(`those in the queue succeed: ${answered} of ${said.length} did`, answered >= queueLimit)
    stage.find(`the queue has a limit: ${rejected} of ${said.length} were rejected`, rejected > 0)
    await afterwards(stage)
  },
}

export const replyTooLarge: Scenario = {
  id: 'reply-too-large',
  title: 'A reply is larger than the limit, with neighbours before and after it',
  story:
    'A GET between an INCR and another GET gets a reply of 2,000 bytes, and the client was told to accept 1,000. The large reply must ' +
    'fail alone: its neighbours must be told the truth. Clients without such a limit deliver it.',
  lesson: {
    where: 'A key that grew without bounds, or a server that is not the one it should be.',
    known:
      'The length stands before the bytes: a client can decide before it allocates memory. To skip the reply, it ends the connection.',
    advice: 'Set limits well above what your data needs, and below what your process can hold.',
  },
  settings: { replyLimit: 1_000 },
  async play(stage) {
    const { client, call, key, witness } = stage
    await threeCommands(stage)
    const [count, large, read] = [key('count-before'), key('large'), key('read-after')]
    await witness.set(large, 'x'.repeat(2_000))
    await witness.set(read, 'value')
    stage.inflict('a value has 2,000 bytes', () => {})
    await Promise.all([
      call('INCR', count, () => client.incr(count), { mayRun: 1, expected: '1' }),
      call('GET', large, () => client.get(large), resultHidden),
      call('GET', read, () => client.get(read), { ...mustSucceed, expected: '"value"' }),
    ])
    await afterwards(stage, mustSucceed)
  },
}

/** A decoder that calls itself for each level exhausts the stack with this many. */
const levels = 20_000

export const replyTooDeep: Scenario = {
  id: 'reply-too-deep',
  title: 'A reply is nested too deeply',
  story:
    `The reply to a GET is replaced by ${levels.toLocaleString('en')} nested arrays. A decoder that calls itself for each level exhausts the stack. ` +
    'The process must live on, the caller must be told, and the client must work again.',
  lesson: {
    where:
      'Scripts and modules can return nested arrays; a hostile or faulty server can send any depth in a few bytes.',
    known: 'Each level costs the server four bytes, and the client a frame of its stack, unless it counts them.',
    advice: 'Use a client with a limit for the depth. Do not connect to servers that you do not trust.',
  },
  async play(stage) {
    const { client, call, key, witness } = stage
    await threeCommands(stage)
    const [deep, read] = [key('deep'), key('read-after')]
    await witness.set(deep, 'value')
    await witness.set(read, 'value')
    stage.once('onReply', () => replace(`${'*1\r\n'.repeat(levels)}:1\r\n`))
    await call('GET', deep, () => client.get(deep), resultHidden)
    await call('GET', read, () => client.get(read), { ...mustSucceed, expected: '"value"' })
    await afterwards(stage, mustSucceed)
  },
}
