import { allowsReplay } from '../../../src/commands/retry.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { Part, PartialError } from '../../../src/errors.js'
import type { Tally } from '../tally.js'
import { type Call, type Calls, staticKeys } from './calls.js'
import type { Faults } from './faults.js'
import { checkOrder } from './order-invariants.js'
import { checkReads, isForReading, isLostWithReplica, patienceOf } from './read-invariants.js'
import type { Reading } from './reading.js'
import type { ReplicaFaults } from './replica-faults.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/** Milliseconds that gossip takes at most, and some more. */
export const gossip = 400

/** Milliseconds after which the client asks the next seeds, if the first ones are silent. */
const stagger = 200

/** The settings of one run. */
export interface RunSettings {
  readonly maxAttempts: number
  readonly queueTimeout: number
  readonly suspectAfter: number
  /** The client is closed before all has settled. */
  readonly endsEarly: boolean
}

/** A run, and all that is known of it. */
export interface FinishedRun {
  readonly calls: Calls
  readonly servers: SimulatedServers
  /** The servers that are at the addresses of the seeds at first. */
  readonly seedServers: readonly SimulatedServer[]
  /** Before them, there is a seed that says nothing. */
  readonly hasMuteSeed: boolean
  /** When a server first told the client which nodes there are; until then, it knows only the seeds. */
  readonly viewedAt: number
  /** When a second server first did so, if one has. */
  readonly viewedAgainAt: number
  readonly faults: Faults
  readonly replicaFaults: ReplicaFaults
  readonly reading: Reading
  readonly settings: RunSettings
  readonly tally: Tally
  violation(text: string): void
}

/** Checks what must hold of the calls of a run. @returns how many were acknowledged and thrown away by the servers */
export function checkCalls(run: FinishedRun): number {
  for (const call of run.calls.all) {
    checkFate(call, run)
    checkRejection(call, run)
    checkWait(call, run)
    if (call.kind === 'split') checkParts(call, run)
    if (call.kind === 'cross') checkRefusal(call, run)
    if (call.kind === 'scan') checkScan(call, run)
  }
  checkReads(run)
  return checkOrder(run)
}

const titleOf = ({ number, kind, keys }: Call): string => `#${number} ${kind} ${keys}`

/** How often it ran: each time, its first key was touched. */
const runsOf = ({ runs, keys }: Call): number => runs.filter(({ key }) => key === keys[0]).length

/** Its error may be its own word: what follows is another attempt. */
const isScript = ({ kind }: Call): boolean => kind === 'script' || kind === 'pretence'

const retryClassOf = (call: Call): 'idempotent' | 'read' | 'unsafe' => {
  const { kind } = call
  if (isForReading(call) || kind === 'scan') return 'read'
  return kind === 'mset' || kind === 'split' || kind === 'cross' ? 'idempotent' : 'unsafe'
}

/** What the caller was told, beside what servers have run. */
function checkFate(call: Call, run: FinishedRun): void {
  const { tally, violation } = run
  const { kind, settled, error, policy, keys, runs } = call
  tally.note('invariant: every call settles')
  const title = titleOf(call)
  if (settled === 'no') violation(`${title} was never settled`)
  if (kind === 'read' || kind === 'scan' || kind === 'split') return
  const count = runsOf(call)
  const fate = error?.fate
  if (fate === 'not-executed') tally.note('invariant: not-executed has not run')
  if (fate === 'not-executed' && count > 0) violation(`${title} is called not-executed, and ran ${count} times`)
  // A pop that has waited in vain has run too. A part of its reply, which says so, may have arrived.
  if (fate === 'executed' && count === 0 && kind !== 'pop') violation(`${title} is called executed, and never ran`)
  // What the error of a script means is for the script to say.
  if (fate === 'refused' && count > 0 && kind !== 'pretence')
    violation(`${title} is called refused, and ran ${count} times`)
  const mayBeNothing = kind === 'pop' && call.value === null
  if (settled === 'resolved' && count === 0 && !mayBeNothing) violation(`${title} was resolved, and never ran`)
  // What it took may be lost with its connection; it is then sent again only if its caller allows that it does its work twice.
  const isAgain = allowsReplay(policy, 'unsafe') && [...call.wires].some(({ endedAt }) => endedAt <= call.settledAt)
  if (mayBeNothing && settled === 'resolved' && count > 0 && !isAgain)
    violation(`${title} was given nothing, and took an element`)
  tally.note('invariant: runs within its policy')
  // A script whose word happens to be true when its node is asked can't be told from one that was redirected.
  const isPlausible = kind === 'pretence' && runs.slice(0, -1).every(({ isConfirmed }) => isConfirmed)
  if (count > 1 && !isPlausible && !allowsReplay(policy, retryClassOf(call)))
    violation(`${title} ran ${count} times, against its policy`)
  if (kind === 'transaction' || kind === 'ranges') {
    tally.note('invariant: a transaction is whole')
    const second = runs.filter(({ key }) => key === keys[1]).length
    if (second !== count) violation(`${title} ran in part: ${count} and ${second}`)
  }
  if (kind === 'pretence') {
    tally.note('invariant: a script is not believed')
    if (settled === 'resolved') violation(`${title} was resolved, and its script answers an error`)
    // If its word happened to be true, another node has answered, which may have no cluster at the time.
    const isRedirected = runs.every(({ isConfirmed }) => isConfirmed)
    if (error?.code === 'REPLY_ERROR' && count > 0 && !isRedirected && !/^(MOVED|ASK) /.test(error.message))
      violation(`${title} was rejected with another error: ${error.message}`)
  }
  checkReply(call, { tally, violation })
}

