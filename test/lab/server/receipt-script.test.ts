import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServerModel } from '../../../lab/server/model.js'
import { onceSource, onceSourceFor, receiptSource } from '../../../src/once/receipt-script.js'
import { Decoder } from '../../../src/protocol/decoder.js'
import { Encoder } from '../../../src/protocol/encoder.js'
import { type Argument, type Reply, textMode } from '../../../src/protocol/types.js'
import { Chance } from '../../simulation/chance.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../../support/server.js'
import { Wire } from '../../support/wire.js'

/** The model of the script in JavaScript, and the script in Lua on real servers, step by step with the same calls. */

const heads = ['1aaaaaaaaaaaaaaaaaaaaaa', '1bbbbbbbbbbbbbbbbbbbbbb']

/** Sends to the model. */
function modelOf(model: ServerModel): (...args: readonly Argument[]) => Reply {
  const session = model.connect()
  return (...args) => {
    const encoder = new Encoder()
    encoder.append(args)
    let reply: Reply = null
    const decoder = new Decoder({
      modeOfNext: () => textMode,
      onReply: (value) => {
        reply = value
      },
      onPush: () => undefined,
    })
    for (const chunk of encoder.take()) for (const said of session.receive(chunk)) decoder.decode(said)
    return reply
  }
}

type Kind = '' | 'g' | 'h' | 'u'

/** A command with its kind. */
function anyCommand(chance: Chance): readonly [kind: Kind, name: string, ...args: Argument[]] {
  return chance.pick([
    ['g', 'INCR', 'n'],
    ['g', 'INCRBY', 'n', '9007199254740990'],
    ['', 'DECR', 'd'],
    ['', 'RPUSH', 'l', 'a', 'é'],
    ['', 'LPOP', 'l'],
    ['', 'LRANGE', 'l', 0, -1],
    ['', 'GET', 'none'],
    ['', 'HSET', 'h', 'g', 1],
    ['', 'INCR', 's'],
    ['u', 'INCR', 's'],
    ['', 'NOSUCH', 'x'],
    ['', 'DEL', 'n', 'l', 'h'],
    ['', 'FLUSHALL'],
    ['', 'ZADD', 'z', 1, 'm'],
  ] as const)
}

function anyCall(chance: Chance, now: number): readonly Argument[] {
  const receipt = chance.pick(['r1', 'r2', 'r3'])
  if (chance.happens(0.05)) return ['SET', receipt, chance.pick(heads)]
  if (chance.happens(0.05)) return ['DEL', receipt]
  if (chance.happens(0.05)) return ['LPUSH', receipt, 'x']
  if (chance.happens(0.1)) return ['EVAL_RO', receiptSource, 1, receipt, 23]
  if (chance.happens(0.1)) return ['SET', 's', 'text']
  const latest = now + chance.pick([-5_000, 100_000, 200_000])
  const head = chance.happens(0.8) ? '1aaaaaaaaaaaaaaaaaaaaaa' : '1bbbbbbbbbbbbbbbbbbbbbb'
  const common: Argument[] = ['EVAL', onceSource(), 1, receipt, latest, head]
  if (chance.happens(0.6)) {
    const [kind, name, ...args] = anyCommand(chance)
    const [key, ...rest] = args
    if (kind === 'u' || key === undefined || chance.happens(0.5)) return [...common, kind, name, ...args]
    return ['EVAL', onceSourceFor(String(name), kind), 2, receipt, key, latest, head, ...rest]
  }
  const commands = Array.from({ length: chance.between(1, 3) }, () => anyCommand(chance))
  return [...common, 'm', ...commands.flatMap(([kind, ...args]) => [args.length, kind, ...args])]
}

describe.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))(
  'The model of the script, beside $name,',
  ({ program }) => {
    let server: TestServer
    let wire: Wire
    beforeAll(async () => {
      server = await startServer(program)
      wire = await Wire.open(server.port)
    })
    afterAll(async () => {
      wire.close()
      await server.stop()
    })

    it('answers as the script does, in schedules of 60 seeds', async () => {
      for (let seed = 0; seed < 60; seed += 1) {
        await wire.send('FLUSHALL')
        const chance = new Chance(seed)
        const now = Date.now()
        const send = modelOf(new ServerModel({ now: () => now }))
        for (let step = 0; step < 20; step += 1) {
          const args = anyCall(chance, now)
          const [wanted, got] = [await wire.send(...args), send(...args)]
          const shown = args.filter((arg) => !String(arg).includes('\n')).join(' ')
          expect(comparable(got), `seed ${seed}, step ${step}: ${shown}`).toBe(comparable(wanted))
        }
      }
    })
  },
)

/** Errors of a check of arguments have other texts in scripts, and errors that a script raises say where. */
function comparable(reply: Reply): string {
  const text = JSON.stringify(reply, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  return text.replace(/ERR [uU]nknown (Redis )?command[^"]*/g, 'ERR unknown command').replace(/ script: [^"]*/g, '')
}
