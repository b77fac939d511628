import type { Effect } from '../effects.js'
import { inWords } from '../in-words.js'
import { invoke } from '../invoke.js'
import { anyUnsendable } from '../values.js'
import type { CallMaker } from '../world.js'

/** A blocking command must get the element that was pushed for it, and no other. */
export const pushAndPop: CallMaker = ({ client, giveUp, isRough }, _, token) => ({
  title: `rpush('queue:${token}'), blpop('queue:${token}', 0)`,
  command: 'BLPOP',
  mayWait: isRough,
  start: async () => {
    const popped = client.with({ signal: giveUp }).blpop(`queue:${token}`, 0)
    popped.catch(() => {})
    await client.rpush(`queue:${token}`, token).catch(() => {})
    return popped
  },
  judge: (outcome) => {
    if (outcome.kind !== 'resolved') return undefined
    const [, element] = (outcome.value ?? []) as string[]
    return element === token ? undefined : `got ${inWords(outcome.value)}`
  },
})

/** Blocking commands with wrong time limits or keys. */
export const misusedWait: CallMaker = ({ client, giveUp, keyPrefix }, chance, token) => {
  const { title, given } = anyUnsendable(chance, token)
  const view = client.with({ signal: giveUp })
  const effect: Effect = { key: `${keyPrefix}list:${token}`, kind: 'list', bytes: undefined, most: 0 }
  const [what, start] = chance.pick<readonly [string, () => unknown]>([
    ['blpop(key, it)', () => invoke(view, 'blpop', 'nothing', given)],
    ['blpop([key, it], 0)', () => invoke(view, 'blpop', ['nothing', given], 0)],
    ["call('BLPOP', key, it)", () => invoke(view, 'call', 'BLPOP', 'nothing', given)],
    [
      "call('XREAD', 'BLOCK', it, 'STREAMS', key, '0')",
      () => invoke(view, 'call', 'XREAD', 'BLOCK', given, 'STREAMS', 'nothing', '0'),
    ],
    ["call('BLMPOP', it, 1, key, 'LEFT')", () => invoke(view, 'call', 'BLMPOP', given, 1, 'nothing', 'LEFT')],
    ['blmove(key, key, it, it, 0)', () => invoke(view, 'blmove', 'nothing', 'nothing', given, given, 0)],
  ])
  return { title: `${what}: ${title}`, start, mayWait: true, effects: [effect] }
}
