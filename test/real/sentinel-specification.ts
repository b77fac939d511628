import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Client, type ClientOptionsOf, createClient, RespiteError } from '../../src/index.js'
import { masterName, type SentinelSetup, type SentinelSetupOptions, startSentinels } from '../support/sentinels.js'
import { until } from '../support/until.js'

/** A way in which a master is replaced. */
export interface Failover {
  readonly name: string
  readonly begin: (setup: SentinelSetup, master: number) => Promise<void>
  /** After the sentinels have named another. */
  readonly end?: (setup: SentinelSetup, master: number) => Promise<void>
}

export const failovers: readonly Failover[] = [
  { name: 'is killed', begin: (setup, master) => setup.server(master).kill('SIGKILL') },
  {
    name: 'is stopped, and comes back',
    begin: (setup, master) => setup.server(master).kill('SIGSTOP'),
    end: (setup, master) => setup.server(master).kill('SIGCONT'),
  },
  { name: 'is replaced by SENTINEL FAILOVER', begin: (setup) => setup.failOver() },
]

/** The client and the load of one trial. */
interface Load {
  /** Ends the load. */
  stop(): Promise<void>
  /** Numbers whose RPUSH was acknowledged, in order. */
  readonly acknowledged: readonly number[]
  /** Of those whose fate is unknown. */
  readonly doubts: readonly RespiteError[]
  /** Replies to one call that was made again and again, with one id. */
  readonly onceReplies: ReadonlySet<number>
  readonly otherErrors: readonly unknown[]
  /** Clock times of acknowledgements. */
  readonly times: readonly number[]
  /** The longest time for which this process was held up, in milliseconds. */
  heldUp(): number
}

/** Pushes 0, 1, 2 ... to one list, a few at a time. */
function startLoad(client: Client): Load {
  const acknowledged: number[] = []
  const doubts: RespiteError[] = []
  const onceReplies = new Set<number>()
  const job = client.with({ once: 'job-1' })
  const otherErrors: unknown[] = []
  const times: number[] = []
  let next = 0
  let isRunning = true
  let heldUp = 0
  let tickedAt = Date.now()
  const ticks = setInterval(() => {
    heldUp = Math.max(heldUp, Date.now() - tickedAt - 10)
    tickedAt = Date.now()
  }, 10)
  const push = async (): Promise<void> => {
    const value = next
    next += 1
    try {
      await client.rpush('list', value)
      acknowledged.push(value)
      times.push(Date.now())
    } catch (error) {
      onError(error)
    }
  }
  const onError = (error: unknown): void => {
    if (error instanceof RespiteError && error.fate === 'unknown') doubts.push(error)
    else otherErrors.push(error)
  }
  const callOnce = async (): Promise<void> => {
    await job.incr('jobs-done').then((reply) => onceReplies.add(reply), onError)
  }
  const running = (async () => {
    while (isRunning) {
      await Promise.all([push(), push(), callOnce(), push()])
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  return {
    acknowledged,
    doubts,
    onceReplies,
    otherErrors,
    times,
    heldUp: () => heldUp,
    async stop() {
      isRunning = false
      clearInterval(ticks)
      await running
    },
  }
}

/** Tests with one setup, in which the master is replaced once. */
export function behavesThroughFailover(
  program: string,
  { begin, end }: Failover,
  options: ClientOptionsOf = {},
  setupOptions: SentinelSetupOptions = {},
): void {
  let setup: SentinelSetup
  let client: Client

  beforeAll(async () => {
    setup = await startSentinels(program, setupOptions)
    client = createClient({
      sentinels: setup.sentinels.map(({ host, port }) => ({ host, port })),
      name: masterName,
      queueTimeout: 15_000,
      fenceTimeout: 1_000,
      ...(setupOptions.password === undefined ? {} : { password: setupOptions.password }),
      ...(setupOptions.sentinelPassword === undefined ? {} : { sentinel: { password: setupOptions.sentinelPassword } }),
      ...options,
    })
  }, 60_000)

  afterAll(async () => {
    client.destroy()
    await setup.stop()
  })

  it('runs nothing twice, keeps the order, loses nothing by staying, and recovers with the sentinels', async () => {
    const first = await setup.masterPort()
    const gaps: unknown[] = []
    const messages: string[] = []
    const subscription = client.subscribe('news', {
      onMessage: ({ message }) => messages.push(String(message)),
      onGap: (gap) => gaps.push(gap),
    })
    await subscription.ready
    const blocked = client.blpop('jobs', 0).catch((error: unknown) => error)
    const load = startLoad(client)
    await until(() => load.acknowledged.length > 50)

    await begin(setup, first)
    const second = await setup.nextMaster(first)
    const named = Date.now()
    await until(() => load.times.some((time) => time > named + 50))
    const recovered = load.times.find((time) => time > named) as number
    await end?.(setup, first)
    const before = load.acknowledged.length
    await until(() => load.acknowledged.length > before + 200)
    await load.stop()

    // A sentinel that can announce it may be lost with the master: then all are asked every 250 ms. The rest is for one that is
    // silent (200 ms), for connecting, and for this test, which asks the sentinels every 20 ms, too. What else runs on the machine
    // may hold up the test and the servers.
    expect(recovered - named).toBeLessThan(500 + 2 * load.heldUp())
    expect(load.otherErrors).toEqual([])
    const list = (await client.lrange('list', 0, -1)).map(Number)
    // Once at most, and in the order of the calls.
    expect(list).toEqual([...new Set(list)].sort((a, b) => a - b))
    // Whatever was acknowledged after the new master was named is there: nothing went to the old one.
    const late = load.acknowledged.slice(before)
    expect(list).toEqual(expect.arrayContaining(late))

    // Called again and again, over both masters, the job was done once. Whoever is in doubt is told that it ends.
    expect([...load.onceReplies]).toEqual([1])
    expect(await client.get('jobs-done')).toBe('1')
    for (const error of load.doubts) {
      expect(await error.fenced).toBeTypeOf('boolean')
      expect(await error.resolved).toBeTypeOf('string')
    }

    // Everything else has followed.
    const other = createClient({
      host: '127.0.0.1',
      port: second,
      ...(setupOptions.password === undefined ? {} : { password: setupOptions.password }),
    })
    await until(async () => (await other.publish('news', 'after')) === 1)
    await until(() => messages.includes('after'))
    expect(gaps).toHaveLength(1)
    const outcome = await Promise.race([blocked, Promise.resolve('waiting')])
    if (outcome !== 'waiting') expect(outcome).toMatchObject({ fate: 'unknown' })
    const next = client.blpop('jobs', 5)
    await other.rpush('jobs', 'job')
    expect(await next).toEqual(['jobs', 'job'])
    expect(await client.session((session) => session.get('list').catch((error: Error) => error.message))).toContain(
      'WRONGTYPE',
    )
    await other.close()
    subscription.close()
  }, 60_000)
}
