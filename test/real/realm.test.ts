import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import { startServer, type TestServer } from '../support/server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/**
 * Runs a program beside this package in a context of its own, as Jest does with jsdom: its own classes of the language, the web's
 * globals, and none of those that only Node.js has.
 */
async function run(program: string, given: Record<string, unknown>): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/index.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  })
  const module = { exports: {} }
  const require = createRequire(import.meta.url)
  const web = { queueMicrotask, URL, URLSearchParams, AbortController, AbortSignal }
  const context = createContext({ ...web, module, require, ...given })
  // In a function: its variables must not become globals of the program.
  runInContext(
    `(() => {${outputFiles[0]?.text ?? ''}
})()`,
    context,
  )
  return runInContext(`(async () => { const { createClient } = module.exports; ${program} })()`, context)
}

it('works without globals that only Node.js has, and takes bytes from any realm', async () => {
  const result = await run(
    `
    const client = createClient(url, { timeout: 10_000, buffers: true })
    await client.set('outer', outer)
    await client.set('inner', new Uint8Array([7, 0, 8]))
    const values = [...await client.mget('outer', 'inner')].map((value) => [...value].join())
    const id = await client.xadd('stream', '*', { f: 'v' })
    const large = await client.set('large', new Uint8Array(3_000_000))
    await client.blpop('none', 0.01)
    await client.session((session) => session.watch('outer'))
    const subscription = client.subscribe('news')
    await subscription.ready
    await client.publish('news', 'hello')
    const heard = (await subscription[Symbol.asyncIterator]().next()).value.message
    await client.close()
    return JSON.stringify([values, typeof id, large, String(heard)])
  `,
    { url: server.url, outer: Buffer.from([1, 255, 2]) },
  )
  expect(JSON.parse(String(result))).toEqual([['1,255,2', '7,0,8'], 'string', 'OK', 'hello'])
})

it('says why there is no connection: errors of Node.js are not of the realm', async () => {
  const result = run(`await createClient({ host: '127.0.0.1', port, connectDeadline: 50 }).connect()`, {
    port: await freePort(),
  })
  await expect(result).rejects.toThrow(/ECONNREFUSED 127\.0\.0\.1/)
})
