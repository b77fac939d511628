import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { probe } from '../../../bench/cluster/prober.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers so, in turn; the last answer again and again. */
async function answering(...replies: string[]): Promise<{ port: number; writes: string[] }> {
  const writes: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      writes.push(chunk.toString())
      socket.write(`${replies[Math.min(writes.length, replies.length) - 1]}\r\n`)
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, writes }
}

describe('the prober', () => {
  it('sends the write to each server until one of them says OK, and says when that was', async () => {
    const begin = Date.now()
    const replica = await answering('-MOVED 1 127.0.0.1:1')
    const promoted = await answering('-CLUSTERDOWN The cluster is down', '-MOVED 1 127.0.0.1:1', '+OK')
    const foundAt = await probe([replica.port, promoted.port], 'k')
    expect(foundAt).toBeGreaterThanOrEqual(begin)
    expect(foundAt).toBeLessThanOrEqual(Date.now() + 1)
    expect(promoted.writes).toEqual(Array(3).fill('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nprobe\r\n'))
    expect(replica.writes.length).toBeGreaterThan(0)
  })

  it('gives up after its limit', async () => {
    const { port } = await answering('-CLUSTERDOWN The cluster is down')
    await expect(probe([port], 'k', 20)).rejects.toThrow('no server takes writes within 20 ms')
  })
})
