import type { ServerReply } from '../../../lab/server/reply.js'
// Loaded on demand by the client: here before, so that it takes no time that is not simulated.
import '../../../src/once/once.js'
import '../../../src/sentinel/sentinels.js'
import { Client as RealClient } from '../../../src/client.js'
import type { ClientOptions } from '../../../src/index.js'
import { resolveOptions } from '../../../src/options/resolve.js'
import { Chance } from '../chance.js'
import { SimulatedClock, turnOf } from '../clock.js'
import { retryPolicies } from '../scenario.js'
import type { ClientCode } from '../simulate.js'
import { type Failover, Group, masterName } from './group.js'
import { type Call, Load, listOf, title } from './load.js'
import type { SimulatedServer } from './server.js'

/** What came of one seed. */
export interface SentinelOutcome {
  readonly violations: readonly string[]
  readonly calls: number
  readonly resolved: number
  readonly failovers: number
  /** Answered, and lost with the end of the data of a deposed master. */
  readonly lost: number
  readonly gaps: number
  readonly trace: readonly string[]
}

/**
 * A client that listens to a sentinel hears of a new master at once. If that one has died without a word, it takes two
 * heartbeats to notice, and some time to find another that knows.
 */
const longestIgnorance = 5_000
/** Without any fault but failovers: within this time after the sentinels named the new master, commands reach it. */
const recoveryMs = 500
/** For the command and its reply. */
const answerMs = 100

const realCode: ClientCode = { Client: RealClient, resolveOptions }

/**
 * Runs one schedule of calls, failovers and faults against a client behind simulated sentinels; then checks what must hold.
 * The same seed gives the same run.
 */
export async function simulateSentinel(
  seed: number,
  code: ClientCode = realCode,
  isTraced = false,
): Promise<SentinelOutcome> {
  const chance = new Chance(seed)
  const violations: string[] = []
  const trace: string[] = []
  const note = (text: () => string): void => {
    if (isTraced) trace.push(`${clock.now().toFixed(1).padStart(9)}  ${text()}`)
  }
  const violation = (text: string): void => {
    if (violations.length < 20) violations.push(text)
    note(() => `VIOLATION: ${text}`)
  }
  const onThrown = (error: unknown): void => violation(`thrown: ${error instanceof Error ? error.stack : error}`)
  const clock: SimulatedClock = new SimulatedClock(chance, onThrown, turnOf(chance))
  const isCalm = chance.happens(0.4)
  const latency = chance.pick([0.1, 1, 5])
  const piece = chance.pick([300, 5_000])
  const sendBuffer = chance.pick([200, 2_000, 50_000])
  const lateBy = !isCalm && chance.happens(0.3) ? chance.skewed(1, 5_000) : 0
  const path = () => ({ latency, piece, sendBuffer, provesIncomplete: true, lateBy })
  let load: Load | undefined
  const group = new Group(clock, chance, path, {
    onExecuted: (server, wire, args, isError) => {
      note(() => `${server.host} runs ${args.map(String).join(' ').slice(0, 60)} from connection ${wire.id}`)
      load?.onExecuted(server, wire, args, isError)
    },
    note,
    violation,
  })
  group.master.model.store.execute(['SET', 'fixed', 'value'])

  const options: ClientOptions = {
    sentinels: group.sentinels.map(({ host, port }) => ({ host, port })),
    name: masterName,
    protocol: chance.pick([2, 3]),
    queueTimeout: isCalm || chance.happens(0.7) ? 0 : chance.between(100, 3_000),
    stallTimeout: chance.between(200, 10_000),
    pingInterval: chance.happens(0.7) ? chance.between(200, 5_000) : 0,
    connectTimeout: chance.between(100, 1_000),
    connectDeadline: chance.between(1_500, 5_000),
    suspectAfter: chance.between(100, 1_500),
    fence: chance.pick(['try', 'try', 'off']),
  }
  const resolved = code.resolveOptions(options)
  const client = new (code.Client as unknown as new (...args: unknown[]) => RealClient)(options, undefined, {
    dial: group.dial,
    clock,
  })
  note(() => `options: ${JSON.stringify(options)}`)
  client.on('status', (status) => note(() => `the client is ${status}`))
  load = new Load(client, { clock, chance, policies: [...retryPolicies, 'idempotent', 'idempotent'] }, violation)
  const { calls } = load

  // What happens.
  const duration = chance.between(3_000, 20_000)
  const someTime = (): number => chance.fraction() * duration
  const bursts = chance.between(10, 80)
  for (let i = 0; i < bursts; i += 1) clock.scheduleLocally(someTime(), () => load?.burst())
  const news = listenTo(client, group, clock, violation)
  for (let i = 0; i < duration / 50; i += 1) clock.schedule(someTime(), () => news.publish())
  const failovers = chance.between(0, 3)
  for (let i = 0; i < failovers; i += 1) {
    clock.schedule(500 + someTime(), () => {
      loseMaster(group, clock, chance, note, {
        // Callers go on: a kernel takes what is written to a process that is stopped.
        onLost: () => {
          clock.scheduleLocally(1, () => load?.read())
          for (let i = 1; i <= 15; i += 1) clock.scheduleLocally(100 * i, () => load?.burst())
        },
        onDecided: () => isCalm && watchRecovery(client, group, clock, violation),
        suspectAfter: options.suspectAfter ?? 0,
      })
    })
  }
  if (!isCalm) {
    const faults = chance.between(1, 8)
    for (let i = 0; i < faults; i += 1) clock.schedule(someTime(), () => strike(group, clock, chance, note))
  }

  await clock.advanceTo(duration)
  for (let i = 0; i < 200 && (group.failovers.at(-1)?.knownAt ?? 0) > clock.now(); i += 1)
    await clock.advanceTo(clock.now() + 100)
  group.heal()
  await clock.advanceTo(clock.now() + 30_000)
  // Without PINGs a silent connection is never known to be dead.
  if ((resolved.pingInterval ?? 0) > 0 || isCalm) await news.finish()
  let isAnswered = false
  client.get('fixed').then(
    (value) => {
      isAnswered = value === 'value'
    },
    () => {},
  )
  await clock.advanceTo(clock.now() + 10_000)
  if (!isAnswered) violation('a read is not answered, long after the network was well')
  for (const call of calls) if (call.settled === 'no') violation(`${title(call)} never settled`)
  const lost = checkData(group, calls, violation)
  client.close({ timeout: 1_000 }).catch(() => violation('close() rejects'))
  await clock.advanceTo(clock.now() + 5_000)
  if (client.status !== 'closed') violation(`${client.status} after close()`)
  if (clock.timers > 0) violation(`${clock.timers} timers after close()`)
  if (group.liveWires.length > 0) violation(`${group.liveWires.length} connections after close()`)
  return {
    violations,
    calls: calls.length,
    resolved: calls.filter(({ settled }) => settled === 'resolved').length,
    failovers: group.failovers.length,
    lost,
    gaps: news.gaps(),
    trace,
  }
}

