import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Chance } from '../simulation/chance.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'
import { tryEvidence } from './evidence.js'

const tries = 1_000

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))(
  'on $name',
  ({ name, program }) => {
    describe.each([
      ['without io-threads', []],
      ['with io-threads', ['--io-threads', '2']],
    ] as const)('%s', (threads, args) => {
      let server: TestServer

      beforeAll(async () => {
        server = await startServer(program, args)
      })
      afterAll(() => server.stop())

      it(`of ${tries} half-open connections, cut anywhere, no command is resolved wrongly`, async () => {
        const counts = await tryEvidence(server.port, tries, new Chance(7))
        console.log(`${name} ${threads}: ${JSON.stringify(counts)}`)
        expect(counts).toMatchObject({ unfenced: 0, wrong: 0 })
      }, 300_000)
    })
  },
)
