import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { LabTrace } from '../../lab/recording/trace.js'
import { findBinary } from '../../scripts/find-server.js'
import { runProgram } from '../support/run-program.js'
import { startServer } from '../support/server.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-lab-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lab = (...flags: string[]): ReturnType<typeof runProgram> => runProgram('lab/main.ts', '--out', folder, ...flags)

/** The client and the scenario that docs/lab.md shows. */
const [guesser = '', lostReply = ''] = [
  ...readFileSync(new URL('../../docs/lab.md', import.meta.url), 'utf8').matchAll(/^```mjs\n(.*?)^```/gms),
].map(([, code]) => code)

/** The programs start many processes, so most of these tests run with `npm run test:full` only. */
const isFull = process.env.RESPITE_FULL !== undefined

describe('npm run lab', () => {
  let result: Awaited<ReturnType<typeof lab>>
  beforeAll(async () => {
    const clients = ['respite', 'ioredis', 'node-redis'].flatMap((name) => ['--client', name])
    result = await lab('--built-in', '--only', 'C', '--only', 'reset-between', ...clients)
  })

  it('runs the scenarios with every client, prints a table, and exits with 0 if respite is good', () => {
    expect(result.output).toMatch(/scenario +respite +ioredis +node-redis\n/)
    expect(result.output).toMatch(/reset-between .* good +1 ran twice +3 may or may not have run\n/)
    expect(result.code).toBe(0)
  })

  it('survives and reports uncaught exceptions of a client', () => {
    expect(result.output).toMatch(/C .* good .* process died, 2 of 5 expectations missed\n/)
  })

  it('writes a trace of everything recorded, and a page', () => {
    const trace = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8')) as LabTrace
    expect(trace.version).toBe(1)
    expect(trace.environment.join()).toMatch(/built-in server \(redis .*Node v.*respite \d+\.\d+\.\d+/)
    expect(trace.performances.map(({ scenario, client }) => `${scenario} ${client}`)).toEqual([
      'C respite',
      'C ioredis',
      'C node-redis',
      'reset-between respite',
      'reset-between ioredis',
      'reset-between node-redis',
    ])
    const page = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(page.match(/<svg class="timeline"/g)).toHaveLength(6)
  })

  it('shows what the README says about an INCR that ran and whose reply was lost', () => {
    const { performances } = JSON.parse(readFileSync(join(folder, 'trace.json'), 'utf8')) as LabTrace
    const counts = performances
      .filter(({ scenario }) => scenario === 'reset-between')
      .map(({ client, commands }) => ({ client, ...commands.find(({ key }) => key.endsWith(':count')) }))
    expect(counts).toMatchObject([
      { client: 'respite', ran: 1, said: { name: 'ConnectionLostError', fate: 'unknown' } },
      { client: 'ioredis', ran: 2, said: { settled: 'value', value: '2' } },
      { client: 'node-redis', ran: 1, said: { settled: 'error' } },
    ])
    expect(counts[2]?.said).not.toHaveProperty('fate')
  })

  it.runIf(isFull)('runs the client and the scenario of docs/lab.md, from files outside of the project', async () => {
    // The client imports a library.
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    const [client, scenario] = [join(folder, 'guesser.mjs'), join(folder, 'lost-reply.mjs')]
    writeFileSync(client, guesser)
    writeFileSync(scenario, lostReply)
    const { output } = await lab('--built-in', '--client', client, '--scenario', scenario)
    expect(output).toMatch(/mine +The reply is lost +1 reported wrongly\n/)
    const found = await lab('--built-in', '--client', client, '--only', 'reset-between')
    expect(found.output).toMatch(/reset-between .* \d+ reported wrongly/)
    // Its scenario needs a method that this client lacks: a missed expectation, not the end of the lab.
    const other = await lab('--built-in', '--client', client, '--only', 'C')
    expect(other.output).toMatch(/C .* expectations missed\n/)
    expect(other.code).toBe(0)
  })

  it.each([
    [['--only', 'Z'], '--only Z: there are A, B', 2],
    [['--url', 'redis://:secret@127.0.0.1:1'], 'gave up connecting', 2],
    [['--client', './no-such-file.mjs', '--built-in', '--only', 'B'], 'no-such-file', 2],
    [['--url', 'redis://:secret@127.0.0.1:1/0?protocol=2'], '--url: it has options', 2],
  ])('%j is rejected', async (flags, message, exitCode) => {
    const { code, output } = await lab(...flags)
    expect(code).toBe(exitCode)
    expect(output).toContain(message)
    expect(output).not.toContain('secret')
  })

  describe.runIf(isFull)('says in one line, with exit code 2, what is missing', () => {
    afterEach(() => vi.unstubAllEnvs())

    it('when there is no Bun', async () => {
      vi.stubEnv('BUN', '').stubEnv('PATH', '')
      expect(await lab('--built-in', '--client', 'bun', '--only', 'B')).toEqual({
        code: 2,
        output: 'lab: there is no Bun: put it on the PATH, or its path into the variable BUN\n',
      })
      vi.stubEnv('BUN', '/nowhere/bun')
      expect(await lab('--built-in', '--client', 'bun', '--only', 'B')).toEqual({
        code: 2,
        output: expect.stringMatching(/^lab: [^\n]*\/nowhere\/bun[^\n]*\n$/),
      })
    })

    it('when a file exports no function', async () => {
      const file = join(folder, 'five.mjs')
      writeFileSync(file, 'export default 5')
      expect(await lab('--built-in', '--client', file, '--only', 'B')).toEqual({
        code: 2,
        output: `lab: ${file}: expected a default export of type function\n`,
      })
    })

    it.skipIf(findBinary('redis-server') === undefined)('when the user has no right to MONITOR', async () => {
      const rights = ['--user', 'lab', 'on', '>secret', '~*', '&*', '+@all', '-monitor']
      const server = await startServer('redis-server', rights)
      const url = `redis://lab:secret@127.0.0.1:${server.port}`
      const { code, output } = await lab('--url', url, '--client', 'respite', '--only', 'B')
      await server.stop()
      expect({ code, output }).toEqual({
        code: 2,
        output: expect.stringMatching(/^lab: the server does not allow MONITOR: -NOPERM [^\n]*\n$/),
      })
    })
  })

  it.runIf(isFull)('keeps the results of other scenarios if a client cannot be run in one', async () => {
    const [out, file] = [join(folder, 'partly'), join(folder, 'partly.mjs')]
    writeFileSync(
      file,
      `export default (_port, { silenceLimit }) => {
  if (silenceLimit !== undefined) throw new Error('no limit for silence')
  const no = async () => { throw new Error('no') }
  return { connect: no, get: no, set: no, incr: no, blpop: no, close: async () => {}, destroy() {} }
}`,
    )
    const { code, output } = await lab(
      '--built-in',
      '--client',
      file,
      '--only',
      'B',
      '--only',
      'half-open',
      '--out',
      out,
    )
    expect(code).toBe(2)
    expect(output).toContain('partly, half-open: no limit for silence\n')
    expect(output).toContain('lab: the process that ran')
    expect(output).not.toMatch(/^ +at /m)
    const { performances } = JSON.parse(readFileSync(join(out, 'trace.json'), 'utf8')) as LabTrace
    expect(performances.map(({ scenario }) => scenario)).toEqual(['B'])
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('partly')
  })
})
