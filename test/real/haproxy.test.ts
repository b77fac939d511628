import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBinary } from '../../scripts/find-server.js'
import { type Client, createClient } from '../../src/index.js'
import { freePort, startServer, type TestServer } from '../support/server.js'

const haproxy = findBinary('haproxy')
const idleMs = 500

/** Incident B for real: HAProxy ends a link that is idle for half a second. */
describe.skipIf(haproxy === undefined)('behind HAProxy (skipped where it is not installed)', () => {
  let server: TestServer
  let folder: string
  let port: number
  let child: ChildProcess
  let witness: Client

  const start = async (): Promise<void> => {
    child = spawn(haproxy as string, ['-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' })
    while (!(await accepts(port))) await new Promise((resolve) => setImmediate(resolve))
  }

  beforeAll(async () => {
    server = await startServer()
    witness = createClient(server.url)
    port = await freePort()
    folder = mkdtempSync(join(tmpdir(), 'respite-haproxy-'))
    const lines = [
      'defaults',
      '  mode tcp',
      '  timeout connect 2s',
      `  timeout client ${idleMs}ms`,
      `  timeout server ${idleMs}ms`,
      'frontend door',
      `  bind 127.0.0.1:${port}`,
      '  default_backend servers',
      'backend servers',
      `  server one 127.0.0.1:${server.port}`,
    ]
    writeFileSync(join(folder, 'haproxy.cfg'), `${lines.join('\n')}\n`)
    await start()
  })
  afterAll(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
    await witness.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  it('30 idle links are cut, and no command is rejected, lost or run twice', async () => {
    // Ten clients side by side, three cycles each: before the cut, at it, and after it.
    const cycle = async (client: Client, index: number): Promise<void> => {
      for (const wait of [idleMs - 20 + index * 4, idleMs + index * 10, idleMs + 100]) {
        await new Promise((resolve) => setTimeout(resolve, wait))
        const id = `${index}:${wait}`
        const replies = await Promise.all([
          client.rpush('pushed', id),
          client.get('absent'),
          client.set(`set:${id}`, id),
          client.incr(`count:${index}`),
        ])
        expect(replies.slice(1, 3)).toEqual([null, 'OK'])
      }
    }
    await witness.flushdb()
    const clients = Array.from({ length: 10 }, () => createClient({ port }))
    await Promise.all(clients.map((client) => client.connect()))
    await Promise.all(clients.map(cycle))
    const pushed = await witness.lrange('pushed', 0, -1)
    expect(new Set(pushed).size).toBe(30)
    expect(pushed.length).toBe(30)
    for (let i = 0; i < 10; i += 1) expect(await witness.get(`count:${i}`)).toBe('3')
    expect(clients.reduce((sum, client) => sum + client.stats().lost, 0)).toBeGreaterThanOrEqual(20)
    await Promise.all(clients.map((client) => client.close()))
  }, 20_000)

  it('killed and started again it costs unsafe commands at most the truth: nothing runs twice, reads are answered', async () => {
    await witness.flushdb()
    const client = createClient({ port })
    await client.connect()
    const told: { id: number; fate: string }[] = []
    let isOver = false
    const push = async (): Promise<void> => {
      for (let id = 0; !isOver; id += 1) {
        const fate = await client.rpush('pushed', String(id)).then(
          () => 'answered',
          (error: { fate: string }) => error.fate,
        )
        told.push({ id, fate })
      }
    }
    const read = async (): Promise<void> => {
      while (!isOver) expect(await client.get('absent')).toBeNull()
    }
    const work = Promise.all([push(), read()])
    for (let i = 0; i < 5; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await start()
    }
    isOver = true
    await work
    const pushed = (await witness.lrange('pushed', 0, -1)).map(Number)
    expect(new Set(pushed).size).toBe(pushed.length)
    for (const { id, fate } of told) {
      if (fate === 'answered') expect(pushed).toContain(id)
      else expect(fate === 'not-executed' ? pushed.includes(id) : false).toBe(false)
    }
    await client.close()
  }, 20_000)
})

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
