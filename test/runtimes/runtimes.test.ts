import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/server.js'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The oldest supported Node.js, and other runtimes; `npm run test:runtimes` installs them. */
const runtimes = [
  { name: 'Node 20.19', program: 'node', args: [], version: /^v20\.19\./ },
  { name: 'Bun', program: 'bun', args: [], version: /^1\./ },
  { name: 'Deno', program: 'deno', args: ['run', '--allow-all', '--no-config'], version: /^deno 2\./ },
]

describe.each(runtimes)('on $name', ({ program, args, version }) => {
  const path = here(`node_modules/.bin/${program}`)
  let server: TestServer

  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('is the expected runtime', async () => {
    expect((await run(path, ['--version'])).stdout).toMatch(version)
  })

  it('runs the main features, survives a lost connection, and lets the process end', async () => {
    const { stdout } = await run(path, [...args, here('trial.mjs'), server.url], { timeout: 30_000 })
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toHaveLength(7)
  })
})
