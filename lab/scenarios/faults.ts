import type { ClientSettings } from '../clients/client.js'
import type { Pace } from '../proxy/direction.js'
import { blackHole, endAfter, replace, resetAfter, stall } from '../proxy/fault.js'
import { afterwards, threeCommands } from './commands.js'
import type { Scenario, Stage } from './scenario.js'

interface FaultScenario {
  readonly id: string
  readonly title: string
  readonly story: string
  readonly settings?: ClientSettings
  /** Prepares the fault that is to meet the commands. */
  strike(stage: Stage): void | Promise<void>
  /** What happens while they are under way. */
  meanwhile?(stage: Stage): Promise<void>
}

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
    strike: (stage) => stage.once('onReply', () => resetAfter(0)),
  },
  {
    id: 'end-between',
    title: 'End (FIN) after the commands ran, before their replies',
    story: 'The same with FIN instead of RST, as when a server behind a proxy shuts down.',
    strike: (stage) => stage.once('onReply', () => endAfter(0)),
  },
  {
    id: 'cut-reply',
    title: 'Cut inside a reply',
    story: 'Two bytes of the reply to the INCR arrive. So the client can know that it ran, but not with what result.',
    strike: (stage) => stage.once('onReply', () => endAfter(2)),
  },
  {
    id: 'reset-after',
    title: 'Reset after the replies',
    story: 'All replies have arrived when the connection is reset. No command may run again.',
    strike: (stage) => stage.once('onReply', (chunk) => resetAfter(chunk.length)),
  },
  {
    id: 'half-open',
    title: 'Half-open: bytes are lost without any sign of it',
    story:
      'Bytes are lost in both directions, and no end or error arrives. The clients count 400 ms of silence as a lost connection.',
    settings: { silenceLimit: 400 },
    strike: (stage) => stage.once('onRequest', () => blackHole),
  },
  {
    id: 'stall',
    title: 'Replies are delayed by 300 ms',
    story: 'The replies are late, but they arrive. Nothing is lost, and nothing may run twice.',
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
    async strike(stage) {
      const closed = stage.proxy.links.map((link) => {
        link.cutWhenIdle(100, 'end')
        return link.closed
      })
      stage.inflict('links are closed after 100 ms of silence', () => {})
      await Promise.all(closed)
    },
  },
  {
    id: 'garbage',
    title: 'Garbage instead of replies',
    story:
      'Bytes that are not RESP arrive, then replies to later commands. The client must not read on: it can no longer tell which reply belongs to which command.',
    strike: (stage) => stage.once('onReply', () => replace('this is not RESP\r\n')),
  },
  {
    id: 'slow',
    title: 'A slow link',
    story: 'Both directions deliver five bytes every two milliseconds. Nothing is lost, so no command may fail.',
    strike: (stage) => deliver(stage, 'five bytes every 2 ms', { bytes: 5, delayMs: 2 }),
  },
  {
    id: 'byte-by-byte',
    title: 'Byte by byte',
    story: 'Both directions deliver one byte at a time. So each command and each reply is split at every position.',
    strike: (stage) => deliver(stage, 'one byte at a time', { bytes: 1, delayMs: 0 }),
  },
  {
    id: 'refusal',
    title: 'The server is down for 300 ms, and connections are refused',
    story:
      'The connection is reset while it is idle, and new ones are refused for a while. Commands that are called then can wait.',
    async strike({ proxy, inflict }) {
      const closed = proxy.links.map((link) => link.closed)
      inflict('RST, and connections are refused', () => {
        proxy.refuse()
        proxy.resetAll()
      })
      await Promise.all(closed)
    },
    async meanwhile(stage) {
      await stage.pause(300)
      await stage.proxy.open()
      stage.inflict('connections are accepted', () => {})
    },
  },
]

/** What networks do, and an INCR, a GET and a SET of one tick that meet it. */
export const faultScenarios: readonly Scenario[] = faults.map(({ strike, meanwhile, ...about }) => ({
  ...about,
  async play(stage) {
    const commands = await threeCommands(stage)
    await strike(stage)
    await Promise.all([commands.call(), meanwhile?.(stage)])
    await afterwards(stage)
  },
}))
