import { slotOfKey } from '../../../src/commands/slots.js'
import { type Call, lists, pairs, type Run } from './calls.js'
import type { FinishedRun } from './invariants.js'
import { isForReading } from './read-invariants.js'
import type { GivenUpMove } from './servers.js'

/**
 * Whether the owner has redirected a call to a node that imported the slot, and this node ran it after the import was given up: it
 * got the slot later, before it got the call. The reply of the owner may arrive long after the end of the import. So what counts is
 * what the client knew: when it wrote the call, it had no reply to a later one that changed the key. Nobody can take back what is
 * on its way.
 */
function wasOnItsWay(call: Call, key: string, { calls, servers }: FinishedRun): boolean {
  const { number, writtenAt, redirectedAt } = call
  const changesKey = (run: Run): boolean => run.key === key
  const run = call.runs.filter(changesKey).at(-1)
  const isFromMove = ({ slot, to, beganAt, importedUntil, redirectedUntil }: GivenUpMove): boolean =>
    slot === slotOfKey(key) &&
    to === run?.server &&
    beganAt <= redirectedAt &&
    redirectedAt <= redirectedUntil &&
    importedUntil < run.at
  if (!servers.givenUp.some(isFromMove)) return false
  const isKnown = (later: Call): boolean => later.settledAt <= writtenAt && later.error?.fate !== 'unknown'
  return !calls.all.slice(number + 1).some((each) => isKnown(each) && !isForReading(each) && each.runs.some(changesKey))
}

/** Effects on each key are in the order of the calls. @returns how many acknowledged ones are not there */
export function checkOrder(run: FinishedRun): number {
  const { calls, servers, faults, tally, violation } = run
  let lost = 0
  for (const key of [...lists, ...pairs.flat()]) {
    const owner = servers.ownerOf(slotOfKey(key))
    const list = (owner?.model.store.database(0).read(key, 'list') ?? []).map((item) => Number(String(item)))
    const last = new Map(list.map((number, position) => [number, position]))
    let latest = -1
    for (const call of calls.all) {
      const { number, settled, keys } = call
      if (isForReading(call) || !keys.includes(key) || settled !== 'resolved') continue
      const position = last.get(number)
      if (!faults.mayLose) tally.note('invariant: what is acknowledged is kept')
      if (position === undefined) {
        lost += 1
        // A server that imports the slot again runs the call at once, and gets the key afterwards, in place of what it has.
        if (!faults.mayLose && !wasOnItsWay(call, key, run))
          violation(`#${number} was acknowledged, and is lost on ${key}, and no server failed`)
        continue
      }
      if (position < latest) violation(`#${number} took effect on ${key} before a call that was made earlier`)
      if (!wasOnItsWay(call, key, run)) latest = Math.max(latest, position)
      tally.note('invariant: effects come in the order of the calls')
    }
  }
  return lost
}
