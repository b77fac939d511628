import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeCatalogue, lookup } from '../../src/commands/catalogue.js'
import { keyPositions, positionsOf } from '../../src/commands/key-positions.js'
import { slotCount, slotOf, slotOfKey } from '../../src/commands/slots.js'
import { type Argument, ErrorReply, type Reply } from '../../src/protocol/types.js'
import { callOf, type Form, readForms } from '../classes/forms.js'
import { World } from '../classes/world.js'
import { Chance } from '../simulation/chance.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'
import { Wire } from '../support/wire.js'

const forms: Form[] = [
  ...readForms('forms.txt'),
  // What the oracle can't run, and odd forms.
  ...[
    'WATCH {s} {s}',
    'EVALSHA abc [2|1] {s} {s} {v}',
    'XREADGROUP GROUP STREAMS STREAMS COUNT 1 STREAMS {X} {X} > >',
    'XREAD BLOCK 5 COUNT 1 STREAMS {X} {X} {X} 0 0 0',
    'SORT {L} STORE {L} GET STORE STORE {L}',
    'SORT {L} LIMIT 0 2 BY STORE STORE {L}',
    'MIGRATE h 1 {s} 0 5 AUTH2 KEYS KEYS',
    "MIGRATE h 1 '' 0 5 AUTH2 u KEYS COPY KEYS {s} {s}",
    'GEORADIUSBYMEMBER {G} STORE 5 km STOREDIST {G} STORE {G}',
    'GEORADIUS {G} 1 2 3 km COUNT 5 ANY ASC STORE {G} STORE {G}',
    'DEBUG OBJECT {s}',
    'PFSELFTEST',
    'SHUTDOWN [NOSAVE|ABORT]',
    'CLUSTER KEYSLOT {s}',
    'SPUBLISH {s} x',
    'CLIENT TRACKING ON BCAST PREFIX {s}',
  ].map((text) => ({ text, words: text.split(' ') })),
]

describe.each(serverPrograms().map((program) => [nameOf(program), program] as const))('keys by %s', (_, program) => {
  let server: TestServer
  let wire: Wire
  let world: World
  beforeAll(async () => {
    server = await startServer(program)
    wire = await Wire.open(server.port)
    world = await World.open(server.port)
    await world.build(new Chance(1))
  })
  afterAll(async () => {
    wire.close()
    world.close()
    await server.stop()
  })

  it('are where COMMAND GETKEYS says, of every form', async () => {
    const wrong: string[] = []
    const checked = new Set<string>()
    for (const form of forms) {
      for (let seed = 0; seed < 12; seed += 1) {
        const chance = new Chance(seed)
        const args = callOf(form, chance, world.fillBy(chance))
        const reply = await wire.send('COMMAND', 'GETKEYS', ...args)
        const told = keysTold(reply)
        // A command that this server has not, or arguments that it refuses.
        if (told === undefined) continue
        const { name, keys } = lookup(args)
        checked.add(name)
        if (keys === 'unknown') continue
        const known = positionsOf(keys, args).map((position) => String(args[position]))
        // Of several STORE and STOREDIST servers name all, the first or the last: here all count.
        const isSame = name.startsWith('GEORADIUS')
          ? told.every((key) => known.includes(key))
          : known.join(' ') === told.join(' ')
        if (!isSame) wrong.push(`${args.join(' ')}: told ${told}, known ${known}`)
      }
    }
    expect([...new Set(wrong)]).toEqual([])
    expect(checked.size).toBeGreaterThan(250)
    console.log(`${nameOf(program)}: keys of ${checked.size} commands checked`)
  })

  it('are checked of every command that the server says has keys', async () => {
    const withForms = new Set(
      forms.flatMap((form) => [0, 1, 2, 3].map((seed) => lookup(callOf(form, new Chance(seed), () => 'x')).name)),
    )
    const names = [...decodeCatalogue().values()].filter(({ keys }) => keys !== undefined).map(({ name }) => name)
    const missing: string[] = []
    for (const name of names) {
      if (withForms.has(name)) continue
      const [info] = (await wire.send('COMMAND', 'INFO', name.replace(' ', '|'))) as Reply[]
      if (info !== null) missing.push(name)
    }
    expect(missing).toEqual([])
  })
})

/** The keys; undefined where the server does not know. */
function keysTold(reply: Reply): string[] | undefined {
  if (!(reply instanceof ErrorReply)) return (reply as Reply[]).map(String)
  return /no key arguments/i.test(reply.message) ? [] : undefined
}

describe('a code of key positions', () => {
  it.each<[string, string, number[]]>([
    ['1', 'GET k', [1]],
    ['1', 'GET', []],
    ['1:2', 'RENAME a b', [1, 2]],
    ['1:-1:2', 'MSET a 1 b 2', [1, 3]],
    ['1:-2', 'BLPOP a b 0', [1, 2]],
    ['#2', 'EVAL s 2 a b c', [3, 4]],
    ['#1*2', 'MSETEX 2 a 1 b 2', [2, 4]],
    ['#1*2', 'MSETEX 9 a 1 b 2', [2, 4]],
    ['1+#2', 'ZUNIONSTORE d 2 a b', [1, 3, 4]],
    ['', 'PING', []],
  ])('%s: %s', (code, line, expected) => {
    expect(positionsOf(keyPositions(code), line.split(' '))).toEqual(expected)
  })
})

describe('slots', () => {
  let server: TestServer
  let wire: Wire
  beforeAll(async () => {
    server = await startServer(serverPrograms()[0] as string, ['--cluster-enabled', 'yes'])
    wire = await Wire.open(server.port)
  })
  afterAll(async () => {
    wire.close()
    await server.stop()
  })

  it('are those of CLUSTER KEYSLOT', async () => {
    const chance = new Chance(7)
    const letters = ['a', '{', '}', 'é', '0', '\u0000', 'foo', '{}', '{{', '}}']
    const random = (): string => Array.from({ length: chance.between(0, 8) }, () => chance.pick(letters)).join('')
    const keys: Argument[] = [
      '123456789',
      '',
      '{user1000}.following',
      'foo{}{bar}',
      'foo{{bar}}zap',
      'foo{bar}{zap}',
      17,
    ]
    for (let i = 0; i < 500; i += 1) keys.push(random())
    keys.push(Buffer.from([0xff, 0x7b, 0xfe, 0x7d]))
    const told = await Promise.all(keys.map((key) => wire.send('CLUSTER', 'KEYSLOT', key)))
    expect(keys.map(slotOfKey)).toEqual(told)
  })

  it.each([
    ['GET foo', 12_182],
    ['MGET {a}1 {a}2', 15_495],
    ['MGET foo bar', 'cross'],
    ['PING', 'none'],
    ['DBSIZE', 'none'],
    ['EVAL s 0 foo', 'none'],
    ['EVAL s 2 {foo}a {foo}b', 12_182],
    ['SPUBLISH foo x', 12_182],
    ['PUBLISH foo x', 'none'],
    ['NO.SUCH foo bar', 12_182],
    ['NO.SUCH', 'none'],
    ['DEBUG SLEEP 0', 'none'],
    ['KEYS foo', 'none'],
    ['XREAD STREAMS {foo}a bar 0 0', 'cross'],
  ])('of %s: %s', (line, slot) => {
    const args = line.split(' ')
    expect(slotOf(lookup(args), args)).toBe(slot)
  })

  it('are from 0 to 16383', () => {
    expect(slotCount).toBe(16_384)
  })
})
