import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, startServer, type TestServer } from '../support/server.js'

const run = promisify(execFile)
const library = pathToFileURL('dist/index.js').href

/** Runs a program in a new process, and measures how long the process lives after the last line of `body`. */
async function millisecondsAfterEnd(url: string, body: string): Promise<number> {
  const program = `
    import { createClient } from '${library}'
    const client = createClient('${url}', { connectDeadline: 300 })
    ${body}
    const ended = performance.now()
    process.on('exit', () => console.log(performance.now() - ended))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { timeout: 15_000 })
  return Number(stdout)
}

describe('a process ends by itself within 100 ms', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it.each([
    ['used a client and closed it', 'await client.with({ timeout: 60_000 }).incr("n"); await client.close()'],
    ['used a client and destroyed it', 'await client.incr("n"); client.destroy()'],
    [
      'closed a client with a subscription, a blocking command and a session',
      `await client.subscribe('c').ready; client.blpop('never', 0).catch(() => {})
       await client.session((session) => session.watch('k')); await client.close()`,
    ],
    [
      'destroyed a client with a subscription, a blocking command and a session',
      `await client.subscribe('c').ready; client.blpop('never', 0).catch(() => {})
       client.session((session) => session.blpop('never', 0)).catch(() => {})
       await client.incr('n'); client.destroy()`,
    ],
  ])('when it %s', async (_title, body) => {
    expect(await millisecondsAfterEnd(server.url, body)).toBeLessThan(100)
  })

  it.each([
    ['could not connect, and closed', 'await client.connect().catch(() => {}); await client.close()'],
    ['could not connect, and did not close', 'await client.connect().catch(() => {})'],
    [
      'closed while connecting',
      'client.connect().catch(() => {}); client.get("k").catch(() => {}); await client.close()',
    ],
  ])('when it %s', async (_title, body) => {
    expect(await millisecondsAfterEnd(`redis://127.0.0.1:${await freePort()}`, body)).toBeLessThan(100)
  })
})
