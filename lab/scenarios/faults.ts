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
    story: 'The server has run everything; its replies are lost with the connection.',
    strike: (stage) => stage.once('onReply', () => resetAfter(0)),
  },
  {
    id: 'end-between',
    title: 'Closed in good order after the commands ran, before their replies',
    story: 'The same with FIN instead of RST, as a server does that is shut down behind a proxy.',
    strike: (stage) => stage.once('onReply', () => endAfter(0)),
  },
  {
    id: 'cut-reply',
    title: 'Cut within a reply',
    story: 'Two bytes of the first reply, that of the INCR, arrive: it has run, and that can be known.',
    strike: (stage) => stage.once('onReply', () => endAfter(2)),
  },
  {
    id: 'reset-after',
    title: 'Reset after the replies',
    story: 'Everything was answered when the link is reset: what has been answered must not run again.',
    strike: (stage) => stage.once('onReply', (chunk) => resetAfter(chunk.length)),
  },
  {
    id: 'half-open',
    title: 'Half-open: the peer is gone, and nothing says so',
    story: 'Bytes vanish in both directions. The clients were told to take 400 ms of silence for a dead connection.',
    settings: { silenceLimit: 400 },
    strike: (stage) => stage.once('onRequest', () => blackHole),
  },
  {
    id: 'stall',
    title: 'A pause of 300 ms',
    story: 'Replies are held for a while, and come after all: nothing is lost, and nothing may run twice.',
    strike: (stage) => stage.once('onReply', () => stall),
    async meanwhile(stage) {
      await stage.pause(300)
      stage.inflict('what was held is delivered', () => {
        for (const link of stage.proxy.links) link.replies.resume()
      })
    },
  },
  {
    id: 'idle-close',
    title: 'An idle connection is closed by a middlebox',
    story: 'After 100 ms of silence the link is closed, and the client can see that before it sends anything.',
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
    title: 'Garbage in place of replies',
    story: 'Bytes that are no RESP, and then the replies of later commands: a stream out of step must not be read on.',
    strike: (stage) => stage.once('onReply', () => replace('this is not RESP\r\n')),
  },
  {
    id: 'slow',
    title: 'A slow link',
    story: 'Both directions deliver five bytes every two milliseconds. Nothing is wrong: nothing may look wrong.',
    strike: (stage) => deliver(stage, 'five bytes every 2 ms', { bytes: 5, delayMs: 2 }),
  },
  {
    id: 'byte-by-byte',
    title: 'Byte by byte',
    story: 'Both directions deliver one byte at a time, so that every frame and every reply is cut wherever it can be.',
    strike: (stage) => deliver(stage, 'one byte at a time', { bytes: 1, delayMs: 0 }),
  },
  {
    id: 'refusal',
    title: 'The server is gone for 300 ms, and connections are refused',
    story:
      'The connection is reset while it is idle, and nobody listens for a while. Commands called meanwhile can wait.',
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
