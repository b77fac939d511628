import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from './server.js'

/** What the tests of one file have until they have run: a server as a user has one, a client of it, and a folder. */
export async function startUserServer(): Promise<{ server: TestServer; admin: Client; folder: string }> {
  const server = await startServer()
  const admin = createClient(server.url)
  const folder = mkdtempSync(join(tmpdir(), 'respite-user-'))
  afterAll(async () => {
    await admin.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })
  return { server, admin, folder }
}
