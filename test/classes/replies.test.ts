import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readKnowledge } from '../../scripts/generate/knowledge.js'
import { lookup } from '../../src/commands/catalogue.js'
import { ErrorReply, type Reply, textMode } from '../../src/protocol/types.js'
import { Chance } from '../simulation/chance.js'
import { nameOf, serverPrograms, type TestServer } from '../support/server.js'
import { Wire } from '../support/wire.js'
import { callOf, readForms } from './forms.js'
import { startForOracle } from './servers.js'
import { World } from './world.js'

/** The reply forms of knowledge.txt: after the transform, a reply has one form by RESP2 and RESP3, unless `differs` is said. */

const formOf = new Map(readKnowledge().map(({ name, reply }) => [name, reply]))
const programs = serverPrograms()

describe.each(programs.map((program) => [nameOf(program), program] as const))('reply forms of %s', (_, program) => {
  let server: TestServer
  let world: World
  let wires: readonly Wire[]
  beforeAll(async () => {
    server = await startForOracle(program)
    world = await World.open(server.port)
    wires = [await Wire.open(server.port), await Wire.open(server.port, { protocol: 3 })]
  })
  afterAll(async () => {
    world.close()
    for (const wire of wires) wire.close()
    await server.stop()
  })

  it('are the same by RESP2 and RESP3, where they are said to be', async () => {
    const wrong: string[] = []
    for (const [index, form] of readForms('forms.txt').entries()) {
      if (index % programs.length !== programs.indexOf(program)) continue
      const shapes: string[] = []
      let line = ''
      let name = ''
      for (const wire of wires) {
        // The same state and call for both.
        const chance = new Chance(index)
        await world.build(chance)
        const args = callOf(form, chance, world.fillBy(chance))
        const { transform, ...descriptor } = lookup(args)
        const reply = await wire.send(...args)
        const given = reply instanceof ErrorReply || transform === undefined ? reply : transform(reply, textMode)
        shapes.push(JSON.stringify(shapeOf(given as Reply)))
        name = descriptor.name
        line = args.join(' ').slice(0, 80)
      }
      const [byResp2, byResp3] = shapes
      if (formOf.get(name) !== 'differs' && byResp2 !== byResp3) wrong.push(`${line}: ${byResp2} and ${byResp3}`)
    }
    expect(wrong).toEqual([])
  }, 60_000)
})

/** What kinds of values stand where; of an array, which kinds it has. */
function shapeOf(value: Reply): unknown {
  if (value === null) return 'null'
  // Whether it is an error may depend on the moment (BGSAVE); its text says the same by both.
  if (value instanceof ErrorReply) return 'string'
  if (Array.isArray(value)) return [...new Set(value.map((element) => JSON.stringify(shapeOf(element))))].sort()
  if (typeof value !== 'object') return typeof value
  return Object.entries(value).map(([key, element]) => [key, shapeOf(element as Reply)])
}
