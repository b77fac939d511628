import { getEventListeners } from 'node:events'
import { within } from '../../lab/within.js'
import { type Client, type ClientOptions, type ClientOptionsOf, createClient } from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { anyClient, anyMethod, anyName } from './calls/anything.js'
import { misusedWait, pushAndPop } from './calls/blocking.js'
import { neighbour } from './calls/neighbours.js'
import { failingScript, runScript } from './calls/scripts.js'
import { misusedSession, session } from './calls/sessions.js'
import { messages, misusedIterator, misusedScan, misusedSubscription } from './calls/subscriptions.js'
import { transaction } from './calls/transactions.js'
import { increment, largeWrite, write } from './calls/writes.js'
import { makeReliable, unreliableProxy } from './cuts.js'
import { observe } from './effects.js'
import type { FindingKind, Findings } from './findings.js'
import { inWords } from './in-words.js'
import { describe } from './judge-error.js'
import { Record } from './record.js'
import type { Stage } from './stage.js'
import type { CallMaker, World } from './world.js'

/** How often each kind of call is made. */
const makers: readonly (readonly [weight: number, make: CallMaker])[] = [
  [300, neighbour],
  [200, write],
  [3, largeWrite],
  [60, increment],
  [60, transaction],
  [30, runScript],
  [15, failingScript],
  [40, session],
  [10, misusedSession],
  [15, pushAndPop],
  [20, misusedWait],
  [10, messages],
  [20, misusedSubscription],
  [15, misusedIterator],
  [15, misusedScan],
  [120, anyMethod],
  [60, anyName],
  [7, anyClient],
]
const totalWeight = makers.reduce((sum, [weight]) => sum + weight, 0)

/** How the client of one round is created and closed. */
interface Plan {
  readonly options: ClientOptions
  readonly isProxied: boolean
  /** Whether it is closed while calls are pending. */
  readonly isEndedEarly: boolean
  readonly isDestroyed: boolean
}

/** Which calls of a round to make. */
export interface RoundOptions {
  readonly seed: number
  readonly calls: number
  /** Indexes of the calls to make; undefined: all. */
  readonly only: ReadonlySet<number> | undefined
}

/** Runs one round on a new client, and checks all outcomes. @returns a description of each call and its outcome */
export async function playRound(
  stage: Stage,
  findings: Findings,
  { seed, calls, only }: RoundOptions,
): Promise<string[]> {
  const chance = new Chance(seed)
  const plan = drawPlan(chance)
  const keyPrefix = plan.options.keyPrefix ?? ''
  const proxy = plan.isProxied ? await unreliableProxy(stage.url, new Chance(seed + 1)) : undefined
  await stage.reset(keyPrefix)
  stage.enter('its calls')

  const url = new URL(stage.url)
  if (proxy !== undefined) url.port = String(proxy.port)
  // Only behind the proxy do connections become silent. Elsewhere, silence means that the machine is busy.
  const stallTimeout = plan.isProxied ? 250 : 10_000
  const client = createClient(url, { ...plan.options, stallTimeout } as ClientOptionsOf)
  const giveUp = new AbortController()
  const world: World = {
    client,
    options: { retry: plan.options.retry ?? 'idempotent', maxAttempts: plan.options.maxAttempts ?? 3 },
    keyPrefix,
    isRough: plan.isProxied || plan.isEndedEarly,
    giveUp: giveUp.signal,
    signals: [giveUp.signal],
  }
  const records: Record[] = []
  const add = (kind: FindingKind, record: Record | undefined, detail: string): void =>
    findings.add({ kind, seed, index: record?.index, title: record?.call.title ?? inWords(plan), detail })
  const expectSettled = async (limitMs: number, when: string, some: readonly Record[]): Promise<void> => {
    await within(limitMs, Promise.all(some.map(({ settled }) => settled)), undefined)
    for (const record of some) {
      if (record.outcome === undefined && !hung.has(record)) {
        hung.add(record)
        add('hang', record, `not settled ${limitMs} ms after ${when}`)
      }
    }
  }
  const hung = new Set<Record>()

  const endAt = plan.isEndedEarly ? chance.between(0, calls - 1) : -1
  let ended: Promise<void> | undefined
  for (let index = 0; index < calls; index += 1) {
    const own = new Chance(chance.between(0, 2 ** 31 - 1))
    const pause = chance.happens(0.06) ? chance.between(0, 4) : -1
    if (only === undefined || only.has(index)) {
      records.push(new Record(index, drawMaker(own)(world, own, `t${seed}x${index}x`)))
    }
    if (index === endAt) ended = end(client, plan.isDestroyed)
    if (pause === 0) await undefined
    else if (pause === 1) await new Promise((resolve) => setImmediate(resolve))
    else if (pause > 1 && records.length > 0) await within(pause, records.at(-1)?.settled as Promise<void>, undefined)
  }

  await expectSettled(
    10_000,
    'the last call',
    records.filter(({ call }) => call.mayWait !== true),
  )
  giveUp.abort()
  await expectSettled(5_000, 'all were given up', records)
  if (proxy !== undefined) makeReliable(proxy)
  stage.enter('ending the client')
  if (ended === undefined) {
    const trouble = await isUsable(client)
    if (trouble !== undefined) add('not usable', undefined, trouble)
    ended = end(client, plan.isDestroyed)
  }
  const isEnded = await within(
    5_000,
    ended.then(() => true, describe),
    false,
  )
  if (isEnded !== true) {
    add(isEnded === false ? 'hang' : 'thrown', undefined, `close(): ${isEnded === false ? 'not resolved' : isEnded}`)
    client.destroy()
  }
  await expectSettled(1_000, 'the end of the client', records)
  stage.enter('stopping the proxy')
  await proxy?.stop()
  stage.enter('looking for what is left')

  // Uncaught errors may come in a later turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  for (const remnant of await stage.remains(3_000)) add('leak', undefined, `${remnant} is left`)
  for (const remnant of remnantsOf(client, world.signals)) add('leak', undefined, `${remnant} is left`)
  for (const crash of stage.crashes.take()) add('crash', undefined, `not caught: ${describe(crash)}`)

  stage.enter('judging the outcomes')
  for (const record of records) for (const [kind, detail] of record.judge()) add(kind, record, detail)

  stage.enter('looking at the keys')
  const effects = records.flatMap((record) => (record.call.effects ?? []).map((effect) => ({ record, effect })))
  const seen = await observe(
    stage.observers,
    effects.map(({ effect }) => effect),
  )
  effects.forEach(({ record, effect }, index) => {
    const lie = record.judgeFate(effect, seen[index] as number)
    if (lie !== undefined) add('false fate', record, lie)
  })
  return records.map(({ index, call, outcome }) => `${index}: ${call.title}\n    ${describeOutcome(outcome)}`)
}

