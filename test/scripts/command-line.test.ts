import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readOptions, seedOptions, wholeNumber, withTitle } from '../../scripts/command-line.js'

/** What a tool printed, and its exit code. */
interface Run {
  readonly code: unknown
  readonly out: string
  readonly error: string
}

/** Thrown in place of the end of the process. */
class Exit extends Error {
  readonly code: unknown

  constructor(code: unknown) {
    super(`exit ${code}`)
    this.code = code
  }
}

let count = 0

/** Runs a tool in this process, which is quicker than a process for each: what it does not accept it must not begin. */
async function run(tool: string, ...args: string[]): Promise<Run> {
  const { argv } = process
  const printed = { out: '', error: '' }
  const spies = [
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Exit(code)
    }),
    vi.spyOn(console, 'log').mockImplementation((text) => {
      printed.out += text
    }),
    vi.spyOn(console, 'error').mockImplementation((text) => {
      printed.error += text
    }),
  ]
  process.argv = ['node', tool, ...args]
  try {
    count += 1
    // With a name of its own, it runs again.
    const file = `../../${tool}?${count}`
    await import(file)
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, ...printed }
    throw error
  } finally {
    process.argv = argv
    for (const spy of spies) spy.mockRestore()
  }
  throw new Error(`${tool} ${args.join(' ')} has begun`)
}

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Record<string, string> }

/** Each script whose program reads options: its name, and the file. Some need the libraries of `examples`, which need not be installed. */
const tools = Object.entries(scripts).flatMap(([name, script]) => {
  const file = /\btsx (\S+\.ts)$/.exec(script)?.[1]
  return file === undefined || ['build', 'setup'].includes(name) || script.includes('--prefix examples')
    ? []
    : [[name, file] as const]
})

it('there are tools', () => {
  expect(tools.map(([name]) => name)).toEqual(expect.arrayContaining(['demo', 'lab', 'sim', 'fuzz', 'bench', 'size']))
  expect(tools.length).toBeGreaterThan(15)
})

describe.each(tools)('npm run %s', (name, file) => {
  it('answers --help', async () => {
    const { code, out, error } = await run(file, '--help')
    expect({ code, error }).toEqual({ code: 0, error: '' })
    const [first = ''] = out.split('\n')
    expect(first.startsWith(`npm run ${name} [-- `)).toBe(true)
    expect(first).toContain(']: ')
    expect(out).toContain('--help')
    expect(out).toMatch(/Exits with .*2 if /)
  })

  it('says what is wrong in one line', async () => {
    const { code, out, error } = await run(file, '--fast')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toBe("Unknown option '--fast' (--help lists the options)")
  })
})

