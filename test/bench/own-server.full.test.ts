import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Results } from '../../bench/results.js'
import { freePort } from '../../scripts/free-port.js'
import { type Client, createClient } from '../../src/index.js'
import { selfSigned } from '../support/certificate.js'
import { anyProgram, startServer, type TestServer } from '../support/server.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-bench-tls-'))
let server: TestServer
let admin: Client
let url: string

beforeAll(async () => {
  const { cert } = selfSigned(folder)
  const port = await freePort()
  const tls = ['--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-ca-cert-file', join(folder, 'cert.pem')]
  const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')]
  server = await startServer(anyProgram(), [...tls, ...files, '--requirepass', 'p@ss'])
  url = `rediss://:p%40ss@localhost:${port}`
  admin = createClient({ url, tls: { ca: cert } })
})

afterAll(async () => {
  await admin.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

const start = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', '--url', url, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') },
  })

async function run(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const child = start(...args)
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}

/** The keys of the user, which a run must leave alone. */
const users = { 'bench:mine': 'a', other: 'b' }

async function expectOnlyUsersKeys(): Promise<void> {
  const names = await admin.call<string[]>('KEYS', '*')
  expect(names.sort()).toEqual(Object.keys(users).sort())
  expect(await admin.mget(Object.keys(users))).toEqual(Object.values(users))
}

describe('npm run bench on a server of the user, with password and TLS', () => {
  beforeAll(async () => {
    for (const [key, value] of Object.entries(users)) await admin.set(key, value)
  })

  it('measures a workload of the user, and deletes only its own keys', async () => {
    const workload = ['--bytes', '10-1000', '--keys', '1500', '--loops', '8', '--writes', '25']
    const pace = ['--clients', 'ioredis,node-redis', '--rounds', '2', '--most', '2', '--time', '30']
    const { code, out, err } = await run(...workload, ...pace, '--json')
    expect(err).toContain('round 2 of 2, 1 workload')
    expect(code).toBe(0)
    const { measured, environment } = JSON.parse(out) as Results
    expect(environment.join()).toContain('over TLS, by a URL')
    expect(environment.join()).not.toContain('localhost')
    expect(measured.map(({ title }) => title)).toEqual([
      'GET and SET, 75 to 25, 10 to 1,000 bytes, 1,500 keys, 8 loops',
    ])
    const { figures = {} } = measured[0] ?? {}
    expect(Object.keys(figures)).toEqual(['respite', 'ioredis', 'node-redis'])
    for (const { rates } of Object.values(figures)) {
      expect(rates).toHaveLength(2)
      for (const rate of rates) expect(rate).toBeGreaterThan(100)
    }
    await expectOnlyUsersKeys()
  })

  it('does not begin if one of its keys exists, and does not touch it', async () => {
    await admin.set('bench:own:7', 'of the user')
    const { code, err } = await run('--keys', '10', '--clients', 'ioredis', '--rounds', '2', '--time', '20')
    expect(code).toBe(2)
    expect(err).toContain('bench: the key bench:own:7 exists already')
    expect(await admin.get('bench:own:7')).toBe('of the user')
    await admin.del('bench:own:7')
    await expectOnlyUsersKeys()
  })

  it('deletes its keys when it is interrupted', async () => {
    const child = start('--only', 'GET, 64', '--clients', 'ioredis', '--rounds', '100')
    const closed = once(child, 'close')
    let err = ''
    for await (const chunk of child.stderr) {
      err += String(chunk)
      if (err.includes('round 1 of')) break
    }
    expect(await admin.exists('bench:key')).toBe(1)
    child.kill('SIGINT')
    const [code] = await closed
    expect(code).toBe(130)
    await expectOnlyUsersKeys()
  })

  it('says what is wrong with the password', async () => {
    const before = url
    url = url.replace('p%40ss', 'wrong')
    try {
      const { code, err } = await run('--only', 'GET, 64')
      expect(code).toBe(2)
      expect(err).toMatch(/can't be used: .*WRONGPASS/)
    } finally {
      url = before
    }
  })
})
