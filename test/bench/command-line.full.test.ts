import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Results } from '../../bench/results.js'
import { freePort } from '../../scripts/free-port.js'
import { runProgram } from '../support/run-program.js'
import { measured, rates, results } from './figures.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-bench-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bench = (...args: string[]) => runProgram('bench/run.ts', ...args)

/** The file of a run in which respite had these rates. */
function fileOf(name: string, ...own: number[]): string {
  const file = join(folder, name)
  const other = own.map(() => 100)
  writeFileSync(
    file,
    JSON.stringify(results({ measured: [measured({ respite: rates(...own), ioredis: rates(...other) })] })),
  )
  return file
}

describe.concurrent('npm run bench', () => {
  it('exits with 2 without a server, and names the address', async () => {
    const port = await freePort()
    const { code, output } = await bench('--url', `redis://127.0.0.1:${port}`, '--only', 'GET, 64')
    expect(code).toBe(2)
    expect(output).toContain(`bench: the server at 127.0.0.1, port ${port}, can't be used`)
  })

  it('reads the file of a comparison before it measures', async () => {
    const { code, output } = await bench('--baseline', join(folder, 'none.json'))
    expect(code).toBe(2)
    expect(output).toMatch(/^bench: --baseline .*none\.json: ENOENT.*\n$/)
  })

  it('writes report and charts again from the figures of a run', async () => {
    const out = join(folder, 'out')
    const { code, output } = await bench('--from', fileOf('a.json', 400, 404, 396), '--out', out)
    expect(code).toBe(0)
    expect(readFileSync(join(out, 'clients.md'), 'utf8')).toBe(output.slice(0, -1))
    expect(readdirSync(out).sort()).toEqual(['clients.json', 'clients.md', 'clients.svg'])
  })

  it('exits with 1 if two runs do not agree, or if speed was lost', async () => {
    const [first, second] = [fileOf('first.json', 400, 404, 396, 401), fileOf('second.json', 200, 202, 198, 201)]
    const same = await bench('--from', first, '--agree', first, '--baseline', first)
    expect(same).toMatchObject({ code: 0, output: expect.stringContaining('1 of 1 ratios agree') })
    const apart = await bench('--from', second, '--agree', first)
    expect(apart).toMatchObject({ code: 1, output: expect.stringContaining('| differs |') })
    const lost = await bench('--from', second, '--baseline', first)
    expect(lost).toMatchObject({ code: 1, output: expect.stringContaining('| **slower** |') })
  })

  it('starts a server, measures, and writes report, charts and figures', async () => {
    const out = join(folder, 'measured')
    const { code, output } = await bench(
      '--smoke',
      '--only',
      'GET, one at a time',
      '--clients',
      'node-redis',
      '--out',
      out,
    )
    expect(code).toBe(0)
    expect(output).toContain('A smoke run: its figures have no meaning.')
    const { measured: all, tls } = JSON.parse(readFileSync(join(out, 'clients.json'), 'utf8')) as Results
    for (const group of [all, tls]) {
      expect(group.map(({ title }) => title)).toContain('GET, one at a time')
      expect(Object.keys(group[0]?.figures ?? {})).toEqual(['respite', 'node-redis', 'bare socket'])
    }
  })
})

describe('a part that fails', () => {
  const before = process.env.BUN
  afterAll(() => {
    if (before === undefined) delete process.env.BUN
    else process.env.BUN = before
  })

  it('is reported, and the parts before it are kept', async () => {
    process.env.BUN = '/bin/false'
    const out = join(folder, 'kept')
    const args = ['--smoke', '--only', 'GET, 64', '--clients', 'node-redis', '--out', out]
    const { code, output } = await bench(...args)
    expect(code).toBe(2)
    expect(output).toContain('bench: Command failed: /bin/false')
    const { measured: kept } = JSON.parse(readFileSync(join(out, 'clients.json'), 'utf8')) as Results
    expect(kept.map(({ title }) => title)).toEqual(['GET, 64 concurrent loops'])
  })
})
