import { Cluster as RealCluster } from '../../../src/cluster/cluster.js'
import { allowsReplay } from '../../../src/commands/retry.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { RespiteError } from '../../../src/errors.js'
import type { RetryPolicy } from '../../../src/options/options.js'
import { Chance } from '../chance.js'
import { SimulatedClock } from '../clock.js'
import { retryPolicies } from '../scenario.js'
import { type SimulatedServer, SimulatedServers } from './servers.js'

/** The code under test: the cluster as it is, or one that was changed on purpose. */
export interface ClusterCode {
  readonly Cluster: typeof RealCluster
}

type Kind = 'push' | 'transaction' | 'mset' | 'read'

interface Call {
  readonly number: number
  readonly kind: Kind
  readonly keys: readonly string[]
  readonly policy: RetryPolicy
  readonly timeout: number
  readonly calledAt: number
  settledAt: number
  settled: 'no' | 'resolved' | 'rejected'
  error: RespiteError | undefined
  value: unknown
  /** What servers have run of it: which, with which keys, and the replies. */
  readonly runs: { readonly server: SimulatedServer; readonly key: string; readonly reply: unknown }[]
}

/** What came of one seed. */
export interface ClusterOutcome {
  readonly violations: readonly string[]
  readonly calls: number
  readonly resolved: number
  /** Rejections by code and fate. */
  readonly fates: Readonly<Record<string, number>>
  /** Calls that were acknowledged, and thrown away by a failover. */
  readonly lost: number
  /** How often each kind of thing occurred. */
  readonly counts: Readonly<Record<string, number>>
  readonly trace: readonly string[]
}

const lists = Array.from({ length: 6 }, (_, i) => `list:${i}`)
const tagged = ['{a}', '{b}']
const pairs = tagged.map((tag) => [`${tag}1`, `${tag}2`] as const)

/** What a run is mostly about. */
type Focus = 'migrations' | 'failover' | 'down' | 'mixed'

type Fault = 'cut' | 'slow' | 'migrate' | 'kill' | 'stop' | 'isolate' | 'graceful' | 'down'

const faultsOf: Readonly<Record<Focus, readonly Fault[]>> = {
  migrations: ['migrate', 'migrate', 'migrate', 'slow'],
  failover: ['cut', 'kill', 'stop', 'isolate', 'graceful'],
  down: ['down'],
  mixed: ['cut', 'cut', 'slow', 'migrate', 'migrate', 'migrate', 'kill', 'stop', 'isolate', 'graceful', 'down'],
}

/** Milliseconds that gossip takes at most, and some more. */
const gossip = 400

/** Milliseconds within which everything is settled once nothing more happens. */
const convalescence = 20_000