describe('a name or a number that there is not', () => {
  it.each([
    ['lab/main.ts', ['--only', 'Z'], '--only Z: there are A, B'],
    ['lab/main.ts', ['--client', 'jedis'], '--client jedis: there are respite'],
    ['lab/main.ts', ['--url', 'http://localhost'], 'invalid option url'],
    ['demo/demo.ts', ['http://localhost'], 'invalid option url'],
    ['bench/run.ts', ['--only', 'ZZZ'], 'no title contains "ZZZ"'],
    ['bench/run.ts', ['--clients', 'jedis'], 'there is no "jedis"'],
    ['bench/run.ts', ['--short', '--only', 'Memory of'], 'no title contains "Memory of"'],
    ['bench/run.ts', ['--url', 'redis://localhost', '--only', 'Memory of'], 'no title contains "Memory of"'],
    ['bench/run.ts', ['--clients', 'ioredis,ioredis'], '--clients: there are two of the name ioredis'],
    ['bench/run.ts', ['--bytes', '16-16384'], '--bytes with a range needs --keys, such as --keys 1000'],
    ['bench/run.ts', ['--bytes', '1-2-3', '--keys', '9'], '--bytes must be a whole number, 1 or more; got 1-2-3'],
    ['bench/compare/main.ts', ['--only', 'ZZZ'], 'no title contains "ZZZ"'],
    ['bench/load/main.ts', ['--only', 'ZZZ'], 'no title contains "ZZZ"'],
    ['bench/cluster/main.ts', ['--only', 'ZZZ'], 'no title contains "ZZZ"'],
    ['bench/cluster/main.ts', ['--rounds', '1'], '--rounds must be a whole number, 2 or more; got 1'],
    ['bench/decode.ts', ['--only', 'ZZZ'], 'no title contains "ZZZ"'],
    ['bench/once.ts', ['--rounds', 'many'], '--rounds must be a whole number, 1 or more; got many'],
    ['bench/once.ts', ['--calls', '1500'], '--calls must be a multiple of 1000; got 1500'],
    [
      'lab/main.ts',
      ['--client', 'respite', '--client', './respite.mjs'],
      '--client: there are two of the name respite',
    ],
    ['test/simulation/main.ts', ['--compare', 'a', '--record', 'a'], '--record and --compare exclude each other'],
    ...['test/simulation/main.ts', 'test/simulation/sentinel/main.ts', 'test/simulation/cluster/main.ts'].flatMap(
      (file): [string, string[], string][] => [
        [file, ['--seed', '7', '--seeds', '10'], '--seed and --seeds exclude each other'],
        [file, ['--from', '3', '--seed', '7'], '--seed and --from exclude each other'],
      ],
    ),
    ['test/simulation/main.ts', ['--seed', '7', '--all'], '--all and --seed exclude each other'],
    ['test/simulation/main.ts', ['--seed', '7', '--record', 'a'], '--record and --seed exclude each other'],
    ['test/simulation/main.ts', ['--seeds', '10', '--compare', 'a'], '--compare and --seeds exclude each other'],
    ['test/simulation/main.ts', ['--context', '3'], '--context needs --compare'],
    ['test/fuzz/main.ts', ['--shrink', '--show'], '--shrink and --show exclude each other'],
    ['lab/main.ts', ['--built-in', '--url', 'redis://localhost'], '--built-in and --url exclude each other'],
    ['lab/main.ts', ['--serve', '--only', 'B'], '--serve and --only exclude each other'],
    ['lab/main.ts', ['--serve', '--repeat', '2'], '--serve and --repeat exclude each other'],
    ['bench/decode.ts', ['--only', 'bulk', '--out', 'a'], '--only and --out exclude each other'],
    ['test/fuzz/main.ts', ['--only', '3,99999'], '--only 99999: the calls of a round end with 249'],
    ['test/simulation/main.ts', ['--seeds', '0'], '--seeds must be a whole number, 1 or more; got 0'],
    ['test/simulation/sentinel/main.ts', ['--seeds', 'x'], '--seeds must be a whole number'],
    ['test/simulation/cluster/main.ts', ['--seed', '-1'], '--seed'],
    ['test/simulation/cluster/main.ts', ['--from', '1.5'], '--from must be a whole number, 0 or more; got 1.5'],
    ['test/fuzz/main.ts', ['--only', 'x'], '--only must be a whole number'],
    ['test/fuzz/main.ts', ['--url', 'http://localhost'], 'invalid option url'],
    ['test/classes/main.ts', ['--only', 'NOSUCH'], '--only: no form begins with "NOSUCH"'],
    ['test/classes/replies-main.ts', ['--only', 'NOSUCH'], '--only: no form begins with "NOSUCH"'],
  ])('is refused: %s %j', async (file, args, message) => {
    const { code, out, error } = await run(file, ...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toContain(message)
    expect(error).not.toContain('\n')
  })
})

describe('a result that can’t be written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'respite-command-line-'))
  const file = join(folder, 'file')
  beforeAll(() => {
    writeFileSync(file, '')
    for (const name of ['trace.json', 'clients.svg', 'load.json', 'a.json']) mkdirSync(join(folder, name))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  // Without the one that needs libraries of a folder of its own.
  const tools = ['run', 'compare/main', 'cluster/main', 'load/main', 'decode', 'size'].map((name) => `bench/${name}.ts`)
  it.each<[tool: string, out: string, reason: string]>([
    ...tools.map((tool): [string, string, string] => [tool, join(file, 'below', 'report.md'), 'ENOTDIR']),
    ['lab/main.ts', join(file, 'below'), 'ENOTDIR'],
    // One of several files is a folder.
    ['lab/main.ts', folder, 'EISDIR'],
    ['bench/run.ts', folder, 'EISDIR'],
    ['bench/load/main.ts', folder, 'EISDIR'],
    ['bench/compare/main.ts', join(folder, 'a.md'), 'EISDIR'],
  ])('is known before the run begins: %s --out %s', async (tool, out, reason) => {
    const { code, error } = await run(tool, '--out', out)
    expect(code).toBe(2)
    expect(error).toMatch(new RegExp(`^--out: ${reason}.*$`))
  })
})

it.each([
  ['lab/main.ts', 'reset-between'],
  ['bench/run.ts', 'GET, one at a time'],
  ['bench/compare/main.ts', 'GET, one at a time'],
  ['bench/load/main.ts', '\n'],
  ['bench/cluster/main.ts', 'Three nodes'],
  ['bench/decode.ts', '200 MB bulk as Buffer'],
])('%s lists its names', async (file, one) => {
  const { code, out } = await run(file, '--list')
  expect(code).toBe(0)
  expect(out).toContain(one)
})

it('a tool ends the process so', async () => {
  const args = ['--import', 'tsx', 'test/simulation/main.ts', '--fast']
  const failure = await new Promise<unknown>((resolve) => execFile(process.execPath, args, resolve))
  expect(failure).toMatchObject({ code: 2 })
})

describe('what an option says', () => {
  it('is read by a table: numbers, texts, and what is given or not', () => {
    const { argv } = process
    try {
      process.argv = ['node', 'tool', '--from', '7', '--all', '--src', '12']
      const options = {
        ...seedOptions(50),
        src: { type: 'string' },
        all: { type: 'boolean' },
        fast: { type: 'boolean' },
      } as const
      const read = readOptions({ help: '' }, options)
      expect(read).toEqual({ seeds: 50, from: 7, seed: undefined, src: '12', all: true, fast: false })
    } finally {
      process.argv = argv
    }
  })

  it('is a whole number, or the option is named', () => {
    expect(wholeNumber('seeds', '12')).toBe(12)
    expect(wholeNumber('from', '0', 0)).toBe(0)
    for (const text of ['', '-1', '1.5', '1e3', '0', 'x']) expect(() => wholeNumber('seeds', text)).toThrow('--seeds')
  })

  it('is a part of a title', () => {
    const all = [{ title: 'HGETALL of 1,000 fields' }, { title: 'GET' }]
    expect(withTitle(all, 'HGET')).toEqual([all[0]])
    expect(withTitle(all, '')).toEqual(all)
    expect(() => withTitle(all, 'hget')).toThrow('--only: no title contains "hget"')
  })
})
