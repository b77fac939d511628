import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/server.js'

const run = promisify(execFile)
const here = (path: string): string => fileURLToPath(new URL(path, new URL('app/', import.meta.url)))
const bin = (name: string): string => here(`node_modules/.bin/${name}`)
const root = here('../../..')

let server: TestServer
let tarball: { readonly filename: string; readonly size: number; readonly files: readonly { readonly path: string }[] }

/** Runs a program of this folder on the packed package. */
async function runHere(program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, RESPITE_TRIAL_URL: server.url, NO_COLOR: '1' }
  const { stdout, stderr } = await run(program, args, { cwd: here('.'), env, timeout: 60_000 })
  return stdout + stderr
}

/** The last line of its output, which is JSON. */
async function reportOf(program: string, args: readonly string[]): Promise<unknown> {
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout } = await run(program, args, { cwd: here('.'), env, timeout: 60_000 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}

beforeAll(async () => {
  server = await startServer()
  const installed = here('node_modules/respite')
  rmSync(installed, { recursive: true, force: true })
  mkdirSync(installed, { recursive: true })
  const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', here('node_modules')], {
    cwd: root,
  })
  const [report] = JSON.parse(packed.stdout)
  tarball = report
  await run('tar', ['-xzf', here(`node_modules/${tarball.filename}`), '--strip-components=1', '-C', installed])
})
afterAll(() => server.stop())

