import { resetAfter } from '../../lab/proxy/fault.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { type Client, createClient } from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { startServer } from '../support/server.js'

/** What came of INCR under cuts. */
export interface CutResult {
  /** The counter at the end, and the replies, in order. */
  readonly value: number
  readonly replies: readonly number[]
  /** Cuts before the server got the whole command, and after it ran it. */
  readonly before: number
  readonly after: number
}

/**
 * Calls INCR until the connection was cut so many times: within the command, or before the reply, or within the reply. A cut
 * may hit several calls on their way at once.
 */
export async function incrementUnderCuts(program: string, protocol: 2 | 3, cuts: number): Promise<CutResult> {
  const chance = new Chance(cuts + protocol)
  const server = await startServer(program)
  const proxy = await FaultProxy.start(server.port)
  const client: Client = createClient(proxy.url, {
    protocol,
    maxAttempts: Infinity,
    queueTimeout: 0,
    reconnect: () => 0,
  })
  const once = client.with({ once: true })
  await once.incr('n')
  let before = 0
  let after = 0
  proxy.onRequest = (chunk) => {
    if (before + after >= cuts || !chunk.includes('EVAL') || !chance.happens(0.4)) return { do: 'pass' }
    before += 1
    return resetAfter(chance.between(0, chunk.length - 1))
  }
  proxy.onReply = (chunk) => {
    // Replies to handshakes and to TIME begin otherwise: a counter is an integer.
    if (before + after >= cuts || chunk[0] !== 0x3a || !chance.happens(0.5)) return { do: 'pass' }
    after += 1
    return resetAfter(chance.between(0, chunk.length - 1))
  }
  const replies: number[] = []
  try {
    while (before + after < cuts) {
      const count = chance.between(1, 4)
      replies.push(...(await Promise.all(Array.from({ length: count }, () => once.incr('n')))))
    }
    const admin = createClient(server.url)
    const value = Number(await admin.get('n'))
    await admin.close()
    return { value, replies, before, after }
  } finally {
    client.destroy()
    await proxy.stop()
    await server.stop()
  }
}