/** The reply is that of one of its runs. */
function checkReply(call: Call, { tally, violation }: Pick<FinishedRun, 'tally' | 'violation'>): void {
  const { kind, settled, runs, value } = call
  if (settled !== 'resolved') return
  if (kind === 'push' || kind === 'script') {
    tally.note('invariant: a reply is of its own command')
    const replies = runs.map(({ reply }) => (reply as { readonly value?: number }).value)
    if (!replies.includes(Number(value))) violation(`${titleOf(call)} got the reply ${value} of another command`)
  }
  if (kind === 'pop' && value !== null) {
    tally.note('invariant: a pop loses no element')
    const taken = runs.map(({ reply }) =>
      reply.type === 'array' && reply.items[1]?.type === 'bulk' ? String(reply.items[1].value) : '',
    )
    if (!taken.includes(String((value as string[])[1])))
      violation(`${titleOf(call)} got ${value}, which it did not take`)
  }
  // An answer that a deposed master gave long after the client could know of it.
  const late = runs.filter(({ isLate }) => isLate).length
  tally.note('invariant: a deposed master is not believed')
  if (late > 0 && late === runs.length)
    violation(`${titleOf(call)} was answered by a master that had been replaced long before`)
}

/** Nobody is rejected because of what the client should have dealt with. */
function checkRejection(call: Call, run: FinishedRun): void {
  const { calls, faults, replicaFaults, settings, tally, violation } = run
  const { kind, error, policy, timeout, calledAt, settledAt } = call
  const title = titleOf(call)
  // While its slot moves, a script may return ASK each time; `checkFate` judges how often it ran.
  if (error?.code === 'TOO_MANY_REDIRECTS' && kind !== 'pretence') violation(`${title} was sent on too often`)
  // Where servers fail, it may wait too long for the node that it is redirected to.
  const hasWaited = faults.isCut && settledAt - calledAt >= settings.queueTimeout
  // At its own time limit, a call is rejected with what it was refused with last.
  if (
    /^(MOVED|ASK) /.test(error?.message ?? '') &&
    timeout === 0 &&
    !isScript(call) &&
    !hasWaited &&
    !isOvertakenBy(call, calls)
  )
    violation(`${title} was rejected with ${error?.message}`)
  const { suspectAfter } = settings
  const isReplicaLost = isForReading(call) && replicaFaults.mayLoseReads
  const mayBeRepeated =
    faults.isCut || isReplicaLost || isScript(call) || faults.mayHaveBeenLeft(settledAt, suspectAfter)
  if (error !== undefined && !mayBeRepeated && error.attempts > 1)
    violation(`${title} says ${error.attempts} attempts, and nothing was lost`)
  const mayReplay = allowsReplay(policy, retryClassOf(call))
  if (error?.code === 'CONNECTION_LOST' && kind !== 'split' && kind !== 'scan') {
    if (mayReplay && error.attempts < settings.maxAttempts)
      violation(`${title} was rejected after ${error.attempts} of ${settings.maxAttempts} attempts`)
    tally.note('invariant: what was not sent outlives its node')
    if (error.fate === 'not-executed') violation(`${title} was not sent, and rejected as its connection was lost`)
  }
  if (kind === 'scan' || kind === 'cross' || isScript(call) || timeout > 0 || settings.endsEarly) return
  // What a later call of its key has overtaken may not be sent again.
  const isOvertaken = error !== undefined && isOvertakenBy(call, calls)
  // Slow connections are no reason to reject anything, either.
  const isQuiet = faults.hasOnly('migration', 'graceful', 'slow')
  if (!isQuiet) {
    // A cluster that is down is waited out as long as the queue may.
    const isRefusal = error?.message.startsWith('CLUSTERDOWN') === true
    if (faults.has('cluster down')) tally.note('invariant: a cluster that is down is waited out')
    if (isRefusal && kind !== 'split' && !isOvertaken && settledAt - calledAt < settings.queueTimeout - 1)
      violation(`${title} was rejected after ${settledAt - calledAt} ms with ${error?.message}`)
    return
  }
  if (faults.has('graceful')) tally.note('invariant: a graceful failover is unseen')
  else if (!faults.hasOnly('slow')) tally.note('invariant: a migration is unseen')
  else return
  if (error !== undefined && !isOvertaken && !isLeft(call, faults, suspectAfter) && !isLostWithReplica(call, run))
    violation(`${title} was rejected, and no server has failed: ${error.message}`)
}

