import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A file, and what it must not import. */
const forbidden = [
  ['src/protocol/file.ts', 'src/errors.ts'],
  ['src/protocol/file.ts', 'src/options/options.ts'],
  ['src/protocol/file.ts', 'node:net'],
  ['src/protocol/file.ts', 'acorn'],
  ['src/errors.ts', 'src/options/options.ts'],
  ['src/options/file.ts', 'src/connection/timing/clock.ts'],
  ['src/options/file.ts', 'src/commands/catalogue.ts'],
  ['src/commands/file.ts', 'src/connection/request/request.ts'],
  ['src/commands/file.ts', 'src/client.ts'],
  ['src/commands/file.ts', 'node:net'],
  ['src/connection/timing/file.ts', 'src/connection/request/request.ts'],
  ['src/connection/transport/file.ts', 'src/connection/wire/connection.ts'],
  ['src/connection/request/file.ts', 'src/connection/wire/connection.ts'],
  ['src/connection/wire/file.ts', 'src/connection/supervisor/supervisor.ts'],
  ['src/connection/wire/file.ts', 'src/commands/catalogue.ts'],
  ['src/connection/supervisor/file.ts', 'src/connection/shared/backlog.ts'],
  ['src/connection/shared/file.ts', 'src/connection/leased/pool.ts'],
  ['src/connection/shared/file.ts', 'src/connection/pubsub/topics.ts'],
  ['src/connection/leased/file.ts', 'src/connection/shared/backlog.ts'],
  ['src/connection/leased/file.ts', 'src/connection/pubsub/topics.ts'],
  ['src/connection/pubsub/file.ts', 'src/connection/shared/backlog.ts'],
  ['src/connection/pubsub/file.ts', 'src/connection/leased/pool.ts'],
  ['src/connection/wire/file.ts', 'acorn'],
  ['src/dispatch/file.ts', 'src/sessions/session.ts'],
  ['src/dispatch/file.ts', 'src/pubsub/subscription.ts'],
  ['src/pubsub/file.ts', 'src/dispatch/requests.ts'],
  ['src/pubsub/file.ts', 'src/sessions/session.ts'],
  ['src/sessions/file.ts', 'src/client.ts'],
  ['src/client.ts', 'acorn'],
  ['src/client.ts', 'src/index.ts'],
  ['src/client.ts', 'test/support.ts'],
] as const

const allowed = [
  ['src/protocol/file.ts', 'src/protocol/types.ts'],
  ['src/protocol/file.ts', 'node:buffer'],
  ['src/options/file.ts', 'src/protocol/types.ts'],
  ['src/commands/file.ts', 'src/protocol/types.ts'],
  ['src/commands/file.ts', 'src/errors.ts'],
  ['src/connection/transport/file.ts', 'node:net'],
  ['src/connection/request/file.ts', 'src/connection/timing/clock.ts'],
  ['src/connection/wire/file.ts', 'src/connection/request/request.ts'],
  ['src/connection/wire/file.ts', 'src/protocol/types.ts'],
  ['src/connection/supervisor/file.ts', 'src/connection/wire/connection.ts'],
  ['src/connection/shared/file.ts', 'src/connection/supervisor/supervisor.ts'],
  ['src/dispatch/file.ts', 'src/commands/catalogue.ts'],
  ['src/dispatch/file.ts', 'src/connection/request/request.ts'],
  ['src/sessions/file.ts', 'src/dispatch/requests.ts'],
  ['src/core/file.ts', 'src/connection/shared/backlog.ts'],
  ['src/core/file.ts', 'node:events'],
] as const

type Files = Readonly<Record<string, string>>

/** A file that imports others, or only types of them. */
function importing(file: string, imported: string | readonly string[], kind: 'import' | 'import type'): string {
  const lines = [imported].flat().map((one, index) => {
    const isOurs = /^(src|test)\//.test(one)
    const path = relative(dirname(file), one.replace(/\.ts$/, '.js'))
    const from = isOurs ? (path.startsWith('.') ? path : `./${path}`) : one
    const name = `it${index}`
    const use = kind === 'import' ? `const use${index} = ${name}` : `type Use${index} = ${name}`
    return `${kind} { it as ${name} } from '${from}'\n\nexport ${use}\n`
  })
  return lines.join('')
}