/** Runs one schedule of calls and faults against the client of a cluster; then checks what must hold. */
export async function simulateCluster(
  seed: number,
  { Cluster }: ClusterCode = { Cluster: RealCluster },
  tracing = false,
): Promise<ClusterOutcome> {
  const chance = new Chance(seed)
  const trace: string[] = []
  const violations: string[] = []
  const counts: Record<string, number> = {}
  const count = (name: string, by = 1): void => {
    counts[name] = (counts[name] ?? 0) + by
  }
  const clock = new SimulatedClock(chance, (error) => violation(`thrown: ${(error as Error)?.stack ?? error}`))
  const note = (text: () => string): void => {
    if (tracing) trace.push(`${clock.now().toFixed(1).padStart(9)}  ${text()}`)
  }
  const violation = (text: string): void => {
    if (violations.length < 20) violations.push(text)
    note(() => `VIOLATION: ${text}`)
  }
  const calls: Call[] = []
  const shards = chance.between(2, 3)
  const servers = new SimulatedServers(shards, clock, chance, {
    note,
    violation,
    onRefused: () => count('refused by a server'),
    onExecuted: (server, args, reply, openedAt) => {
      const name = String(args[0]).toUpperCase()
      if (name !== 'RPUSH' && name !== 'MSET') return
      const number = Number(String(args[2]))
      const call = calls[number] as Call
      note(() => `${server.name} runs ${name} ${args[1]} of #${number}`)
      if (openedAt > server.replacedAt + gossip) {
        violation(`#${number} was sent to ${server.name} on a new connection, long after another had taken its place`)
      }
      call.runs.push({ server, key: String(args[1]), reply })
    },
  })
  const focus = chance.pick<Focus>(['migrations', 'failover', 'down', 'mixed'])
  const maxAttempts = chance.between(1, 4)
  const queueTimeout = chance.pick([1_000, 3_000, 8_000])
  const suspectAfter = chance.pick([200, 500])
  const cluster = new Cluster(
    servers.servers.slice(0, shards).map(({ self: { host, port } }) => ({ host, port })),
    {
      protocol: chance.pick([2, 3]),
      maxAttempts,
      queueTimeout,
      connectTimeout: 400,
      stallTimeout: chance.pick([2_000, 20_000]),
      suspectAfter,
      fence: chance.pick(['try', 'try', 'off']),
    } as never,
    { dial: servers.dial, clock },
  )
  cluster.on('topology', (change) => note(() => `the topology changes: ${JSON.stringify(change)}`))
  cluster.on('error', (error) => note(() => `error: ${error.message}`))

  const call = (kind: Kind): void => {
    const number = calls.length
    const keys =
      kind === 'push' ? [chance.pick(lists)] : [...chance.pick(pairs)].map((key) => (kind === 'mset' ? `${key}m` : key))
    const policy = chance.pick(retryPolicies)
    const timeout = chance.happens(0.1) ? chance.between(50, 2_000) : 0
    const calledAt = clock.now()
    const entry: Call = {
      ...{ number, kind, keys, policy, timeout, calledAt, settledAt: Infinity, settled: 'no' },
      ...{ error: undefined, value: undefined, runs: [] },
    }
    calls.push(entry)
    note(() => `#${number} ${kind} ${keys} is called (${policy})`)
    const view = cluster.with({ retry: policy, timeout })
    const [first = '', second = ''] = keys
    const text = String(number)
    const promise: Promise<unknown> =
      kind === 'push'
        ? view.rpush(first, text)
        : kind === 'mset'
          ? view.mset(first, text, second, text)
          : kind === 'read'
            ? view.mget(first, second)
            : view.multi().rpush(first, text).rpush(second, text).exec()
    promise.then(
      (value) => {
        note(() => `#${number} is resolved`)
        entry.settled = 'resolved'
        entry.settledAt = clock.now()
        entry.value = value
      },
      (error: RespiteError) => {
        note(() => `#${number} is rejected: ${error.code} ${error.fate} ${error.message}`)
        entry.settled = 'rejected'
        entry.settledAt = clock.now()
        entry.error = error
      },
    )
  }

  // What happens, and when.
  const duration = focus === 'failover' ? chance.between(5_000, 8_000) : chance.between(500, 4_000)
  const kinds: readonly Kind[] = ['push', 'push', 'push', 'transaction', 'mset', 'read']
  const isHot = focus === 'migrations' || chance.happens(0.3)
  const hotKinds = isHot ? kinds.slice(chance.between(0, 4)) : kinds
  const bursts = isHot ? chance.between(50, 200) : chance.between(5, 100)
  for (let i = 0; i < bursts; i += 1) {
    clock.schedule(chance.fraction() * duration, () => {
      const size = chance.skewed(1, isHot ? 6 : 20)
      for (let n = 0; n < size; n += 1) call(chance.pick(hotKinds))
    })
  }
  let hasFailedOver = false
  /** When a master was silenced that another has replaced, and until when. */
  let silence: { readonly from: number; readonly until: number } | undefined
  let downUntil = 0
  const busySlots = new Set<number>()
  const faults = focus === 'migrations' ? chance.between(2, 30) : chance.between(0, 5)
  for (let i = 0; i < faults; i += 1) {
    const kind = chance.pick(faultsOf[focus])
    clock.schedule(chance.fraction() * Math.min(duration, 3_000), () => {
      const masters = servers.masters.filter(
        ({ stoppedUntil, isIsolated }) => stoppedUntil <= clock.now() && !isIsolated,
      )
      const master = chance.pick(masters)
      if (kind === 'cut') {
        count('fault: cut')
        servers.cut(chance.happens(0.5) ? servers.servers.find(({ isIsolated }) => isIsolated) : undefined)
      } else if (kind === 'slow') {
        count('fault: slow connections')
        servers.slowDown(master, chance.pick(['out', 'in']), chance.between(10, 400))
      } else if (kind === 'migrate') {
        const keys = isHot ? [lists[0] as string, ...tagged.map((tag) => `${tag}1`)] : [...lists, '{a}1', '{b}1']
        const slot = slotOfKey(chance.pick(keys))
        if (hasFailedOver || busySlots.has(slot)) return
        busySlots.add(slot)
        count('fault: migration')
        servers.migrate(slot, chance.pick(masters), () => busySlots.delete(slot))
      } else if (kind === 'down') {
        count('fault: cluster down')
        const ms = chance.pick([20, 400, 12_000])
        downUntil = Math.max(downUntil, clock.now() + ms)
        for (const { member } of servers.servers) member.isDown = true
        clock.schedule(ms, () => {
          if (clock.now() >= downUntil) for (const { member } of servers.servers) member.isDown = false
        })
      } else {
        // One failover a run, and none while slots move: the servers themselves would lose keys.
        if (hasFailedOver || busySlots.size > 0) return
        hasFailedOver = true
        count(`fault: ${kind}`)
        if (kind === 'graceful') {
          servers.failOver(master, true)
          return
        }
        const delay = chance.between(300, 1_500)
        const ms = delay + chance.pick([-200, 500, 1_500, 10_000, 10_000, 10_000])
        if (kind === 'kill') servers.kill(master)
        else if (kind === 'stop') servers.stop(master, ms)
        else {
          servers.isolate(master)
          clock.schedule(delay + chance.between(0, 1_000), () => servers.cut(master))
        }
        if (kind === 'stop') silence = { from: clock.now() + delay, until: clock.now() + ms }
        clock.schedule(delay, () => servers.failOver(master, false))
      }
    })
  }
  const endsEarly = chance.happens(0.2)
  try {
    await clock.advanceTo(duration)
    if (!endsEarly) await clock.advanceTo(duration + convalescence)
    if (chance.happens(0.5)) void cluster.close({ timeout: 300 })
    else cluster.destroy()
    await clock.advanceTo(clock.now() + 400)
    if (cluster.status !== 'closed') violation(`the cluster is ${cluster.status} after close`)
    if (cluster.inFlight().length > 0) violation('commands are in flight after close')
    const open = servers.servers.flatMap(({ wires }) => wires).filter((wire) => !wire.isOver).length
    if (open > 0) violation(`${open} connections are open after close`)
    await clock.advanceTo(clock.now() + convalescence)
    if (clock.timers > 0) violation(`${clock.timers} timers are left`)
  } catch (error) {
    violation(`abandoned: ${(error as Error).message}`)
  }
  const lost = check(calls, servers, violation, count)
  const mayLose = ['kill', 'stop', 'isolate'].some((kind) => counts[`fault: ${kind}`] !== undefined)
  const isCut = mayLose || counts['fault: cut'] !== undefined
  for (const { number, kind, error, policy, calledAt, settledAt, timeout } of calls) {
    const title = `#${number} ${kind}`
    if (error?.code === 'TOO_MANY_REDIRECTS') violation(`${title} was sent on too often`)
    // At its own time limit, a call is rejected with what it was refused with last.
    if (/^(MOVED|ASK) /.test(error?.message ?? '') && timeout === 0)
      violation(`${title} was rejected with ${error?.message}`)
    if (error !== undefined && !isCut && error.attempts > 1)
      violation(`${title} says ${error.attempts} attempts, and nothing was lost`)
    const mayReplay = allowsReplay(policy, kind === 'mset' ? 'idempotent' : kind === 'read' ? 'read' : 'unsafe')
    if (error?.code === 'CONNECTION_LOST' && mayReplay && error.attempts < maxAttempts) {
      violation(`${title} was rejected after ${error.attempts} of ${maxAttempts} attempts`)
    }
    // Without a lost connection, a request waits no longer than it may, and its last attempts.
    if (!isCut && settledAt - calledAt > queueTimeout + 3_000) violation(`${title} took ${settledAt - calledAt} ms`)
    count('invariant: nothing waits too long', isCut ? 0 : 1)
    // A silent master that was deposed holds nobody up, once the others know and it has become suspicious.
    const isAfter = silence !== undefined && calledAt > silence.from + gossip + suspectAfter * 2 + 1_000
    if (silence === undefined || !isAfter || calledAt > silence.until - 1_500 || timeout > 0) continue
    count('invariant: a silent master holds nobody up')
    if (settledAt - calledAt > 1_500) violation(`${title} took ${settledAt - calledAt} ms, because of a deposed master`)
  }
  if (lost > 0 && !mayLose) violation(`${lost} acknowledged calls are lost, and no server failed`)
  const fates: Record<string, number> = {}
  for (const { error } of calls) {
    if (error !== undefined) fates[`${error.code} ${error.fate}`] = (fates[`${error.code} ${error.fate}`] ?? 0) + 1
  }
  const resolved = calls.filter(({ settled }) => settled === 'resolved').length
  return { violations, calls: calls.length, resolved, fates, lost, counts, trace }
}

