import { describe, expect, it } from 'vitest'
import { nameOf, serverPrograms } from '../support/server.js'
import { settings } from './findings.js'
import { checkOnServer } from './real.js'

const rounds = 4

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  it.each([
    ['without io-threads', []],
    ['with io-threads', ['--io-threads', '2']],
  ] as const)(
    'histories of all options are as docs/guarantees.md says, %s',
    async (_, args) => {
      const { violations, operations } = await checkOnServer(program, args, settings, rounds)
      console.log(`${nameOf(program)} ${args.join(' ')}: ${operations} operations`)
      expect(violations).toEqual([])
    },
    600_000,
  )
})
