import type { BareSocket } from '../clients/bare-socket.js'
import type { BenchClient } from '../clients/client.js'
import { frame, prefix, range, smallValue } from './data.js'
import type { Run, Workload } from './workload.js'

const messages = 1_000

/** The reply to PUBLISH with one subscriber. */
const oneSubscriber = ':1\r\n'

/** The bare socket publishes to `count` channels in turn; a client that is subscribed to all of them receives. */
function fanOut(count: number): Workload {
  return {
    title: `Messages received, ${count} ${count === 1 ? 'channel' : 'channels'}`,
    count: messages,
    unit: 'messages',
    on: (client, bare) => receive(client, bare, count),
    bare: (socket) => receiveBytes(socket, count),
  }
}

/** The channels, and the frames that publish to them in turn. */
function publications(count: number): { readonly channels: readonly string[]; readonly batch: Buffer } {
  // The names contain the process id, so that no other process receives these messages.
  const channels = range(count).map((index) => `${prefix}${process.pid}:${count}:${index}`)
  const frames = channels.map((channel) => frame('PUBLISH', channel, smallValue))
  return { channels, batch: Buffer.from(frames.join('').repeat(messages / count)) }
}

async function receiveBytes(bare: BareSocket, count: number): Promise<Run> {
  const { channels, batch } = publications(count)
  const subscriber = await bare.another()
  const confirmations = channels.map((channel, index) => `${frame('subscribe', channel)}:${index + 1}\r\n`)
  // Only the lengths matter: these are frames of two elements, not of three.
  await subscriber.exchange(Buffer.from(frame('SUBSCRIBE', ...channels)), confirmations.join('').length)
  const sent = channels.map((channel) => frame('message', channel, smallValue)).join('')
  const bytes = (sent.length * messages) / count
  return () => Promise.all([subscriber.receive(bytes), bare.exchange(batch, oneSubscriber.length * messages)])
}

async function receive(client: BenchClient, bare: BareSocket, count: number): Promise<Run | undefined> {
  const { channels, batch } = publications(count)
  let awaited = 0
  let onLast: () => void = () => {}
  if (client.subscribe === undefined) return undefined
  await client.subscribe(channels, () => {
    awaited -= 1
    if (awaited === 0) onLast()
  })
  return () => {
    awaited = messages
    const received = new Promise<void>((resolve) => {
      onLast = resolve
    })
    return Promise.all([received, bare.exchange(batch, oneSubscriber.length * messages)])
  }
}

/** Publish and subscribe. */
export const pubSubWorkloads: readonly Workload[] = [fanOut(1), fanOut(10)]
