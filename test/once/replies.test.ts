import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readKnowledge } from '../../scripts/generate/knowledge.js'
import { lookup, retryClassOf } from '../../src/commands/catalogue.js'
import { createClient } from '../../src/index.js'
import { onceRefusal } from '../../src/once/permitted.js'
import type { Argument } from '../../src/protocol/types.js'
import { callOf, readForms } from '../classes/forms.js'
import { startForOracle } from '../classes/servers.js'
import { World } from '../classes/world.js'
import { Chance } from '../simulation/chance.js'
import { nameOf, sampleOfPrograms, serverPrograms, type TestServer } from '../support/server.js'

/** What the plain command replies, and what it replies once, twice: of every form of a command that may run once. */

const knowledge = new Map(readKnowledge().map((one) => [one.name, one]))

/** Random replies, and times of the server's clock. */
const varies = (name: string): boolean => name === 'XADD' || knowledge.get(name)?.more.has('reply-varies') === true

const programs = serverPrograms()
const cases = sampleOfPrograms().flatMap((program) =>
  ([2, 3] as const).map((protocol) => ({
    name: nameOf(program),
    program,
    number: programs.indexOf(program),
    protocol,
  })),
)

describe.each(cases)('Replies of $name by RESP$protocol', ({ program, number, protocol }) => {
  let server: TestServer
  let world: World
  const connect = () => createClient(server.url, { protocol, buffers: true })
  let client: ReturnType<typeof connect>
  beforeAll(async () => {
    server = await startForOracle(program)
    world = await World.open(server.port)
    client = connect()
  })
  afterAll(async () => {
    world.close()
    client.destroy()
    await server.stop()
  })

  it('are the same once as without, at the first try and at the second', async () => {
    const wrong: string[] = []
    let compared = 0
    for (const [index, form] of readForms('forms.txt').entries()) {
      // Each server takes its part of the forms: two protocols for each, so that `npm run test:full` tries all with both.
      if (index % programs.length !== number) continue
      const replies: unknown[] = []
      let args: readonly Argument[] = []
      for (const scoped of [client, client.with({ once: `id-${index}` }), client.with({ once: `id-${index}` })]) {
        // The same state and call for the plain command and the first try; the second one finds the receipt.
        const chance = new Chance(index)
        if (replies.length < 2) await world.build(chance)
        else await world.wire.send('SET', 'unrelated', 1)
        if (replies.length < 2) args = callOf(form, chance, world.fillBy(chance))
        const descriptor = lookup(args)
        const isExcluded = retryClassOf(descriptor, args) === 'read' || descriptor.changesConnection !== undefined
        if (isExcluded || onceRefusal(descriptor, args) !== undefined) break
        const [name, ...others] = args as [string, ...Argument[]]
        replies.push(await scoped.call(name, ...others).catch((error: Error) => ({ error: error.message })))
      }
      if (replies.length < 3) continue
      compared += 1
      const [plain, first, second] = replies.map(comparable)
      const line = args.join(' ').slice(0, 80)
      if (first !== second) wrong.push(`${line}: first ${first}, then ${second}`)
      if (plain !== first && !varies(lookup(args).name)) wrong.push(`${line}: plain ${plain}, once ${first}`)
    }
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(30)
  }, 60_000)
})

/** As text: bytes as Latin-1. Of errors of scripts, the text of a check of arguments differs. */
function comparable(reply: unknown): string {
  return JSON.stringify(reply, (_, value) => {
    if (typeof value === 'bigint') return `${value}n`
    if (value?.type === 'Buffer') return Buffer.from(value.data).toString('latin1')
    if (typeof value?.error !== 'string') return value
    if (/^ERR (unknown|Unknown|wrong number|Wrong number)/.test(value.error)) return 'ERR unknown command or arguments'
    return value.error
  })
}
