import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from '../support/server.js'
import { until } from '../support/until.js'

let server: TestServer
let admin: Client
const folder = mkdtempSync(join(tmpdir(), 'respite-interrupted-'))

beforeAll(async () => {
  server = await startServer()
  admin = createClient(server.url)
})
afterAll(async () => {
  await admin.close()
  await server.stop()
  rmSync(folder, { recursive: true })
})

const hasKeys = async (): Promise<boolean> => (await admin.call('DBSIZE')) !== 0
const isAlone = async (): Promise<boolean> =>
  (await admin.call<string>('CLIENT', 'LIST')).trim().split('\n').length === 1

describe("a server of the user's own keeps no key of", () => {
  it.each([
    ['the demo', () => ['demo/demo.ts', server.url]],
    [
      'the lab',
      () => [
        'lab/main.ts',
        '--url',
        server.url,
        '--client',
        'respite',
        '--only',
        'stall',
        '--out',
        join(folder, 'lab'),
      ],
    ],
  ])('%s, if it is interrupted', async (_, program) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...program()], { stdio: 'ignore' })
    const exited = once(child, 'exit')
    await until(hasKeys)
    child.kill('SIGINT')
    const [code, signal] = await exited
    expect(code ?? signal).toSatisfy((end) => end === 130 || end === 'SIGINT')
    // The lab has processes of its own, which end a moment later.
    await until(isAlone)
    expect(await admin.call('KEYS', '*')).toEqual([])
  })
})