interface FailoverListener {
  /** Nobody answers at the master any more. */
  onLost(): void
  /** Another was chosen. */
  onDecided(): void
  /** Milliseconds: see the option. */
  readonly suspectAfter: number
}

/** The master dies, stops, or is replaced while it is well; some time later another takes its place. */
function loseMaster(
  group: Group,
  clock: SimulatedClock,
  chance: Chance,
  note: (text: () => string) => void,
  { onLost, onDecided, suspectAfter }: FailoverListener,
): void {
  const { master } = group
  if (!group.canFailOver || master.state !== 'runs') return
  const how = chance.pick(['dies', 'is gone', 'stops', 'stops', 'is replaced', 'is replaced', 'is restarted'])
  note(() => `the master ${master.host} ${how}`)
  const failOver = (): void => {
    if (group.master !== master || !group.canFailOver) return
    group.failOver()
    onDecided()
  }
  if (how === 'is replaced') {
    failOver()
    return
  }
  if (how === 'stops') master.stop()
  else master.die(how === 'is gone' ? 'gone' : 'dead', group.wiresTo(master))
  onLost()
  // Sentinels take longer than the client to call it silent.
  const detection = suspectAfter + chance.between(300, 2_500)
  const away = how === 'is restarted' ? chance.between(10, detection - 1) : chance.skewed(detection + 1, 15_000)
  clock.schedule(away, () => {
    note(() => `${master.host} is back`)
    master.goOn()
  })
  if (how !== 'is restarted') clock.schedule(detection, failOver)
}

/** A fault beside failovers: of a sentinel, one at a time, or of a connection. */
function strike(group: Group, clock: SimulatedClock, chance: Chance, note: (text: () => string) => void): void {
  if (chance.happens(0.5) && group.sentinels.every(({ state }) => state === 'runs')) {
    const sentinel = chance.pick(group.sentinels)
    const how = chance.pick(['stops', 'dies', 'is gone'] as const)
    note(() => `the sentinel ${sentinel.host} ${how}`)
    if (how === 'stops') sentinel.stop()
    else sentinel.die(how === 'dies' ? 'dead' : 'gone', group.wiresTo(sentinel))
    if (chance.happens(0.7)) clock.schedule(chance.skewed(50, 20_000), () => sentinel.goOn())
    return
  }
  const { liveWires } = group
  if (liveWires.length === 0) return
  const wire = chance.pick(liveWires)
  const how = chance.pick(['reset', 'end', 'blackHole', 'stall'] as const)
  if (how === 'reset') wire.reset()
  else if (how === 'end') wire.end(chance.happens(0.5))
  else if (how === 'blackHole') wire.blackHole()
  else wire.stall(chance.pick(['in', 'out']), chance.between(5, 1_500))
}

