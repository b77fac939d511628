import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../lab/scenarios/all.js'
import { decodeCatalogue } from '../../src/commands/catalogue.js'
import { clusterMutants } from '../simulation/cluster/mutants.js'
import { mutants } from '../simulation/mutants.js'
import { mutantsByAReader, unitMutantsByAReader } from '../simulation/mutants-by-a-reader.js'
import { sentinelSimulationMutants } from '../simulation/sentinel/mutants.js'
import { unitMutants } from '../simulation/unit-mutants.js'

/** Figures and names in the pages that change with the code. */

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(`${root}${file}`, 'utf8')

/** The pages, except those that are generated. */
const pages = globSync(['*.md', 'docs/*.md'], {
  cwd: root,
  exclude: ['docs/commands.md', 'docs/retry-classes.md'],
})

/** The number in a page that stands where the pattern has its group. */
function figure(page: string, pattern: RegExp): number {
  const [, found] = pattern.exec(read(page).replaceAll(/\s+/g, ' ')) ?? expect.unreachable(`${page}: ${pattern}`)
  return Number(found?.replaceAll(',', ''))
}

describe('the pages say', () => {
  it('how many scenarios the lab has', () => {
    expect(figure('CHANGELOG.md', /There are (\d+) scenarios/)).toBe(scenarios.length)
  })

  it('which scenarios they are', () => {
    const [table = ''] = /^## Scenarios$(.*?)^## /ms.exec(read('docs/lab.md')) ?? []
    const ids = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '))
    expect(ids.filter((id) => id !== 'id' && id !== '---')).toEqual(scenarios.map(({ id }) => id))
  })

  it('of no scenario that there is not', () => {
    const named = [...read('docs/failure-handling.md').matchAll(/\((?:`[\w-]+`(?:, )?)+/g)]
    const ids = named.flatMap(([text]) => [...text.matchAll(/`([\w-]+)`/g)].map(([, id]) => id))
    expect(ids.length).toBeGreaterThan(20)
    for (const id of ids) expect(scenarios.map((scenario) => scenario.id)).toContain(id)
  })

  it('how many commands there are, and how many methods', () => {
    expect(figure('CHANGELOG.md', /key positions for (\d+) commands/)).toBe(decodeCatalogue().size)
    const methods = figure('docs/commands.md', /typed method for each of (\d+) commands/)
    expect(figure('CHANGELOG.md', /modules: (\d+) on clients/)).toBe(methods)
  })

  it('of at most as many deliberate bugs as there are', () => {
    const all = [
      mutants,
      mutantsByAReader,
      unitMutants,
      unitMutantsByAReader,
      clusterMutants,
      sentinelSimulationMutants,
    ]
    const count = all.reduce((sum, some) => sum + Object.keys(some).length, 0)
    expect(figure('README.md', /more than (\d+) versions of the client/)).toBeLessThan(count)
  })

  it('the sizes that bench/results has', () => {
    const size = (name: string): number => figure('bench/results/size.md', new RegExp(`\\| ${name} \\| ([\\d.]+) kB`))
    const page = 'docs/performance.md'
    expect(figure(page, /The bundle is (\d+) kB/)).toBe(Math.round(size('respite')))
    expect(figure(page, /the bundle of `respite\/core` is (\d+) kB/)).toBe(Math.round(size('respite/core')))
    expect(figure(page, /`respite\/cluster` adds ([\d.]+) kB/)).toBe(size('respite/cluster, in addition to respite'))
    for (const name of ['ioredis', 'node-redis']) {
      expect(figure(page, new RegExp(`[( ]${name}: (\\d+)[,;]`))).toBe(Math.round(size(name)))
    }
  })

  it.each([
    ['ARCHITECTURE.md', /as soon as (\d+) commands wait/, 'connection/shared/backlog.ts', 'eagerCount'],
    ['ARCHITECTURE.md', /in batches of (\d+) kB/, 'connection/wire/request-writer.ts', 'batchBytes'],
    ['docs/performance.md', /end of tick, (\d+) commands/, 'connection/shared/backlog.ts', 'eagerCount'],
    ['docs/performance.md', /end of tick, \d+ commands, or (\d+) kB/, 'connection/shared/backlog.ts', 'eagerBytes'],
    ['docs/performance.md', /keeps a slab of (\d+) kB/, 'protocol/encoder.ts', 'firstSlabBytes'],
    ['docs/performance.md', /slab of \d+ kB, which grows to (\d+)/, 'protocol/encoder.ts', 'slabBytes'],
    ['docs/performance.md', /which grows to \d+ and to (\d+) kB/, 'protocol/encoder.ts', 'lastSlabBytes'],
    ['docs/performance.md', /strings shorter than (\d+) kB are encoded/, 'protocol/encoder.ts', 'slabBytes'],
    ['docs/performance.md', /a table of (\d+) repeated names/, 'protocol/names.ts', 'smallestSize'],
    ['docs/performance.md', /which grows up to ([\d,]+)/, 'protocol/names.ts', 'largestSize'],
    ['docs/performance.md', /a string of more than (\d+) characters/i, 'protocol/text.ts', 'copiedLength'],
    ['docs/fence.md', /at most (\d+) lost connections/, 'connection/fence/fence.ts', 'mostRemembered'],
    ['docs/pubsub.md', /has more than (\d+) kB/, 'connection/pubsub/subscription-request.ts', 'commandBytes'],
    ['docs/exactly-once.md', /more than ([\d,]+) words/, 'once/permitted.ts', 'mostArguments'],
    ['docs/sentinel.md', /does not answer within (\d+) ms/, 'sentinel/round.ts', 'staggerMs'],
    ['docs/sentinel.md', /every (\d+) ms while the client is not connected/, 'sentinel/sentinels.ts', 'searchMs'],
    ['docs/cluster.md', /waits at least (\d+) ms/, 'cluster/topology.ts', 'leastPauseMs'],
    ['docs/cluster.md', /waits at least \d+ ms and at most (\d+) ms/, 'cluster/topology.ts', 'mostPauseMs'],
    ['docs/cluster.md', /it waits at most ([\d,]+) ms/, 'cluster/topology.ts', 'longPauseMs'],
  ])('in %s, %s: the same as the source', (page, pattern, file, constant) => {
    const [, factor, isKilo] =
      new RegExp(`const ${constant} = ([\\d_]+)( \\* 1024)?$`, 'm').exec(read(`src/${file}`)) ?? []
    const value =
      Number(factor?.replaceAll('_', '')) * (isKilo === undefined || pattern.source.includes('kB') ? 1 : 1024)
    expect(figure(page, pattern)).toBe(value)
  })

  it('every folder of the source', () => {
    const page = read('ARCHITECTURE.md')
    const folders = globSync(['src/*/', 'src/connection/*/'], { cwd: root })
    expect(folders.length).toBeGreaterThan(15)
    for (const folder of folders) {
      const name = folder.split('/').filter(Boolean).at(-1)
      expect(page).toMatch(new RegExp(`(^| |src/)${name}(/|\`)`, 'm'))
    }
  })
})

describe.each(pages)('%s names only', (page) => {
  const text = read(page)

  it('scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }
    for (const [, name] of text.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name)
  })

  it('files that there are', () => {
    const paths = [...text.matchAll(/(?<![\w/.])(?:src|test|lab|bench|scripts|demo|examples)\/[\w./-]*\w/g)]
    // What programs write: reports of benchmarks have names that the reader chooses.
    const missing = paths
      .map(([path]) => path)
      .filter((path) => !path.startsWith('lab/out') && !existsSync(root + path))
    expect(missing).toEqual([])
  })
})
