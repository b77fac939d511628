import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startUserServer } from '../support/user-server.js'

const { server, admin } = await startUserServer()

/** Stands between a run and the server, and ends its connections as a server does: with FIN, not with a reset. */
const sockets = new Set<Socket>()
const relay = createServer((client) => {
  const upstream = connect({ host: '127.0.0.1', port: server.port })
  for (const socket of [client, upstream]) {
    socket.on('error', () => {})
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  }
  client.pipe(upstream).pipe(client)
})
const endAll = (): void => {
  for (const socket of sockets) socket.end()
}

beforeEach(async () => {
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
})
afterEach(() => {
  relay.close()
  endAll()
})

/** Runs a benchmark, and calls `cut` in its first round. */
async function run(cut: () => void): Promise<{ code: unknown; err: string }> {
  const url = `redis://127.0.0.1:${(relay.address() as AddressInfo).port}`
  const pace = ['--rounds', '2', '--most', '2', '--time', '50']
  const args = ['--url', url, '--only', 'GET, one at a time', '--clients', 'ioredis', ...pace]
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 90_000,
  })
  let err = ''
  let isCut = false
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
    // Two for each connection: one of the run, two of respite's process, three of that of ioredis, one of that of the bare socket.
    if (isCut || !err.includes('round 1 of')) return
    isCut = true
    const wait = setInterval(() => {
      if (sockets.size < 14) return
      clearInterval(wait)
      cut()
    }, 10)
  })
  const [code] = await once(child, 'close')
  return { code, err }
}

describe('npm run bench ends, and says why, if the server of the user', () => {
  it('ends the connections: the keys are deleted', async () => {
    const { code, err } = await run(endAll)
    expect(err).toMatch(/bench: .*has closed the connection/)
    expect(code).toBe(2)
    expect(await admin.call('KEYS', '*')).toEqual([])
  })

  it('is gone: nothing can be deleted', async () => {
    const { code, err } = await run(() => {
      relay.close()
      endAll()
    })
    expect(err).toMatch(/^bench: /m)
    expect(code).toBe(2)
    await admin.call('FLUSHALL')
  })
})
