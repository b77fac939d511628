import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clusterMutants } from './cluster/mutants.js'
import { simulateCluster } from './cluster/simulate.js'
import { firstFailure } from './first-failure.js'
import { mutants as designed } from './mutants.js'
import { mutantsByAReader, unitMutantsByAReader } from './mutants-by-a-reader.js'
import { changed, mutate, mutateCluster, src } from './mutation.js'
import { unitMutants as designedUnits } from './unit-mutants.js'

const mutants = { ...designed, ...mutantsByAReader }
const unitMutants = { ...designedUnits, ...unitMutantsByAReader }

const most = 3_000

describe('The simulation finds a client in which', () => {
  for (const [title, mutation] of Object.entries(mutants)) {
    it(title, async () => {
      expect(await firstFailure(await mutate(mutation), most)).toBeTypeOf('number')
    }, 240_000)
  }
})

describe('The simulated cluster finds a client in which', () => {
  for (const [title, mutation] of Object.entries(clusterMutants)) {
    it(title, async () => {
      const code = await mutateCluster(mutation)
      for (let seed = 0; seed < 1_000; seed += 1) {
        const { violations } = await simulateCluster(seed, code)
        if (violations.length > 0) return
      }
      expect.unreachable('no seed shows it')
    }, 240_000)
  }
})

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A test that has not ended by then hangs because of the mutant. It may take long beside others. */
const limitMs = 200_000

/** Whether the test of a unit mutant fails, or hangs. */
async function failsItsTest(title: string): Promise<boolean> {
  const config = fileURLToPath(new URL('./unit-mutants.config.ts', import.meta.url))
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', root, '--config', config]
  const env = { ...process.env, UNIT_MUTANT: title }
  // In a group of processes, so that the workers of vitest end with it.
  const child = spawn(process.execPath, args, { stdio: 'ignore', env, detached: true })
  let hangs = false
  const limit = setTimeout(() => {
    hangs = true
    process.kill(-(child.pid as number), 'SIGKILL')
  }, limitMs)
  try {
    const [code] = await once(child, 'exit')
    return hangs || code === 1
  } finally {
    clearTimeout(limit)
  }
}

describe('The test of its file finds a client in which', () => {
  for (const [title, mutation] of Object.entries(unitMutants)) {
    it.concurrent(
      title,
      async () => {
        // A change that can't be made would fail the test, too.
        changed(await readFile(join(src, mutation.file), 'utf8'), mutation)
        expect(await failsItsTest(title)).toBe(true)
      },
      limitMs + 40_000,
    )
  }
})