describe('The tarball', () => {
  it('has at most 400 kB', () => {
    expect(tarball.size).toBeLessThan(400_000)
  })

  it('has the pictures of the README', () => {
    const paths = new Set(tarball.files.map(({ path }) => path))
    const pictures = [...readFileSync(`${root}/README.md`, 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)]
    expect(pictures.length).toBeGreaterThan(0)
    for (const [, path] of pictures) expect(paths).toContain(path)
  })

  it('has the guides and examples that its pages link to', () => {
    const paths = tarball.files.map(({ path }) => path)
    // What is in the repository only: for those who work on the project, or long tables.
    const ofRepository =
      /^(ARCHITECTURE|CONTRIBUTING|docs\/(lab|failure-handling|performance|retry-classes)|bench\/results\/\w+)\.md$|^docs\/decisions/
    const pages = paths.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md')
    expect(pages.length).toBeGreaterThan(20)
    for (const page of pages) {
      const links = [...readFileSync(`${root}/${page}`, 'utf8').matchAll(/\]\((?!\w+:|#)([^)#]+)/g)]
      const targets = links.map(([, link = '']) => join(dirname(page), link)).filter((path) => !ofRepository.test(path))
      const missing = targets.filter(
        (target) => !paths.some((path) => path === target || path.startsWith(`${target}/`)),
      )
      expect(missing, page).toEqual([])
    }
  })

  it('has no scripts that run when it is installed, of which npm would warn', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts).not.toHaveProperty(name)
  })

  it('has a source map for each ES module, which names its sources, each of which exists', () => {
    const modules = tarball.files.map(({ path }) => path).filter((path) => /^dist\/[^/]+\.js$/.test(path))
    expect(modules.length).toBeGreaterThan(3)
    for (const module of modules) {
      const { sources, sourcesContent } = JSON.parse(readFileSync(here(`node_modules/respite/${module}.map`), 'utf8'))
      for (const source of sources) expect(existsSync(`${root}/dist/${source}`)).toBe(true)
      expect(sourcesContent).toBeUndefined()
    }
  })

  it('has maps that name the line which throws', async () => {
    const program =
      "import('respite').then(({ createClient }) => createClient({ timeuot: 1 })).catch((e) => console.log(e.stack))"
    const output = await runHere(process.execPath, ['--enable-source-maps', '-e', program])
    const [, file, line] = /\(?[^\s(]*\/(src\/\S+\.ts):(\d+):\d+/.exec(output) ?? []
    const lines = readFileSync(`${root}/${file}`, 'utf8').split('\n')
    expect(lines[Number(line) - 1]).toContain('throw new TypeError(`unknown option')
  })

  it('has classes that have their names when an error is printed: bundlers rename those that name themselves', async () => {
    const program = `import('respite').then((all) => {
      const errors = Object.entries(all).filter(([name]) => name.endsWith('Error'))
      console.log(errors.length > 10, errors.filter(([name, ErrorClass]) => ErrorClass.name !== name).map(([name]) => name))
    })`
    expect(await runHere(process.execPath, ['-e', program])).toBe('true []\n')
  })

  it('pleases publint', async () => {
    expect(await runHere(`${root}/node_modules/.bin/publint`, ['--strict', 'node_modules/respite'])).toContain(
      'All good!',
    )
  })

  it('pleases attw: every entry point resolves to the right types', async () => {
    // It fails if there is a problem. Node.js before `exports` (its `node10`) is not supported.
    const args = [`node_modules/${tarball.filename}`, '--profile', 'node16', '--no-emoji']
    expect(await runHere(`${root}/node_modules/.bin/attw`, args)).toContain('"respite/protocol"')
  })
})

/** The supported versions of Node.js, and other runtimes. */
const runtimes = [
  { name: 'Node.js 20', program: here('node_modules/node20/bin/node'), args: [], version: /^v20\.19\./ },
  { name: 'Node.js 22', program: here('node_modules/node22/bin/node'), args: [], version: /^v22\./ },
  { name: 'Node.js 24', program: here('node_modules/node24/bin/node'), args: [], version: /^v24\./ },
  { name: 'Node.js 26', program: here('node_modules/node26/bin/node'), args: [], version: /^v26\./ },
  { name: 'Bun', program: bin('bun'), args: [], version: /^1\./ },
  {
    name: 'Deno',
    program: bin('deno'),
    args: ['run', '--allow-all', '--node-modules-dir=manual'],
    version: /^deno 2\./,
  },
]

describe.each(runtimes)('On $name', ({ program, args, version }) => {
  it('is the expected runtime', async () => {
    expect((await run(program, ['--version'])).stdout).toMatch(version)
  })

  it('runs the main features, survives a lost connection, and lets the process end', async () => {
    expect(await reportOf(program, [...args, here('programs/trial.mjs'), server.url])).toHaveLength(9)
  })

  it('gives the same copy by require as by import', async () => {
    expect(await reportOf(program, [...args, here('programs/require.cjs'), server.url])).toEqual({ oneCopy: true })
  })
})

describe('In', () => {
  it('worker threads, each has its client and ends', async () => {
    const report = await reportOf(process.execPath, [here('programs/worker-thread.cjs'), server.url])
    expect(report).toEqual({ counted: '200' })
  })

  it('processes of node:cluster, each has its client and ends', async () => {
    const report = await reportOf(process.execPath, [here('programs/cluster.cjs'), server.url])
    expect(report).toEqual({ counted: '200' })
  })

  it('an AsyncLocalStorage store, the client keeps nothing of it', async () => {
    const report = await reportOf(process.execPath, [here('programs/async-context.cjs'), server.url])
    expect(report).toEqual({ store: 'collected', seenByListeners: 0 })
  })
})

describe('Untouched by configuration for it,', () => {
  it('Jest runs it in Node and in jsdom, with fake timers, and ts-jest compiles what uses it', async () => {
    const output = await runHere(bin('jest'), ['--config', here('jest/jest.config.cjs'), '--ci'])
    expect(output).toContain('Tests:       10 passed, 10 total')
    expect(output).not.toContain('did not exit')
  })

  it('vitest runs it, with and without fake timers', async () => {
    const program = `${root}/node_modules/vitest/vitest.mjs`
    const output = await runHere(process.execPath, [program, 'run', '--root', here('vitest'), '--maxWorkers=1'])
    expect(output).toMatch(/Tests {2}2 passed/)
  })

  it.each(['typescript', 'typescript7'])('%s checks programs with it, its declarations included', async (compiler) => {
    for (const module of ['node16', 'nodenext']) {
      const args = [here(`node_modules/${compiler}/bin/tsc`), '-p', 'types', '--module', module]
      expect(await runHere(process.execPath, args)).toBe('')
    }
  })

  it.each(['esm', 'cjs'])('esbuild bundles it (%s)', async (format) => {
    const out = here(`node_modules/.out/esbuild.${format === 'esm' ? 'mjs' : 'cjs'}`)
    const entry = format === 'esm' ? 'bundle/main.ts' : 'programs/require.cjs'
    const args = [entry, '--bundle', '--platform=node', `--format=${format}`, `--outfile=${out}`, '--log-level=warning']
    expect(await runHere(bin('esbuild'), args)).toBe('')
    // esbuild takes the CommonJS build for `require` and the ES module for `import`.
    const expected = format === 'esm' ? { bundled: 'yes' } : { oneCopy: false }
    expect(await reportOf(process.execPath, [out, server.url])).toEqual(expected)
  })

  it('vite bundles it', async () => {
    const out = here('node_modules/.out/vite')
    await runHere(bin('vite'), [
      'build',
      'bundle',
      '--ssr',
      'main.ts',
      '--outDir',
      out,
      '--emptyOutDir',
      '--logLevel',
      'warn',
    ])
    expect(await reportOf(process.execPath, [`${out}/main.mjs`, server.url])).toEqual({ bundled: 'yes' })
  })
})
