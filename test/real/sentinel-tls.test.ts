import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/index.js'
import { selfSigned } from '../support/certificate.js'
import { masterName, type SentinelSetup, startSentinels } from '../support/sentinels.js'
import { serverPrograms } from '../support/server.js'

const program = serverPrograms()[0] as string
const folder = mkdtempSync(join(tmpdir(), 'respite-sentinel-tls-'))
const { key, cert } = selfSigned(folder)

let setup: SentinelSetup
const fronts: Server[] = []
/** Where the sentinels take TLS. */
const sentinels: { host: string; port: number }[] = []
const open: Client[] = []

beforeAll(async () => {
  setup = await startSentinels(program, { replicas: 0 })
  for (const { port } of setup.sentinels) {
    const front = createServer({ key, cert }, (socket) => {
      const back = connect(port, '127.0.0.1')
      socket.pipe(back).pipe(socket)
      for (const [one, other] of [
        [socket, back],
        [back, socket],
      ] as const) {
        one.on('error', () => other.destroy()).on('close', () => other.destroy())
      }
    })
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
    fronts.push(front)
    sentinels.push({ host: '127.0.0.1', port: (front.address() as AddressInfo).port })
  }
})
afterAll(async () => {
  for (const client of open) client.destroy()
  for (const front of fronts) front.close()
  await setup.stop()
  rmSync(folder, { recursive: true })
})

function clientWith(tls: { ca?: string; servername: string }): Client {
  const client = createClient({ sentinels, name: masterName, sentinel: { tls }, connectDeadline: 2_000 })
  open.push(client)
  return client
}

describe('sentinels that take only TLS', () => {
  it('are asked over TLS, while the master is not', async () => {
    const client = clientWith({ ca: cert, servername: 'localhost' })
    expect(await client.set('k', 'v')).toBe('OK')
    expect(await client.get('k')).toBe('v')
  })

  it('are not believed if their certificate is not trusted: the error says so, and names each sentinel', async () => {
    const client = clientWith({ servername: 'localhost' })
    const error = await client.set('k', 'v').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ fate: 'not-executed' })
    expect(String(error)).toMatch(/certificate/)
    for (const { port } of sentinels) expect(String(error)).toContain(`127.0.0.1:${port}`)
  })
})