/** @returns how many calls were acknowledged and thrown away by a failover */
function check(
  calls: readonly Call[],
  servers: SimulatedServers,
  violation: (text: string) => void,
  count: (name: string, by?: number) => void,
): number {
  let lost = 0
  for (const entry of calls) {
    const title = `#${entry.number} ${entry.kind} ${entry.keys}`
    if (entry.settled === 'no') violation(`${title} was never settled`)
    if (entry.kind === 'read') continue
    const runs = entry.runs.filter(({ key }) => key === entry.keys[0]).length
    count('invariant: not-executed has not run', entry.error?.fate === 'not-executed' ? 1 : 0)
    if (entry.error?.fate === 'not-executed' && runs > 0)
      violation(`${title} is called not-executed, and ran ${runs} times`)
    if (entry.error?.fate === 'executed' && runs === 0) violation(`${title} is called executed, and never ran`)
    if (entry.error?.fate === 'refused' && runs > 0) violation(`${title} is called refused, and ran ${runs} times`)
    if (entry.settled === 'resolved' && runs === 0) violation(`${title} was resolved, and never ran`)
    const retryClass = entry.kind === 'mset' ? 'idempotent' : 'unsafe'
    if (runs > 1 && !allowsReplay(entry.policy, retryClass)) violation(`${title} ran ${runs} times, against its policy`)
    count('invariant: runs within its policy')
    if (entry.kind === 'transaction') {
      const second = entry.runs.filter(({ key }) => key === entry.keys[1]).length
      if (second !== runs) violation(`${title} ran in part: ${runs} and ${second}`)
      count('invariant: a transaction is whole')
    }
    if (entry.kind === 'push' && entry.settled === 'resolved') {
      const replies = entry.runs.map(({ reply }) => Number((reply as { readonly value: number }).value))
      if (!replies.includes(Number(entry.value))) violation(`${title} got the reply ${entry.value} of another command`)
      count('invariant: a reply is of its own command')
    }
  }
  for (const key of [...lists, ...pairs.flat()]) {
    const owner = servers.ownerOf(slotOfKey(key))
    const list = (owner?.model.store.database(0).read(key, 'list') ?? []).map((item) => Number(String(item)))
    const last = new Map(list.map((number, position) => [number, position]))
    let latest = -1
    for (const { number, settled, keys, kind } of calls) {
      if (kind === 'read' || !keys.includes(key) || settled !== 'resolved') continue
      const position = last.get(number)
      if (position === undefined) {
        lost += 1
        continue
      }
      if (position < latest) violation(`#${number} took effect on ${key} before a call that was made earlier`)
      latest = Math.max(latest, position)
      count('invariant: effects come in the order of the calls')
    }
  }
  return lost
}
