import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { clusterMutants } from './cluster/mutants.js'
import { firstFailure } from './first-failure.js'
import { mutants as designed } from './mutants.js'
import { mutantsByAReader, unitMutantsByAReader } from './mutants-by-a-reader.js'
import { changed, mutate, src } from './mutation.js'
import { sentinelSimulationMutants } from './sentinel/mutants.js'
import { unitMutants as designedUnits } from './unit-mutants.js'

const mutants = { ...designed, ...mutantsByAReader }
const unitMutants = { ...designedUnits, ...unitMutantsByAReader }

const tests = fileURLToPath(new URL('../', import.meta.url))

// Whether each mutant is found takes minutes: mutants.full.test.ts.
describe('The source still has what is changed for a client in which', () => {
  it.each(Object.entries({ ...mutants, ...unitMutants, ...clusterMutants, ...sentinelSimulationMutants }))(
    '%s',
    async (_, mutation) => {
      const text = await readFile(join(src, mutation.file), 'utf8')
      expect(changed(text, mutation)).not.toBe(text)
    },
  )
})

describe('The test is still there that finds a client in which', () => {
  it.each(Object.entries(unitMutants))('%s', (_, { foundBy }) => expect(existsSync(join(tests, foundBy))).toBe(true))
})

/** These show at the first seeds, whatever the schedules. */
const conspicuous = [
  'what may have run is called not-executed',
  'the last frame is taken for incomplete without proof',
  'the slot of an aborted command is dropped',
  'an aborted command in the queue is sent all the same',
]

describe('The simulation finds', () => {
  it.each(conspicuous)('a client in which %s', async (title) => {
    expect(await firstFailure(await mutate(mutants[title]), 100)).toBeTypeOf('number')
  })

  it('nothing in the same build of the client without a change', async () => {
    expect(await firstFailure(await mutate(), 50)).toBeUndefined()
  }, 60_000)
})
