import { describe, expect, it } from 'vitest'
import { Chance } from '../simulation/chance.js'
import { nameOf, serverPrograms, startServer } from '../support/server.js'
import { tryLateEffects } from './late-effects.js'

const tries = 100

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  it.each([
    ['without io-threads', []],
    ['with io-threads', ['--io-threads', '2', '--io-threads-do-reads', 'yes']],
  ] as const)(
    `of ${tries} lost connections, nothing runs after it is fenced, and no fate is resolved wrongly, %s`,
    async (_, args) => {
      const server = await startServer(program, args)
      try {
        const { unknown, ...rest } = await tryLateEffects(server, tries, new Chance(11))
        expect(rest).toEqual({ unfenced: 0, late: [], wrong: [] })
        expect(unknown).toBeGreaterThan(tries)
      } finally {
        await server.stop()
      }
    },
  )
})