/** A subscription, and somebody who publishes numbers at the master of the time. */
function listenTo(client: RealClient, group: Group, clock: SimulatedClock, violation: (text: string) => void) {
  let published = 0
  let heard = 0
  let gaps = 0
  let hasGap = true
  client.subscribe('news', {
    onMessage: ({ message }) => {
      const number = Number(message)
      if (number <= heard) violation(`message ${number} came after ${heard}`)
      if (number > heard + 1 && !hasGap) violation(`messages are missing before ${number}, and nobody said so`)
      heard = number
      hasGap = false
    },
    onGap: () => {
      gaps += 1
      hasGap = true
    },
  })
  const publish = (): void => {
    if (group.master.state !== 'runs') return
    published += 1
    group.master.model.broadcasts.publish(Buffer.from('news'), Buffer.from(String(published)))
  }
  return {
    publish,
    gaps: () => gaps,
    async finish(): Promise<void> {
      publish()
      await clock.advanceTo(clock.now() + 1_000)
      if (heard !== published) violation(`heard ${heard} of ${published} messages, long after the network was well`)
    },
  }
}

/**
 * Without other faults, the client follows soon: after the first sentinel names the new master where the old one is lost, or has
 * been silent; at the latest after all name it.
 */
function watchRecovery(
  client: RealClient,
  group: Group,
  clock: SimulatedClock,
  violation: (text: string) => void,
): void {
  const { old, next, knownAt, decidedAt } = group.failovers.at(-1) as Failover
  const { losses } = next
  // It may have been lost as well, and be back already.
  const isWell = (): boolean => group.master === next && next.state === 'runs' && next.losses === losses
  const check = (after: string): void => {
    if (!isWell()) return
    let isAnswered = false
    client
      .with({ timeout: 5_000 })
      .set('probe', clock.now())
      .then(
        () => {
          isAnswered = true
        },
        () => {},
      )
    clock.schedule(answerMs, () => {
      if (!isAnswered && isWell()) {
        violation(`not answered ${recoveryMs} ms after ${after} named ${next.host} (at ${decidedAt.toFixed(1)})`)
      }
    })
  }
  if (old.state === 'dead' || old.state === 'stopped') clock.schedule(recoveryMs, () => check('the first sentinel'))
  const whenKnown = (): void => {
    const { knownAt } = group.failovers.find((each) => each.next === next && each.decidedAt === decidedAt) as Failover
    if (knownAt > clock.now()) clock.schedule(50, whenKnown)
    else clock.schedule(recoveryMs, () => check('all sentinels'))
  }
  if (knownAt > clock.now()) whenKnown()
}

/** Compares what the callers were told with the data of the last master. @returns how many were lost by the servers */
function checkData(group: Group, calls: readonly Call[], violation: (text: string) => void): number {
  const { store } = group.master.model
  const elements = new Map<string, number[]>()
  for (const list of new Set(calls.map(({ number }) => listOf(number)))) {
    const reply = store.execute(['LRANGE', list, '0', '-1'])
    elements.set(
      list,
      itemsOf(reply).map((text) => Number(text.slice('e#'.length))),
    )
  }
  let lost = 0
  for (const call of calls) {
    const { number, kind, runs, error, settled } = call
    const isOnce = kind.name.startsWith('once')
    // Its error is that of the second call.
    const isAgain = kind.name === 'once, called again'
    if (error?.fate === 'not-executed' && runs.length > 0 && !isAgain)
      violation(`${title(call)} ran, and its caller was told otherwise`)
    if (error?.fate === 'executed' && runs.length === 0 && kind.name !== 'GET')
      violation(`${title(call)} never ran, and its caller was told otherwise`)
    const inList = kind.name === 'RPUSH' || kind.name === 'MULTI'
    const counter = store.execute(['GET', `${isOnce ? 'o' : 'c'}#${number}`])
    const count = counter.type === 'bulk' ? Number(counter.value) : 0
    if (isOnce && count > 1) violation(`${title(call)} counted ${count} times`)
    if (settled !== 'resolved' || !(inList || isOnce || ['INCR', 'session'].includes(kind.name))) continue
    if (inList ? elements.get(listOf(number))?.includes(number) : count > 0) continue
    lost += 1
    if (!mayBeLost(call, group)) violation(`${title(call)} was answered by a deposed master, and is lost`)
  }
  for (const [list, numbers] of elements) {
    const compared = numbers.filter((number) => {
      const { settled, runs } = calls[number] as Call
      return settled === 'resolved' && runs.every(({ isLate }) => !isLate)
    })
    const last = [...new Map(compared.map((number, index) => [number, index]))].sort(([, a], [, b]) => a - b)
    const inOrder = last.map(([number]) => number)
    if (inOrder.some((number, index) => index > 0 && number < (inOrder[index - 1] as number))) {
      violation(`out of order in ${list}: ${inOrder.join(' ')}`)
    }
  }
  return lost
}

/** The server that ran it was deposed, and nobody could know that for sure when it was called. */
function mayBeLost({ calledAt, runs }: Call, { failovers }: Group): boolean {
  return runs.every(({ server }: { server: SimulatedServer }) =>
    failovers.some(({ old, knownAt }) => old === server && calledAt <= knownAt + longestIgnorance),
  )
}

function itemsOf(reply: ServerReply): string[] {
  if (reply.type !== 'array') return []
  return reply.items.map((item) => (item.type === 'bulk' ? String(item.value) : ''))
}
