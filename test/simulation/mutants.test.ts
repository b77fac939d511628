import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mutants } from './mutants.js'
import { changed, mutate, src } from './mutation.js'
import { type ClientCode, simulate } from './simulate.js'
import { unitMutants } from './unit-mutants.js'

const most = 3_000

/** The first seed by which something is seen to be wrong. */
async function firstFailure(code: ClientCode, seeds: number): Promise<number | undefined> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const isWrong = await simulate(seed, code).then(
      ({ violations }) => violations.length > 0,
      // A client that breaks its surroundings is as wrong as one that lies.
      () => true,
    )
    if (isWrong) return seed
  }
  return undefined
}

describe('The simulation finds a client in which', () => {
  for (const [title, mutation] of Object.entries(mutants)) {
    it(title, async () => {
      expect(await firstFailure(await mutate(mutation), most)).toBeTypeOf('number')
    }, 120_000)
  }
})

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Whether the test of a unit mutant fails. */
async function failsItsTest(title: string): Promise<boolean> {
  const config = fileURLToPath(new URL('./unit-mutants.config.ts', import.meta.url))
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--config', config]
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, UNIT_MUTANT: title } })
  const [code] = await once(child, 'exit')
  return code === 1
}

describe('The test of its file finds a client in which', () => {
  for (const [title, mutation] of Object.entries(unitMutants)) {
    it.concurrent(title, async () => {
      // A change that can't be made would fail the test, too.
      changed(await readFile(join(src, mutation.file), 'utf8'), mutation)
      expect(await failsItsTest(title)).toBe(true)
    }, 60_000)
  }
})

describe('The simulation finds nothing', () => {
  it('in the same build of the client without a change', async () => {
    expect(await firstFailure(await mutate(), 100)).toBeUndefined()
  })
})
