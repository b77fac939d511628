import type { ClientSettings } from '../clients/client.js'
import type { Pace } from '../proxy/direction.js'
import { blackHole, endAfter, replace, resetAfter, stall } from '../proxy/fault.js'
import type { Expectation } from '../recording/recorder.js'
import { afterwards, mustSucceed, resultHidden, threeCommands } from './commands.js'
import type { Lesson, Scenario, Stage } from './scenario.js'

interface FaultScenario {
  readonly id: string
  readonly title: string
  readonly story: string
  readonly lesson: Lesson
  readonly settings?: ClientSettings
  /** May the commands fail that are called when the fault strikes, and the one after it? Default: they may not. */
  readonly expect?: { readonly count?: Expectation; readonly others?: Expectation; readonly afterwards?: Expectation }
  /** Prepares the fault. */
  strike(stage: Stage): void | Promise<void>
  /** What happens while the commands are in flight. */
  meanwhile?(stage: Stage): Promise<void>
}

/** Milliseconds until every client has read the end of its connection, also those that read in another thread. */
const untilRead = 30

/** The fault hides the results. What is safe to repeat must succeed, and what is called afterwards. */
const resultsHidden = { count: resultHidden, others: mustSucceed, afterwards: mustSucceed } as const

function deliver({ inflict, proxy }: Stage, text: string, pace: Pace): void {
  inflict(text, () => {
    for (const { requests, replies } of proxy.links) {
      requests.slow(pace)
      replies.slow(pace)
    }
  })
}