/**
 * Whether a call of one of its keys was made later, and ran before this one was settled; or may have, as a script whose error may
 * be its own word, a call whose caller has given up, or a call that was in flight when its connection was lost.
 */
function isOvertakenBy({ number, keys, settledAt }: Call, { all }: Calls): boolean {
  const touches = (key: string): boolean => keys.includes(key)
  return all.slice(number + 1).some((later) => {
    const mayHaveRun = isScript(later) || later.timeout > 0
    if (mayHaveRun && later.keys.some(touches) && later.settledAt <= settledAt) return true
    if (later.keys.some(touches) && isLostInFlight(later, settledAt)) return true
    return !isForReading(later) && later.runs.some(({ key, at }) => touches(key) && at <= settledAt)
  })
}

/** Whether a call was rejected because its master was slow and had been replaced, and was left as one that has failed. */
function isLeft({ error, settledAt }: Call, faults: Faults, suspectAfter: number): boolean {
  const errors =
    error?.code === 'PARTIAL' ? (error as PartialError).parts.map((part) => 'error' in part && part.error) : [error]
  const areLost = errors.every((each) => !each || each.code === 'CONNECTION_LOST')
  return areLost && faults.mayBeLeft(settledAt, suspectAfter)
}

/**
 * Whether the client can't know if a call has run until a certain time: it was rejected as such; or its connection was lost just
 * then, and it is sent again, as its policy allows.
 */
function isLostInFlight(call: Call, time: number): boolean {
  const { error, policy, settledAt, wires } = call
  if (error?.fate === 'unknown' && settledAt <= time) return true
  return allowsReplay(policy, retryClassOf(call)) && [...wires].some(({ endedAt }) => endedAt === time)
}

/** Nothing waits longer than it must. */
function checkWait(call: Call, run: FinishedRun): void {
  const { seedServers, hasMuteSeed, viewedAt, viewedAgainAt, faults, settings, tally, violation } = run
  const { kind, calledAt, settledAt, timeout, keys } = call
  if (kind === 'pop' || kind === 'scan') return
  const title = titleOf(call)
  const took = settledAt - calledAt - patienceOf(call, run)
  // Without a lost connection, a request waits no longer than it may, and its last attempts.
  if (!faults.isCut) {
    tally.note('invariant: nothing waits too long')
    if (took > settings.queueTimeout + 3_000) violation(`${title} took ${took} ms`)
  }
  if (timeout > 0) return
  // A silent master that was deposed holds nobody up, once the others know and it has become suspicious.
  const { silence, victim, replacedAt } = faults
  const isAfter = silence !== undefined && calledAt > silence.from + gossip + settings.suspectAfter * 2 + 1_000
  if (isAfter && calledAt < silence.until - 1_500 && !faults.has('cluster down')) {
    tally.note('invariant: a silent master holds nobody up')
    // Nobody can tell a client without a view that a master was deposed, if no other server is at the address of a seed any more.
    const isTold = seedServers.some((server) => server !== victim && calledAt < server.movedAt)
    const untold = isTold ? 0 : Math.max(0, viewedAt - calledAt)
    if (took - untold > 1_500) violation(`${title} took ${took} ms, because of a deposed master`)
  }
  const [key] = keys
  if (key === undefined || kind === 'split' || victim === undefined || replacedAt === undefined) return
  if (!faults.hasOnly('kill', 'stop', 'isolate') || calledAt < 1_000) return
  // If the first connect meets servers of which not all know of the failover yet, it waits for the old master's view, and for more.
  const isBetween = replacedAt <= viewedAgainAt && viewedAt <= replacedAt + gossip
  const connectedBy = isBetween ? viewedAt + 500 + gossip : 0
  // Two seeds are asked at a time: if both are silent, nobody can tell before it is time to ask the next ones.
  const areSeedsSilent =
    hasMuteSeed && seedServers[0] === victim && calledAt < victim.stoppedUntil && calledAt < viewedAt
  const answeredAt = calledAt + took - (areSeedsSilent ? stagger : 0)
  if (!faults.victimSlots.has(slotOfKey(key))) {
    tally.note('invariant: other shards are not disturbed')
    if (answeredAt > Math.max(calledAt, connectedBy) + 250)
      violation(`${title} took ${took} ms, and its own shard is well`)
    return
  }
  if (calledAt < replacedAt || call.error !== undefined) return
  tally.note('invariant: recovery takes as long as that of the servers')
  if (answeredAt > Math.max(calledAt + 250, recoveryOf(replacedAt, run), connectedBy + 250))
    violation(`${title} took ${took} ms, after the failover`)
}