function describeOutcome(outcome: Record['outcome']): string {
  if (outcome === undefined) return 'never settled'
  if (outcome.kind === 'resolved') return `resolved: ${inWords(outcome.value).slice(0, 100)}`
  return `${outcome.kind}: ${describe(outcome.error)} [${(outcome.error as { fate?: string } | null)?.fate}]`
}

function drawPlan(chance: Chance): Plan {
  return {
    options: {
      protocol: chance.pick([2, 3] as const),
      retry: chance.pick(['never', 'read', 'idempotent', 'idempotent', 'convergent', 'always'] as const),
      maxAttempts: chance.pick([1, 3, 3, 10]),
      keyPrefix: chance.pick(['', '', '', 'prefix:']),
      blocking: {
        maxConnections: chance.pick([2, 4, 16]),
        acquireTimeout: 1_000,
        idleTimeout: chance.pick([5, 30_000]),
      },
      reconnect: { baseDelay: 1, maxDelay: 20 },
      queueTimeout: 3_000,
    },
    isProxied: chance.happens(0.35),
    isEndedEarly: chance.happens(0.15),
    isDestroyed: chance.happens(0.4),
  }
}

function drawMaker(chance: Chance): CallMaker {
  let left = chance.between(0, totalWeight - 1)
  for (const [weight, make] of makers) {
    left -= weight
    if (left < 0) return make
  }
  return neighbour
}

async function end(client: Client, isDestroyed: boolean): Promise<void> {
  if (isDestroyed) client.destroy()
  else await client.close({ timeout: 2_000 })
}

/** Checks that two sessions at once, a blocking command and a normal command still work. */
async function isUsable(client: Client): Promise<string | undefined> {
  const work = async (): Promise<string | undefined> => {
    const view = client.with({ timeout: 3_000 })
    // Once this is answered the client has noticed the connections that were lost.
    await client.with({ retry: 'always', maxAttempts: 10 }).ping()
    await client.rpush('last', 'element')
    const replies = await Promise.all([
      view.echo('shared'),
      client.session((session) => session.echo('first session')),
      client.session((session) => session.echo('second session')),
      view.blpop('last', 1),
    ])
    const wanted = '["shared","first session","second session",["last","element"]]'
    const got = inWords(replies).replace(/\["[^"]*last"/, '["last"')
    return got === wanted ? undefined : `got ${got}`
  }
  return within(4_000, work().catch(describe), 'no answer within 4 s')
}

function remnantsOf(client: Client, signals: readonly AbortSignal[]): string[] {
  const stats = client.stats()
  const counts = {
    'commands in flight': client.inFlight().length,
    'queued commands': stats.queued,
    'queued bytes': stats.queuedBytes,
    'connections of the pool': stats.ownConnections,
    subscriptions: stats.subscriptions,
    'listeners at signals': signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0),
  }
  return Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : `${name}: ${count}`))
}
