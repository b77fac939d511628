import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import { startSecureServer } from '../support/secure-server.js'
import { anyProgram, startServer, type TestServer } from '../support/server.js'

const run = promisify(execFile)
const library = pathToFileURL('dist/index.js').href

const core = pathToFileURL('dist/core.js').href

/** Runs a program in a new process, and measures how long the process lives after the last line of `body`. */
async function millisecondsAfterEnd(url: string, body: string, from = library, options = ''): Promise<number> {
  const program = `
    import { createClient } from '${from}'
    const client = createClient('${url}', { connectDeadline: 300, ${options} })
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

describe('a process ends by itself, with an open client,', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const everything = `
    await client.subscribe('c').ready
    client.blpop('never', 0).catch(() => {})
    const lent = Promise.withResolvers()
    client.session((session) => { lent.resolve(); return session.blpop('never', 0) }).catch(() => {})
    await lent.promise
    await client.with({ timeout: 60_000 }).incr('n')`
  // Something else that keeps the process alive, for a while.
  const held = (body: string): string => `const hold = setInterval(() => {}, 1_000)\n${body}\nclearInterval(hold)`

  it.each([
    ['once unref() was called', `${everything}\nclient.unref()`],
    ['if unref() was called before the connections were made', held(`client.unref()\n${everything}`)],
    [
      'if unref() was called before, and the connections were lost',
      held(`client.unref()\n${everything}
      const ready = Promise.withResolvers()
      client.on('status', (status) => status === 'ready' && ready.resolve())
      await client.call('CLIENT', 'KILL', 'TYPE', 'NORMAL', 'SKIPME', 'NO').catch(() => {})
      await ready.promise`),
    ],
    ['if unref() was called twice, and ref() before', `${everything}\nclient.unref().ref().unref().unref()`],
  ])('%s', async (_title, body) => {
    expect(await millisecondsAfterEnd(server.url, body)).toBeLessThan(100)
  })

  it('if unref() was called on a client of respite/core', async () => {
    expect(await millisecondsAfterEnd(server.url, "await client.call('INCR', 'n'); client.unref()", core)).toBeLessThan(
      100,
    )
  })

  it('if unref() was called while it waits to connect again', async () => {
    const body = `
      const failed = Promise.withResolvers()
      client.on('error', () => failed.resolve())
      client.get('k').catch(() => {})
      await failed.promise
      client.unref()`
    expect(await millisecondsAfterEnd(`redis://127.0.0.1:${await freePort()}`, body)).toBeLessThan(100)
  })

  it('over TLS, once unref() was called', async () => {
    const secure = await startSecureServer(anyProgram())
    try {
      const { tls } = secure.options('TLS')
      const body = "await client.incr('n'); client.unref()"
      const url = `rediss://127.0.0.1:${secure.portOf('TLS')}`
      expect(await millisecondsAfterEnd(url, body, library, `tls: ${JSON.stringify(tls)}`)).toBeLessThan(100)
    } finally {
      await secure.stop()
    }
  })

  it('but not after ref(), for a client that was used or is used later', async () => {
    const program = `
      import { createClient } from '${library}'
      const used = createClient('${server.url}')
      await used.incr('n')
      used.unref().ref()
      setTimeout(() => {
        const later = createClient('${server.url}').unref().ref()
        later.incr('n').then(() => {
          used.destroy()
          setTimeout(() => { console.log('alive'); later.destroy() }, 20).unref()
        })
      }, 20).unref()`
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { timeout: 15_000 })
    expect(stdout).toBe('alive\n')
  })
})