describe('The imports that ARCHITECTURE.md draws', () => {
  const folders: string[] = []
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true })
  })

  /** The rules that a source tree breaks: `rule: from -> to`. */
  function check(files: Files): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'respite-layers-'))
    folders.push(folder)
    copyFileSync('.dependency-cruiser.mjs', join(folder, '.dependency-cruiser.mjs'))
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
    const { stdout, stderr } = spawnSync(process.execPath, [program, 'src', '--output-type', 'json'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (!stdout.startsWith('{')) throw new Error(stdout + stderr)
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { rule: { name: string }; from: string; to: string }[] }
    }
    return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)
  }

  /** Many cases at once: each file is copied under a name of its own. */
  function checkCases(cases: readonly (readonly [string, string])[], kind: 'import' | 'import type'): string[][] {
    const targets = cases.map(([, imported]) => imported).filter((imported) => /^(src|test)\//.test(imported))
    const files: Record<string, string> = Object.fromEntries(targets.map((name) => [name, 'export const it = 1\n']))
    // A file that stands alone in its room keeps its name, and has the imports of all its cases.
    const isAlone = (file: string): boolean => !file.endsWith('/file.ts')
    for (const [file] of cases.filter(([name]) => isAlone(name))) {
      const all = cases.filter(([name]) => name === file).map(([, imported]) => imported)
      files[file] = importing(file, all, kind)
    }
    const others = cases.filter(([file]) => !isAlone(file))
    others.forEach(([file, imported], index) => {
      files[file.replace('file.ts', `file-${index}.ts`)] = importing(file, imported, kind)
    })
    const together = check(files)
    return cases.map((one) => {
      const [file, imported] = one
      const name = isAlone(file) ? file : file.replace('file.ts', `file-${others.indexOf(one)}.ts`)
      return together.filter((violation) => violation.includes(`: ${name} -> ${isAlone(file) ? imported : ''}`))
    })
  }

  describe.each(['import', 'import type'] as const)('by %s', (kind) => {
    let forbiddenResults: string[][] = []
    let allowedResults: string[][] = []

    beforeAll(() => {
      forbiddenResults = checkCases(forbidden, kind)
      allowedResults = checkCases(allowed, kind)
    }, 60_000)

    it.each(forbidden.map(([file, imported], index) => ({ file, imported, index })))(
      '$file must not import $imported',
      ({ index }) => expect(forbiddenResults[index]).not.toEqual([]),
    )

    it.each(allowed.map(([file, imported], index) => ({ file, imported, index })))(
      '$file may import $imported',
      ({ index }) => expect(allowedResults[index]).toEqual([]),
    )
  })

  it('have no circle between files', () => {
    const circle = check({
      'src/commands/a.ts': importing('src/commands/a.ts', 'src/commands/b.ts', 'import type'),
      'src/commands/b.ts': importing('src/commands/b.ts', 'src/commands/a.ts', 'import type'),
    })
    expect(circle.join('\n')).toMatch(/file-circles: src\/commands\/[ab]\.ts/)
  })

  const row = (file: string, imported: string): Files => ({ [file]: importing(file, imported, 'import type') })
  const plain = (file: string): Files => ({ [file]: 'export const it = 1\n' })

  it('have no circle between folders, where no two files make one', () => {
    const circle = check({
      ...row('src/commands/left/a.ts', 'src/commands/right/b.ts'),
      ...plain('src/commands/right/b.ts'),
      ...row('src/commands/right/c.ts', 'src/commands/left/d.ts'),
      ...plain('src/commands/left/d.ts'),
    })
    expect(circle.join('\n')).toMatch(/folder-circles: src\/commands\/(left|right)/)
    expect(circle.join('\n')).not.toContain('file-circles')
  })

  it.each(['src/new-room/a.ts', 'src/commands/new-room/a.ts', 'src/new-file.ts'])('have a row for %s', (file) => {
    const outside = check({ ...row(file, 'src/errors.ts'), ...plain('src/errors.ts') })
    expect(outside).toContain(`rooms: ${file} -> src/errors.ts`)
  })

  it('have no circle between a folder and one within it: each has its own row', () => {
    const inward = check({
      ...row('src/commands/a.ts', 'src/commands/within/b.ts'),
      ...plain('src/commands/within/b.ts'),
    })
    expect(inward).toEqual(['commands: src/commands/a.ts -> src/commands/within/b.ts'])
  })

  it('are those of entry points that only export what others define', () => {
    const imported = check({ ...row('src/index.ts', 'src/errors.ts'), ...plain('src/errors.ts') })
    expect(imported).toContain('entry-points: src/index.ts -> src/errors.ts')
    const exported = check({ 'src/index.ts': "export { it } from './errors.js'\n", ...plain('src/errors.ts') })
    expect(exported).toEqual([])
    expect(
      readFileSync('src/index.ts', 'utf8')
        .replace(/^\/\*\*\n( \* .*\n)* \*\/$/m, '')
        .replace(/^export (type )?\{[^}]*\} from '[^']+'$/gm, '')
        .trim(),
    ).toBe('')
  })

  it('are not hidden in types, where the check does not see them', () => {
    const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const hiding = names.filter((name) => /(?<!await |return )\bimport\(/.test(readFileSync(join('src', name), 'utf8')))
    expect(hiding).toEqual([])
  })
})

describe('the files of src', () => {
  it('have at most 400 lines each, those that are generated apart', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /\.ts$/.test(file))
    const written = files.filter((file) => !file.includes('generated'))
    expect(written.length).toBeGreaterThan(100)
    const long = written.filter((file) => readFileSync(join('src', file), 'utf8').split('\n').length > 401)
    expect(long).toEqual([])
  })
})
