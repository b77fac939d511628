import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'

interface Run {
  readonly code: number
  readonly out: string
  readonly error: string
}

function run(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', ...args], (failure, out, error) => {
      resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, out, error })
    })
  })
}

describe.each(['lab/main.ts', 'test/simulation/main.ts', 'demo/demo.ts'])('%s', (tool) => {
  it('answers --help, and says what is wrong in one line', async () => {
    const [help, wrong] = await Promise.all([run(tool, '--help'), run(tool, '--fast')])
    expect(help).toMatchObject({ code: 0, error: '' })
    expect(help.out).toMatch(/^npm run \w+ \[-- .*\]: /)
    expect(help.out).toContain('--help')
    expect(wrong).toMatchObject({ code: 2, out: '' })
    expect(wrong.error.trimEnd().split('\n')).toHaveLength(1)
    expect(wrong.error).toContain('--fast')
  })
})

it('npm run lab -- --list lists the scenarios, and an unknown one is refused', async () => {
  const [list, unknown] = await Promise.all([run('lab/main.ts', '--list'), run('lab/main.ts', '--only', 'Z')])
  expect(list.out).toContain('reset-between')
  expect(unknown).toMatchObject({ code: 2, out: '' })
  expect(unknown.error).toContain('--only Z: there are A, B')
})
