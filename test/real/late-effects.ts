import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient, type Fate, RespiteError } from '../../src/index.js'
import type { Chance } from '../simulation/chance.js'
import { HalfOpenRelay } from '../support/half-open-relay.js'
import type { TestServer } from '../support/server.js'

/** What was seen in many tries. */
export interface LateEffects {
  /** Commands whose fate was unknown. */
  unknown: number
  /** Of these, the ones that were not said to be fenced. */
  unfenced: number
  /** Data changed after all of a try were said to be fenced. */
  late: string[]
  /** Resolved as not executed, and found in the data; or as executed, and not found. */
  wrong: string[]
}

interface Call {
  readonly mark: string
  readonly promise: Promise<unknown>
}

const script = "redis.call('INCR', 'n') return redis.call('RPUSH', KEYS[1], ARGV[1])"

/** Calls that push their mark to a list, over each kind of connection, or are given up before they are answered. */
const kinds: readonly ((client: Client, mark: string, chance: Chance) => Promise<unknown>)[] = [
  (client, mark) => client.rpush('marks', mark),
  (client, mark) => client.multi().rpush('marks', mark).incr('n').exec(),
  (client, mark) => client.eval(script, 1, 'marks', mark),
  (client, mark) => client.with({ once: true }).rpush('marks', mark),
  (client, mark, chance) => client.rpush('marks', mark, 'x'.repeat(chance.between(1, 30_000))),
  (client, mark, chance) => client.with({ timeout: chance.between(1, 60) }).rpush('marks', mark),
  (client, mark, chance) => client.with({ signal: AbortSignal.timeout(chance.between(1, 60)) }).rpush('marks', mark),
  (client, mark) => client.session((session) => session.rpush('marks', mark)),
  (client, mark) =>
    client.session(async (session) => {
      await session.watch('watched')
      return session.multi().rpush('marks', mark).exec()
    }),
]

/** Calls up to a dozen commands, which are lost by a server that stands still, or on a path that delivers any part of them late. */
export async function tryLateEffects(server: TestServer, tries: number, chance: Chance): Promise<LateEffects> {
  const seen: LateEffects = { unknown: 0, unfenced: 0, late: [], wrong: [] }
  const relay = await HalfOpenRelay.start(server.port)
  const witness = createClient({ port: server.port })
  const settings = { retry: 'read', reconnect: { baseDelay: 1, maxDelay: 4 }, stallTimeout: 150 } as const
  const direct = createClient({ ...settings, port: server.port })
  const relayed = createClient({ ...settings, port: relay.port })

  const data = async (): Promise<string> =>
    JSON.stringify([await witness.lrange('marks', 0, -1), await witness.get('n')])
  const callSome = (client: Client, round: number): Call[] =>
    Array.from({ length: chance.between(1, 12) }, (_, index) => {
      const mark = `${round}:${index}`
      const promise = chance.pick(kinds)(client, mark, chance)
      promise.catch(() => {})
      return { mark, promise }
    })
  /** @param later what may still happen when all errors have said that they are fenced */
  const judge = async (calls: readonly Call[], later: () => Promise<void>): Promise<void> => {
    const resolved: { readonly mark: string; readonly fate: Fate }[] = []
    let isFenced = true
    for (const { mark, promise } of calls) {
      const error: unknown = await promise.then(
        () => undefined,
        (reason) => reason,
      )
      if (error === undefined) continue
      if (!(error instanceof RespiteError)) throw error
      if (error.fate === 'unknown') {
        seen.unknown += 1
        if (!(await error.fenced)) {
          seen.unfenced += 1
          isFenced = false
        }
      }
      resolved.push({ mark, fate: (await error.resolved) ?? error.fate })
    }
    const before = await data()
    await later()
    const after = await data()
    if (isFenced && after !== before) seen.late.push(`${before} became ${after}`)
    for (const { mark, fate } of resolved) {
      const isPresent = after.includes(`"${mark}"`)
      if (isPresent ? fate === 'not-executed' : fate === 'executed') seen.wrong.push(`${mark} was resolved as ${fate}`)
    }
  }

  try {
    for (let round = 0; round < tries; round += 1) {
      await Promise.all([direct.ping(), relayed.ping(), witness.flushall()])
      if (round % 2 === 0) {
        await server.kill('SIGSTOP')
        const calls = callSome(direct, round)
        await sleep(chance.between(100, 220))
        await server.kill('SIGCONT')
        await judge(calls, () => sleep(5))
        continue
      }
      const link = relay.newest
      link.hold()
      const calls = callSome(relayed, round)
      await sleep(2)
      if (chance.happens(0.7)) link.cut(chance.pick(['reset', 'end']))
      const part = chance.between(0, 20_000)
      const isEarly = chance.happens(0.5)
      if (isEarly) link.deliver(part)
      await judge(calls, async () => {
        if (!isEarly) link.deliver(part)
        // What was not fenced ends when it has come whole, or never.
        await Promise.race([link.serverClosed, sleep(20)])
      })
      link.endServer()
    }
  } finally {
    for (const client of [direct, relayed, witness]) client.destroy()
    relay.stop()
  }
  return seen
}
