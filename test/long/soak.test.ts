import { getEventListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { AbortError, type Client, createClient, RespiteError, TimeoutError } from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { startServer, type TestServer } from '../support/server.js'
import { bytesInUse, expectNoMore, resources } from './in-use.js'

const seconds = Number(process.env.RESPITE_SOAK_SECONDS ?? 60)
const stallTimeout = 250

let server: TestServer
let proxy: FaultProxy
let client: Client
beforeEach(async () => {
  server = await startServer()
  proxy = await FaultProxy.start(server.port)
  client = createClient(proxy.url, { stallTimeout, maxAttempts: 100, reconnect: { baseDelay: 5, maxDelay: 50 } })
})
afterEach(async () => {
  client.destroy()
  await proxy.stop()
  await server.stop()
})

/** Causes one fault after another until time is up; resolves when the link works again. */
async function faults(chance: Chance, until: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const note = (name: string): unknown => seen.set(name, (seen.get(name) ?? 0) + 1)
  let isArmed = false
  proxy.onReply = (chunk) => {
    if (!isArmed) return { do: 'pass' }
    isArmed = false
    const fault = chance.pick(['cut', 'cut', 'cut', 'garbage', 'stall'] as const)
    note(`reply: ${fault}`)
    if (fault === 'garbage') return { do: 'replace', bytes: Buffer.from('what is this\r\n') }
    if (fault === 'stall') return { do: 'stall' }
    return { do: 'cut', after: chance.between(0, chunk.length), how: chance.pick(['reset', 'end'] as const) }
  }
  let isRequestArmed = false
  proxy.onRequest = (chunk) => {
    if (!isRequestArmed) return { do: 'pass' }
    isRequestArmed = false
    const fault = chance.pick(['cut', 'cut', 'black hole', 'stall'] as const)
    note(`request: ${fault}`)
    if (fault !== 'cut') return { do: fault }
    return { do: 'cut', after: chance.between(0, chunk.length), how: chance.pick(['reset', 'end'] as const) }
  }
  const kinds: (() => void | Promise<void>)[] = [
    () => {
      isArmed = true
    },
    () => {
      isRequestArmed = true
    },
    () => {
      note('reset of all')
      proxy.resetAll()
    },
    async () => {
      note('refusal')
      proxy.refuse()
      proxy.resetAll()
      await pause(chance.between(0, 99))
      await proxy.open()
    },
    async () => {
      note('server stopped')
      await server.kill('SIGSTOP')
      await pause(chance.between(0, 2 * stallTimeout - 1))
      await server.kill('SIGCONT')
    },
    () => {
      note('byte by byte')
      for (const link of proxy.links) link.replies.slow({ bytes: chance.between(1, 20), delayMs: 0 })
    },
  ]
  while (performance.now() < until) {
    await pause(chance.between(0, 59))
    await kinds[chance.between(0, kinds.length - 1)]?.()
  }
  isArmed = false
  isRequestArmed = false
  return seen
}

/** How the push of one ID ended: with its reply or a fate; `late` if the reply came after its caller was rejected. */
type Ending = 'ran' | 'late' | RespiteError['fate']

async function endingOf(push: Promise<unknown>): Promise<Ending> {
  try {
    await push
    return 'ran'
  } catch (error) {
    if (!(error instanceof RespiteError)) throw error
    const isLeft = error instanceof AbortError || error instanceof TimeoutError
    if (!isLeft || error.outcome === undefined) return error.fate
    return error.outcome.then(
      () => 'late',
      (later: RespiteError) => later.fate,
    )
  }
}

/** RESPITE_SEED, or a random seed. */
const seed = Number(process.env.RESPITE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const chance = new Chance(seed)

/** The test keeps the ending of every push. A leaked command takes several times as much. */
const bytesPerPush = 150

const title = `${seconds} s of random faults: every push runs at most once, its fate is true, and nothing is left over`
it(`${title} (RESPITE_SEED=${seed})`, { timeout: seconds * 1_000 + 120_000 }, async () => {
  const begin = performance.now()
  const endings = new Map<number, Ending>()
  const shared = new AbortController()
  let until = begin + seconds * 100
  let next = 0

  const push = (id: number): Promise<unknown> => {
    const how = chance.between(0, 19)
    if (how === 0) return client.with({ timeout: chance.between(1, 50) }).rpush('list', id)
    if (how === 2) return client.with({ signal: shared.signal }).rpush('list', id)
    if (how > 1) return client.rpush('list', id)
    const controller = new AbortController()
    setTimeout(() => controller.abort(), chance.between(0, 4))
    return client.with({ signal: controller.signal }).rpush('list', id)
  }
  const loop = async (): Promise<void> => {
    while (performance.now() < until) {
      const id = next
      next += 1
      const [ending, echo] = await Promise.all([endingOf(push(id)), client.echo(`${id}`)])
      endings.set(id, ending)
      expect(echo).toBe(`${id}`)
    }
  }
  const run = async (): Promise<Map<string, number>> =>
    (await Promise.all([faults(chance, until), ...Array.from({ length: 32 }, loop)]))[0]

  // The first tenth: what the process keeps for good is there after it.
  await run()
  const early = { bytes: await bytesInUse(), resources: resources(), pushes: next }
  until = begin + seconds * 1_000
  const seen = await run()
  const late = { bytes: await bytesInUse(), resources: resources(), pushes: next }

  const allowed = (late.pushes - early.pushes) * bytesPerPush + 8_000_000
  expect(late.bytes.heap - early.bytes.heap).toBeLessThan(allowed)
  expect(late.bytes.buffers - early.bytes.buffers).toBeLessThan(8_000_000)
  expectNoMore(late.resources, early.resources)
  expect(getEventListeners(shared.signal, 'abort')).toEqual([])
  console.log({ early, late })

  await using direct = createClient(server.url)
  const list = (await direct.lrange('list', 0, -1)).map(Number)
  const present = new Set(list)
  expect(present.size).toBe(list.length)
  expect(endings.size).toBe(next)
  const untrue: string[] = []
  for (const [id, ending] of endings) {
    if (ending === 'unknown') continue
    const isToBeThere = ending === 'ran' || ending === 'late' || ending === 'executed'
    if (present.has(id) !== isToBeThere) untrue.push(`${id} is said to be ${ending}`)
  }
  expect(untrue).toEqual([])

  const counts: Record<string, number> = {}
  for (const ending of endings.values()) counts[ending] = (counts[ending] ?? 0) + 1
  console.log(`of ${next} pushes`, counts, 'under', Object.fromEntries(seen), client.stats())
  // Without enough faults, the test would prove nothing.
  expect(Object.keys(counts)).toEqual(expect.arrayContaining(['ran', 'late', 'executed', 'unknown', 'not-executed']))
  expect(client.inFlight()).toEqual([])
})
