import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { frame } from '../workloads/data.js'

const pauseMs = 2

/**
 * Finds out when the servers of a cluster take writes to a slot again, without any client: it sends the write to each of them,
 * waits for the answer, and repeats this until one of them says OK.
 *
 * @param ports of the servers that run
 * @returns the moment of the first OK, in milliseconds since 1970
 * @throws Error if there is none within the limit, in milliseconds
 */
export async function probe(ports: readonly number[], key: string, limitMs = 20_000): Promise<number> {
  const sockets = ports.map((port) => connect({ port, host: '127.0.0.1', noDelay: true }))
  const end = Date.now() + limitMs
  let foundAt: number | undefined
  const probeOne = async (socket: Socket): Promise<void> => {
    await once(socket, 'connect')
    while (foundAt === undefined && Date.now() < end) {
      socket.write(frame('SET', key, 'probe'))
      const [reply] = (await once(socket, 'data')) as [Buffer]
      if (reply.toString('latin1').startsWith('+OK')) foundAt ??= performance.timeOrigin + performance.now()
      else await sleep(pauseMs)
    }
  }
  try {
    await Promise.all(sockets.map(probeOne))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  if (foundAt === undefined) throw new Error(`no server takes writes within ${limitMs} ms`)
  return foundAt
}
