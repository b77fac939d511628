import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import type { TestServer } from '../support/server.js'
import { nameOf, sampleOfPrograms, serverPrograms } from '../support/server.js'
import { readForms } from './forms.js'
import { tryForm } from './oracle.js'
import { startForOracle } from './servers.js'
import { World } from './world.js'

/** A sample of `npm run test:classes`: of every form one call, on the servers in turn; by default only on one of them. */
const programs = serverPrograms()

describe.each(sampleOfPrograms())('no class is milder than what is seen: %s', (program) => {
  let server: TestServer
  let world: World
  beforeAll(async () => {
    server = await startForOracle(program)
    world = await World.open(server.port)
  })
  afterAll(async () => {
    world.close()
    await server.stop()
  })

  it(`by one call of every ${programs.length}th form (${nameOf(program)})`, async () => {
    const own = readForms('forms.txt').filter((_, index) => index % programs.length === programs.indexOf(program))
    const wrong: string[] = []
    /** Calls that the server did not refuse. */
    let ran = 0
    for (const [seed, form] of own.entries()) {
      const { call, contradiction, isError } = await tryForm(world, form, seed)
      if (!isError) ran += 1
      if (contradiction !== undefined) wrong.push(`seed ${seed}: ${call}: ${contradiction}`)
    }
    expect(wrong).toEqual([])
    expect(ran).toBeGreaterThan(50)
  }, 60_000)
})

describe('the oracle', () => {
  let server: TestServer
  let world: World
  beforeAll(async () => {
    server = await startForOracle(programs[0] as string)
    world = await World.open(server.port)
  })
  afterAll(async () => {
    world.close()
    await server.stop()
  })

  it.each([
    ['INCR n1', 'unsafe'],
    ['RENAME s1 s2', 'convergent'],
    ['SADD S1 x y', 'convergent'],
    ['SET s9 v', 'idempotent'],
    ['GET n1', 'read'],
    ['XTRIM XL MAXLEN ~ 10 LIMIT 100', 'unsafe'],
    ['SDIFFSTORE S1 S2 S1', 'unsafe'],
  ])('sees what running %s twice does', async (text, expected) => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 12; seed += 1)
      seen.add((await tryForm(world, { text, words: text.split(' ') }, seed)).seen)
    expect([...seen]).toContain(expected)
  })

  it('contradicts a class that is too mild', async () => {
    const descriptor = lookup(['INCR']) as { retryClass: unknown }
    const truth = descriptor.retryClass
    descriptor.retryClass = 'idempotent'
    try {
      const { contradiction } = await tryForm(world, { text: '', words: ['INCR', 'n2'] }, 1)
      expect(contradiction).toMatch(/^idempotent, but unsafe: 0\/n2/)
    } finally {
      descriptor.retryClass = truth
    }
  })
})
