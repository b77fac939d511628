import { allowsReplay } from '../../../src/commands/retry.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { Call, ReplicaRead } from './calls.js'
import type { FinishedRun } from './invariants.js'
import type { SimulatedServer } from './servers.js'

/** Milliseconds for what is not waiting: connecting to a master, the way there and back. */
const slack = 250

/** From then on, in milliseconds, the client knows all nodes. */
const warmUp = 1_000

const isRange = ({ kind }: Call): boolean => kind === 'range' || kind === 'ranges'

const isForReplica = (call: Call): boolean => isRange(call) && call.readsFrom === 'replica'

/** Whether a call only reads keys, and so may be sent to a replica. */
export const isForReading = (call: Call): boolean => call.kind === 'read' || isRange(call)

const titleOf = ({ number, kind, keys }: Call): string => `#${number} ${kind} ${keys}`

/** Milliseconds that a call may wait for a replica that is silent. Silence is looked for four times in `suspectAfter`. */
export function patienceOf(call: Call, { replicaFaults, settings }: FinishedRun): number {
  return isForReading(call) && replicaFaults.mayLoseReads ? settings.suspectAfter * 1.25 : 0
}

/** Whether a read was rejected because its replica was lost, and it may not be sent to the master after that. */
export function isLostWithReplica(call: Call, { replicaFaults, settings }: FinishedRun): boolean {
  if (!isForReading(call) || !replicaFaults.mayLoseReads || call.error?.code !== 'CONNECTION_LOST') return false
  return !allowsReplay(call.policy, 'read') || settings.maxAttempts === 1
}

/** Checks what must hold of reads, wherever they are answered. */
export function checkReads(run: FinishedRun): void {
  for (const call of run.calls.all) {
    if (!isRange(call)) continue
    checkValue(call, run)
    checkFallback(call, run)
    checkLostMaster(call, run)
  }
  checkUse(run)
  checkChoice(run)
}

/** A read returns what its keys had at some time, at one server. */
function checkValue(call: Call, { calls, faults, tally, violation }: FinishedRun): void {
  const { kind, keys, runs, settled, value } = call
  if (settled !== 'resolved') return
  const values = (kind === 'range' ? [value] : value) as readonly (readonly string[])[]
  const read = keys.slice(0, values.length)
  const texts = values.map((list) => list.join())
  read.forEach((key, index) => {
    const text = texts[index] as string
    tally.note('invariant: a read returns what its key had')
    if (text !== '' && calls.lists.get(key)?.has(text) !== true) violation(`${titleOf(call)} read ${key} as ${text}`)
    const answers = runs.filter((each) => each.key === key && textOf(each.reply) === text)
    if (answers.length === 0) violation(`${titleOf(call)} got a reply to another command: ${text}`)
    tally.note('invariant: a read is answered by who has its slot')
    if (!answers.some(({ isHolder }) => isHolder))
      violation(`${titleOf(call)} was answered by ${answers[0]?.server.name}, which does not have its slot`)
  })
  // While a slot moves key by key, one of the keys may have moved.
  if (kind !== 'ranges' || faults.hasMigrations) return
  tally.note('invariant: what a transaction reads is of one moment')
  if (texts[0] !== texts[1]) violation(`${titleOf(call)} read two states: ${texts.join(' and ')}`)
}

/** No replica that fails holds a read up for long, or loses it. */
function checkFallback(call: Call, run: FinishedRun): void {
  const { faults, settings, tally, violation } = run
  const { calledAt, settledAt, settled, timeout, wires, error } = call
  if (!isForReplica(call) || timeout > 0 || settings.endsEarly || calledAt < warmUp) return
  if (!faults.hasOnly('slow')) return
  if (wires.size > 1) tally.note('invariant: reads outlive their replica')
  if (settled !== 'resolved' && !isLostWithReplica(call, run) && !faults.has('slow connections'))
    violation(`${titleOf(call)} was lost with its replica: ${error?.message}`)
  if (!faults.hasOnly()) return
  if (wires.size > 1) tally.note('invariant: a silent replica holds nobody up')
  const took = settledAt - calledAt
  if (took > patienceOf(call, run) + slack) violation(`${titleOf(call)} took ${took} ms, because of a replica`)
}

/** While its master is lost, a replica goes on to answer. */
function checkLostMaster(call: Call, { calls, faults, replicaFaults, settings, tally, violation }: FinishedRun): void {
  const { failedAt, replacedAt } = faults
  const { keys, calledAt, settledAt, timeout } = call
  if (failedAt === undefined || replacedAt === undefined || !faults.hasOnly('kill', 'stop', 'isolate')) return
  if (!replicaFaults.hasOnly('behind') || !isForReplica(call) || timeout > 0 || settings.endsEarly) return
  const slot = slotOfKey(keys[0] as string)
  if (!faults.victimSlots.has(slot) || calledAt < failedAt || calledAt > replacedAt - slack) return
  const isSuch = ({ isCopy, at, key }: Call['runs'][number]): boolean =>
    isCopy && at < failedAt && faults.victimSlots.has(slotOfKey(key))
  const isReaderReady = calls.all.some(({ runs }) => runs.some(isSuch))
  if (!isReaderReady) return
  tally.note('invariant: reads go on while their master is lost')
  if (call.settled !== 'resolved' || settledAt - calledAt > slack || !call.runs.every(({ isCopy }) => isCopy))
    violation(`${titleOf(call)} took ${settledAt - calledAt} ms, as its master was lost, and its replica was well`)
}

/** Where nothing happens to anybody, reads are sent to replicas once these are connected. */
function checkUse({ calls, servers, faults, replicaFaults, reading, tally, violation }: FinishedRun): void {
  if (!reading.isUsed || !faults.hasOnly() || !replicaFaults.hasOnly('behind')) return
  /** Of each master: when reads of its slots were called. */
  const times = new Map<SimulatedServer, number[]>()
  for (const call of calls.all) {
    const { keys, runs, calledAt, settled } = call
    if (!isForReplica(call) || calledAt < warmUp || settled !== 'resolved') continue
    const master = servers.ownerOf(slotOfKey(keys[0] as string)) as SimulatedServer
    const earlier = times.get(master) ?? []
    times.set(master, [...earlier, calledAt])
    // The first one loads the code, and the second one opens the connection.
    if (calledAt < (earlier[2] ?? Infinity) + 500) continue
    tally.note('invariant: reads go to a replica that is well')
    if (!runs.every(({ isCopy }) => isCopy)) violation(`${titleOf(call)} was answered by a master, without a reason`)
  }
}

/**
 * The replica of a master is used as long as it is well, so that reads don't go back in time. The order is that in which the client
 * writes: what it wrote to a replica that it has left since may still be run there, after reads at the next one, and nobody gets
 * the reply.
 */
function checkChoice({ calls, faults, replicaFaults, tally, violation }: FinishedRun): void {
  if (!faults.hasOnly()) return
  const last = new Map<SimulatedServer | undefined, ReplicaRead>()
  for (const each of calls.replicaReads) {
    const { call, replica, at } = each
    const before = last.get(replica.follows) ?? each
    last.set(replica.follows, each)
    tally.note('invariant: the replica of a master is not changed without a reason')
    if (replica !== before.replica && !replicaFaults.mayBeLeft(before.replica, before.at, at))
      violation(`${titleOf(call)} was sent to ${replica.name}, after ${before.replica.name} and without a reason`)
  }
}

function textOf(reply: Call['runs'][number]['reply']): string {
  if (reply.type !== 'array') return reply.type
  return reply.items.map((item) => (item.type === 'bulk' ? String(item.value) : item.type)).join()
}
