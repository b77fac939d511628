import { script } from '../../../src/index.js'
import type { Chance } from '../chance.js'
import { type Maker, type Operation, operationError } from './operation.js'
import { judgeTransactionError } from './transactions.js'

/** Keys that several calls change: the effects on each must come in the order of the calls. */
const lists = ['order:list:0', 'order:list:1'] as const
const registers = ['order:register:0', 'order:register:1'] as const
const hashes = ['order:hash'] as const

/** Whether the effects on a key are compared with the order of the calls. */
export const isOrdered = (key: string): boolean => key.startsWith('order:')

const appends = script<number>("return redis.call('RPUSH', KEYS[1], ARGV[1])")

const isLength = (reply: unknown): string | undefined =>
  Number.isInteger(reply) && (reply as number) >= 1 ? undefined : `got ${JSON.stringify(reply)}, and no length`

const isOk = (reply: unknown): string | undefined => (reply === 'OK' ? undefined : `got ${JSON.stringify(reply)}`)

/** Commands of the shared connection on keys that they have in common. */
export const orderedMakers: readonly Maker[] = [
  (mark, chance) => onKey(chance, lists, 'RPUSH', 'unsafe', mark, isLength),
  (mark, chance) => onKey(chance, registers, 'SET', 'idempotent', mark, isOk),
  (mark, chance) => ({
    ...onKey(chance, hashes, 'HSET', 'convergent', mark, (reply) =>
      reply === 0 || reply === 1 ? undefined : 'got no count',
    ),
    call: ({ view }) => view.call('HSET', hashes[0], 'field', mark),
    judgeRun: (args) => operationError(args, ['HSET', hashes[0], 'field', mark]),
  }),
  (mark, chance) => {
    const list = chance.pick(lists)
    const register = chance.pick(registers)
    return {
      kind: 'MULTI on common keys',
      title: `MULTI RPUSH ${list} ${mark} SET ${register} ${mark} EXEC`,
      retryClass: 'unsafe',
      call: ({ view }) => view.multi().call('RPUSH', list, mark).call('SET', register, mark).exec(),
      judge: (reply) => {
        const [length, ok] = reply as unknown[]
        return isLength(length) ?? isOk(ok)
      },
      judgeError: judgeTransactionError(2),
    }
  },
  (mark, chance) => {
    const list = chance.pick(lists)
    return {
      kind: 'script on a common key',
      title: `EVALSHA: RPUSH ${list} ${mark}`,
      retryClass: 'unsafe',
      runsUserCode: true,
      call: ({ view }) => view.run(appends, [list], [mark]),
      judge: isLength,
    }
  },
]

function onKey(
  chance: Chance,
  keys: readonly string[],
  name: string,
  retryClass: Operation['retryClass'],
  mark: string,
  judge: (reply: unknown) => string | undefined,
): Operation {
  const key = chance.pick(keys)
  return {
    kind: `${name} on a common key`,
    title: `${name} ${key} ${mark}`,
    retryClass,
    call: ({ view }) => view.call(name, key, mark),
    judge,
    judgeRun: (args) => operationError(args, [name, key, mark]),
  }
}