const faults: readonly FaultScenario[] = [
  {
    id: 'reset-between',
    title: 'Reset after the commands ran, before their replies',
    story: 'The server has run all commands. Their replies are lost with the connection.',
    lesson: {
      where:
        'The process of the server is killed, for example because the machine is out of memory; or a failover ' +
        'resets its connections.',
      known:
        'The requests were sent, and no byte of a reply arrived. The client would see the same if the server had ' +
        'not read them.',
      advice:
        'Send again what may run twice. For the rest, look at the data, or use commands that can be repeated ' +
        '(`once` of respite).',
    },
    expect: resultsHidden,
    strike: (stage) => stage.once('onReply', () => resetAfter(0)),
  },
  {
    id: 'end-between',
    title: 'End (FIN) after the commands ran, before their replies',
    story: 'The same with FIN instead of RST, as when a server behind a proxy shuts down.',
    lesson: {
      where:
        'A proxy or load balancer in front of the server is restarted, and closes its connections without waiting ' +
        'for replies.',
      known: 'FIN says that no more bytes will come. It does not say whether the server got the requests.',
      advice: 'Do the same as after a reset: that a connection ended without an error does not mean that nothing ran.',
    },
    expect: resultsHidden,
    strike: (stage) => stage.once('onReply', () => endAfter(0)),
  },
  {
    id: 'cut-reply',
    title: 'Cut inside a reply',
    story: 'Two bytes of the reply to the INCR arrive. So the client can know that it ran, but not with what result.',
    lesson: {
      where: 'A connection is lost while a reply is being sent. The larger the replies, the more often this happens.',
      known:
        'Replies have the order of the commands, and the server replies when a command has run. So the first byte ' +
        'of a reply proves that it ran, unless the reply is an error.',
      advice: 'Do not send the command again. Read the data if you need its result.',
    },
    expect: resultsHidden,
    strike: (stage) => stage.once('onReply', () => endAfter(2)),
  },
  {
    id: 'reset-after',
    title: 'Reset after the replies',
    story: 'All replies have arrived when the connection is reset. No command may run again.',
    lesson: {
      where: 'A server restarts while no command is in flight.',
      known: 'Each command has its reply. The reset changes nothing for them.',
      advice: 'There is nothing to do for these commands. The client reconnects.',
    },
    // The client may call the one after it before it has read the reset.
    expect: { count: mustSucceed, others: mustSucceed, afterwards: resultHidden },
    strike: (stage) => stage.once('onReply', (chunk) => resetAfter(chunk.length)),
  },
  {
    id: 'half-open',
    title: 'Half-open: bytes are lost without any sign of it',
    story:
      'Bytes are lost in both directions, and no end or error arrives. The clients count 400 ms of silence as a lost connection.',
    lesson: {
      where: 'A cable is pulled, a virtual machine disappears, or a firewall starts to drop packets.',
      known:
        'Nothing arrives, and nothing says why. The operating system sends the bytes again for many minutes before ' +
        'it reports an error. Only a limit for silence discovers the loss sooner.',
      advice:
        'Set a limit for silence while replies are pending (`stallTimeout` of respite). It must be longer than your ' +
        'slowest command takes.',
    },
    settings: { silenceLimit: 400 },
    expect: resultsHidden,
    strike: (stage) => stage.once('onRequest', () => blackHole),
  },
  {
    id: 'stall',
    title: 'Replies are delayed by 300 ms',
    story: 'The replies are late, but they arrive. Nothing is lost, and nothing may run twice.',
    lesson: {
      where:
        'A slow command of somebody else (KEYS, a long script), a snapshot, a busy processor, or a congested network.',
      known: 'Until a late reply arrives, it looks like a lost one.',
      advice: 'Choose time limits with normal delays in mind. A write that reached its time limit may still run.',
    },
    strike: (stage) => stage.once('onReply', () => stall),
    async meanwhile(stage) {
      await stage.pause(300)
      stage.inflict('the delayed replies are delivered', () => {
        for (const link of stage.proxy.links) link.replies.resume()
      })
    },
  },
  {
    id: 'idle-close',
    title: 'An idle connection is closed by a middlebox',
    story:
      'The connection is closed after 100 ms of silence. The client can see that before it sends the next command.',
    lesson: {
      where: 'A load balancer has an idle timeout, or the server has one (`timeout` in its configuration).',
      known:
        'The end arrives while nothing is in flight. A client that reads it before its next write loses no command.',
      advice: 'There is nothing to do, if the client reconnects by itself.',
    },
    expect: { count: mustSucceed, others: mustSucceed, afterwards: mustSucceed },
    async strike(stage) {
      const closed = stage.proxy.links.map((link) => {
        link.cutWhenIdle(100, 'end')
        return link.closed
      })
      stage.inflict('links are closed after 100 ms of silence', () => {})
      await Promise.all(closed)
      await stage.pause(untilRead)
    },
  },
  {
    id: 'garbage',
    title: 'Garbage instead of replies',
    story:
      'Bytes that are not RESP arrive, then replies to later commands. The client must not read on: it can no longer tell which reply belongs to which command.',
    lesson: {
      where: 'The address belongs to another service, a proxy sends an error page, or a defect damages the stream.',
      known:
        'Where bytes are not valid RESP, no client can find the beginning of the next reply. Nothing after them can ' +
        'be assigned to a command.',
      advice: 'Look for the cause: this is no error that passes. TLS detects bytes that were changed on the way.',
    },
    expect: resultsHidden,
    strike: (stage) => stage.once('onReply', () => replace('this is not RESP\r\n')),
  },
  {
    id: 'slow',
    title: 'A slow link',
    story: 'Both directions deliver five bytes every two milliseconds. Nothing is lost, so no command may fail.',
    lesson: {
      where: 'A mobile connection, a saturated network, or a large reply in front of small ones.',
      known: 'Replies arrive in parts, and each part shows that the connection works.',
      advice: 'Prefer limits for silence to short limits for a whole command.',
    },
    strike: (stage) => deliver(stage, 'five bytes every 2 ms', { bytes: 5, delayMs: 2 }),
  },
  {
    id: 'byte-by-byte',
    title: 'Byte by byte',
    story: 'Both directions deliver one byte at a time. So each command and each reply is split at every position.',
    lesson: {
      where:
        'TCP transports a stream of bytes. It may split a request or a reply at any position; under load, it does.',
      known:
        'A reply is complete when its last byte has arrived. A client must remember where it stopped between two ' +
        'reads.',
      advice: 'There is nothing to do in an application. This is a test for clients.',
    },
    strike: (stage) => deliver(stage, 'one byte at a time', { bytes: 1, delayMs: 0 }),
  },
  {
    id: 'refusal',
    title: 'The server is down for 300 ms, and connections are refused',
    story:
      'The connection is reset while it is idle, and new ones are refused for a while. Commands that are called then can wait.',
    lesson: {
      where: 'A server restarts: its port refuses connections until the new process listens.',
      known: 'A refused connection proves that nothing was sent on it. Commands that wait in the queue have not run.',
      advice:
        'Let commands wait for a short time, with limits for time and number. If it takes longer, tell your users.',
    },
    // A client need not have a queue.
    expect: { count: { mayFail: ['not-executed'] }, others: { mayFail: ['not-executed'] } },
    async strike({ proxy, inflict, pause }) {
      const closed = proxy.links.map((link) => link.closed)
      inflict('RST, and connections are refused', () => {
        proxy.refuse()
        proxy.resetAll()
      })
      await Promise.all(closed)
      await pause(untilRead)
    },
    async meanwhile(stage) {
      await stage.pause(300)
      await stage.proxy.open()
      stage.inflict('connections are accepted', () => {})
    },
  },
]

/** What networks do to an INCR, a GET and a SET that are called in one tick. */
export const faultScenarios: readonly Scenario[] = faults.map(({ strike, meanwhile, expect = {}, ...about }) => ({
  ...about,
  async play(stage) {
    const commands = await threeCommands(stage)
    await strike(stage)
    await Promise.all([commands.call(expect.count, expect.others), meanwhile?.(stage)])
    await afterwards(stage, expect.afterwards)
  },
}))
