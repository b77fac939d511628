import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nameOf, sampleOfPrograms, serverPrograms, type TestServer } from '../support/server.js'
import { readForms } from './forms.js'
import { compareReplies, differencesOf, openReplyPlace, type ReplyPlace } from './reply-comparison.js'
import { isOffered, startForOracle } from './servers.js'
import { World } from './world.js'

/** A sample of `npm run test:replies`: of every form one call, on the servers in turn; by default only on one of them. */
const programs = serverPrograms()

describe.each(sampleOfPrograms().map((program) => [nameOf(program), program] as const))(
  'replies of %s',
  (_, program) => {
    let server: TestServer
    let place: ReplyPlace
    beforeAll(async () => {
      server = await startForOracle(program)
      place = await openReplyPlace(await World.open(server.port), server.port)
    })
    afterAll(async () => {
      place.close()
      await server.stop()
    })

    it('are the same values by RESP2 and RESP3, whatever the options', async () => {
      const wrong: string[] = []
      /** Replies that are not errors. */
      let compared = 0
      for (const [index, form] of readForms('forms.txt').entries()) {
        if (index % programs.length !== programs.indexOf(program)) continue
        if (!(await isOffered(place.place, form))) continue
        const { call, differences, isError } = await compareReplies(place, form, index)
        if (!isError) compared += 1
        wrong.push(...differences.map((difference) => `${call}: ${difference}`))
      }
      expect(wrong).toEqual([])
      expect(compared).toBeGreaterThan(50)
    }, 60_000)

    it('to HELLO are the same, too', async () => {
      const [resp2, resp3] = await Promise.all(place.wires.map((wire) => wire.bytesOf('HELLO')))
      expect(differencesOf(['HELLO'], resp2 as Buffer, resp3 as Buffer).differences).toEqual([])
    })
  },
)

describe('the comparison', () => {
  it.each([
    ['an integer and a boolean', ['EXISTS', 'k'], ':1\r\n', '#t\r\n'],
    ['text and a double', ['GET', 'k'], '$3\r\n1.5\r\n', ',1.5\r\n'],
    ['an array and a map', ['LRANGE', 'k', 0, -1], '*2\r\n$1\r\na\r\n$1\r\nb\r\n', '%1\r\n$1\r\na\r\n$1\r\nb\r\n'],
    ['an array and a set', ['HKEYS', 'k'], '*1\r\n$1\r\na\r\n', '~1\r\n$1\r\na\r\n'],
  ])('sees %s of a command that has no reply form for it', (_, args, resp2, resp3) => {
    expect(differencesOf(args, Buffer.from(resp2), Buffer.from(resp3)).differences).not.toEqual([])
  })
})
