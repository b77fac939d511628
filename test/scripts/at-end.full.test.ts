import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'respite-at-end-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Starts a program that has `atEnd` and `leave`; resolves once it has said `begun`. */
async function begin(
  program: string,
): Promise<{ child: ChildProcess; ended: Promise<{ code: unknown; out: string }> }> {
  const file = join(folder, 'program.mts')
  const from = (path: string): string => pathToFileURL(path).href
  writeFileSync(
    file,
    `import { atEnd, leave } from '${from('scripts/at-end.ts')}'
import { startServer } from '${from('test/support/server.ts')}'
import { findDemoServer } from '${from('demo/find-server.ts')}'
void [leave, startServer, findDemoServer]
setInterval(() => {}, 1_000)
${program}
console.log('begun')\n`,
  )
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  })
  let out = ''
  const closed = once(child, 'close')
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.includes('begun')) resolve()
    })
    child.once('close', () => resolve())
  })
  return { child, ended: closed.then(([code]) => ({ code, out: out.replace(/begun\n/, '') })) }
}

const ends = `atEnd(() => console.log('first'))
atEnd(async () => { await new Promise((resolve) => setTimeout(resolve, 50)); console.log('slow') })
atEnd(() => { throw new Error('fails') })
atEnd(() => console.log('taken back'))()
atEnd(() => console.log('last'))`

describe('what a program has begun', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is ended on %s, the last first, and the exit code says so', async (signal, code) => {
    const { child, ended } = await begin(ends)
    child.kill(signal)
    expect(await ended).toEqual({ code, out: 'last\nfirst\nslow\n' })
  })

  it('is ended when the program leaves, once', async () => {
    const { ended } = await begin(`${ends}\nsetTimeout(() => { void leave(3); void leave(4) }, 10)`)
    expect(await ended).toEqual({ code: 3, out: 'last\nfirst\nslow\n' })
  })

  it('is ended when the process exits, as far as that needs no time', async () => {
    const { ended } = await begin(`${ends}\nsetTimeout(() => process.exit(0), 10)`)
    expect(await ended).toEqual({ code: 0, out: 'last\nfirst\n' })
  })

  it('is not waited for after a second signal', async () => {
    const { child, ended } = await begin(
      "atEnd(() => { console.log('ending'); return new Promise(() => {}) })\nprocess.emit('SIGTERM')",
    )
    child.kill('SIGINT')
    await new Promise<void>((resolve) => child.stdout?.on('data', (chunk) => /ending/.test(String(chunk)) && resolve()))
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
  })

  it.each(['startServer()', 'findDemoServer(undefined)'])(
    'is a server, too: %s leaves no process and no folder behind',
    async (start) => {
      const { child, ended } = await begin(
        `const server = await ${start}\nconsole.log(typeof server.pid === 'function' ? server.pid() : server.pid)`,
      )
      child.kill('SIGTERM')
      const { code, out } = await ended
      expect(code).toBe(143)
      expect(readdirSync(folder).filter((name) => /^respite-(server|demo)/.test(name))).toEqual([])
      // Its process ends a moment later than the one that ended it.
      const pid = Number(out)
      expect(pid).toBeGreaterThan(0)
      await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false)
    },
  )
})

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