/** When the client uses the master that took the place of another at this time. */
function recoveryOf(replacedAt: number, { calls, faults, replicaFaults, settings }: FinishedRun): number {
  // The client asks at least every 0.22 s, and does not wait for the answer of the old master.
  const next = 250
  // By then, all servers know.
  const knownAt = replacedAt + gossip
  const { failedAt = replacedAt, silence, victimSlots } = faults
  // A stopped master refuses nothing. Only once it has been silent since the first command that it got, there is a reason to ask.
  // The client looks for silence four times in `suspectAfter`.
  const first = calls.all.find((call) => {
    const { kind, keys, calledAt, readsFrom } = call
    if (calledAt < failedAt || (isForReading(call) && readsFrom === 'replica')) return false
    return !['pop', 'scan', 'split', 'cross'].includes(kind) && victimSlots.has(slotOfKey(keys[0] as string))
  })
  const isSilent = silence !== undefined && silence.until > replacedAt
  const suspectAt = isSilent && first !== undefined ? first.calledAt + settings.suspectAfter * 1.25 : 0
  const askedAt = Math.max(knownAt, suspectAt)
  // Nobody can tell that a replica is silent before it was asked: the client waits 0.5 s for its view, if others have not agreed.
  return askedAt + (replicaFaults.wereSilent(failedAt, askedAt + next) ? 500 : 0) + next
}

/** Each part of a split command is told apart. */
function checkParts(call: Call, { tally, violation }: FinishedRun): void {
  const { error, runs, settled, policy } = call
  const title = titleOf(call)
  const ran = (keys: readonly unknown[]): number => runs.filter(({ key }) => key === String(keys[0])).length
  const parts: readonly Part[] =
    error instanceof Error && error.code === 'PARTIAL'
      ? (error as PartialError).parts
      : call.keys.map((key) => (error === undefined ? { keys: [key], value: 'OK' } : { keys: [key], error }))
  if (settled !== 'no' && parts.length !== 2) violation(`${title} was told of ${parts.length} parts`)
  for (const part of parts) {
    tally.note('invariant: each part of a split command is told')
    const fate = 'error' in part ? part.error.fate : 'executed'
    const count = ran(part.keys)
    if (fate === 'not-executed' && count > 0) violation(`${title}: ${part.keys} is called not-executed, and ran`)
    if (fate === 'executed' && count === 0 && settled !== 'no') violation(`${title}: ${part.keys} is said to have run`)
    if (count > 1 && !allowsReplay(policy, 'idempotent')) violation(`${title}: ${part.keys} ran ${count} times`)
  }
}

/** Keys of several slots are refused before anything is sent. */
function checkRefusal(call: Call, { tally, violation }: FinishedRun): void {
  tally.note('invariant: keys of several slots are refused')
  const { error, settledAt, calledAt } = call
  if (error?.code !== 'CROSS_SLOT' || error.fate !== 'not-executed' || settledAt !== calledAt)
    violation(`${titleOf(call)} has keys of two slots, and came to ${error?.code ?? 'a reply'}`)
}

/** A scan misses no key that is there throughout, whatever moves. */
function checkScan(call: Call, { faults, settings, tally, violation }: FinishedRun): void {
  if (call.settled === 'rejected') {
    const isHealthy = faults.hasOnly('migration', 'graceful', 'slow') && !settings.endsEarly
    if (isHealthy && !isLeft(call, faults, settings.suspectAfter))
      violation(`${titleOf(call)} was rejected, and no server has failed: ${call.error?.message}`)
    return
  }
  tally.note('invariant: a scan misses nothing')
  // Keys that return to the owner may be at the node that was scanned already, each time.
  if (faults.has('migration given up by the owner', 'migration given up by the importing node')) return
  const missed = staticKeys.filter((key) => !(call.value as string[]).includes(key))
  if (missed.length > 0) violation(`${titleOf(call)} missed ${missed}`)
}
