import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../lab/proxy/proxy.js'
import { type Client, type ClientOptionsOf, createClient, type RespiteError } from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { HalfOpenRelay } from '../support/half-open-relay.js'
import { type SecureServer, startSecureServer } from '../support/secure-server.js'
import { nameOf, serverPrograms } from '../support/server.js'
import { tryEvidence } from './evidence.js'

const tries = 1_000

/** So many held writes for each way to the server and each end of the connection. */
const rounds = 20

const threads = [
  ['without io-threads', []],
  ['with io-threads', ['--io-threads', '2', '--io-threads-do-reads', 'yes']],
] as const

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))(
  'on $name',
  ({ name, program }) => {
    describe.each(threads)('%s', (threads, args) => {
      let server: SecureServer
      let witness: Client

      beforeAll(async () => {
        server = await startSecureServer(program, [...args, '--unixsocket', 'server.sock'])
        witness = createClient(server.options('TCP') as ClientOptionsOf)
      })
      afterAll(async () => {
        witness.destroy()
        await server.stop()
      })

      const ways: Readonly<Record<string, { target(): Target; options(port: number): object }>> = {
        TCP: { target: () => server.port, options: (port) => server.options('TCP', port) },
        TLS: { target: () => server.portOf('TLS'), options: (port) => server.options('TLS', port) },
        'a Unix socket': {
          target: () => ({ path: join(server.folder, 'server.sock') }),
          options: (port) => ({ host: '127.0.0.1', port }),
        },
      }

      describe.each(Object.entries(ways))('over %s', (_, { target, options }) => {
        const cases = ([3, 2] as const).flatMap((protocol) =>
          (['silence', 'reset', 'end'] as const).map((how) => [protocol, how] as const),
        )
        it.concurrent.each(cases)('with RESP%i, held writes do not run after later ones: %s', async (protocol, how) => {
          const relay = await HalfOpenRelay.start(target())
          const client = createClient({
            ...options(relay.port),
            protocol,
            stallTimeout: how === 'silence' ? 250 : 5_000,
            reconnect: { baseDelay: 1, maxDelay: 2 },
          } as ClientOptionsOf)
          const key = `${protocol} ${how}`
          try {
            for (let round = 0; round < rounds; round += 1) {
              await client.ping()
              const link = relay.newest
              const { received } = link
              link.hold()
              const first = client.set(key, `${round} held`)
              const unsafe = client.incr(`n ${key}`).catch((error: RespiteError) => error)
              await link.receives(received + 1)
              if (how !== 'silence') link.cut(how)
              await first
              await client.set(key, `${round} later`)
              const error = (await unsafe) as RespiteError
              expect([error.fate, await error.fenced]).toEqual(['unknown', true])
              const count = await client.get(`n ${key}`)
              link.deliver()
              await link.serverClosed
              expect(await witness.get(key)).toBe(`${round} later`)
              expect(await witness.get(`n ${key}`)).toBe(count)
            }
            const { fencesProven, fencesNotPossible } = client.stats()
            // More, if the machine was too busy to answer in time.
            expect(fencesProven).toBeGreaterThanOrEqual(rounds)
            expect(fencesNotPossible).toBe(0)
          } finally {
            client.destroy()
            relay.stop()
          }
        })
      })

      it(`of ${tries} half-open connections, cut anywhere, no command is resolved wrongly`, async () => {
        const counts = await tryEvidence(server.port, tries, new Chance(7))
        console.log(`${name} ${threads}: ${JSON.stringify(counts)}`)
        expect(counts).toMatchObject({ unfenced: 0, wrong: 0 })
      }, 300_000)
    })
  },
)
