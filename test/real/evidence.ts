import { type Client, createClient, type Fate, RespiteError } from '../../src/index.js'
import type { Chance } from '../simulation/chance.js'
import { HalfOpenRelay } from '../support/half-open-relay.js'

/** What was seen in many tries. */
export interface EvidenceCounts {
  tries: number
  /** Commands whose fate was unknown when they were rejected, by what they were resolved as. */
  resolved: Partial<Record<Fate, number>>
  /** Of these, the ones that were not said to be fenced. */
  unfenced: number
  /** Resolved as not executed, and found in the data, or the other way round. */
  wrong: number
}

/** Sends one command that pushes its mark to a list, or is refused. */
function push(client: Client, mark: string, chance: Chance): Promise<unknown> {
  const payload = 'x'.repeat(chance.between(0, 3_000))
  switch (chance.between(0, 5)) {
    case 0:
      return client.eval(
        "redis.call('INCR', 'n') redis.call('SET', 'p', ARGV[2]) return redis.call('RPUSH', KEYS[1], ARGV[1])",
        1,
        'marks',
        mark,
        payload,
      )
    case 1:
      return client.multi().incr('n').rpush('marks', mark).set('p', payload).exec()
    case 2:
      // Refused: it never runs.
      return client.lpush('text', mark, payload)
    default:
      return client.rpush('marks', mark)
  }
}

/**
 * Cuts half-open connections with up to 40 unsafe commands in flight at any byte, and compares what each was resolved as with
 * the data.
 */
export async function tryEvidence(serverPort: number, tries: number, chance: Chance): Promise<EvidenceCounts> {
  const counts: EvidenceCounts = { tries, resolved: {}, unfenced: 0, wrong: 0 }
  const relay = await HalfOpenRelay.start(serverPort)
  const witness = createClient({ port: serverPort })
  const client = createClient({
    port: relay.port,
    retry: 'never',
    reconnect: { baseDelay: 1, maxDelay: 2 },
  })
  const unknown: { readonly mark: string; readonly resolved: Fate }[] = []
  try {
    await witness.flushall()
    await witness.set('text', 'text')
    for (let round = 0; round < tries; round += 1) {
      await client.ping()
      const link = relay.newest
      const before = link.received
      const written = client.stats().bytesWritten
      const count = chance.between(1, 40)
      const calls = Array.from({ length: count }, (_, index) => {
        const mark = `${round}:${index}`
        return push(client, mark, chance).then(
          () => undefined,
          (error: unknown) => {
            if (!(error instanceof RespiteError)) throw error
            return error.fate === 'unknown' ? { mark, error } : undefined
          },
        )
      })
      // Handed over at the end of the tick: then it is known how many bytes there are.
      link.hold()
      await new Promise((resolve) => setImmediate(resolve))
      const bytes = client.stats().bytesWritten - written
      await link.receives(before + bytes)
      link.deliver(chance.between(0, bytes))
      link.cut('reset')
      for (const lost of await Promise.all(calls)) {
        if (lost === undefined) continue
        const resolved = (await lost.error.resolved) as Fate
        if (!(await lost.error.fenced)) counts.unfenced += 1
        counts.resolved[resolved] = (counts.resolved[resolved] ?? 0) + 1
        unknown.push({ mark: lost.mark, resolved })
      }
    }
    const present = new Set(await witness.lrange('marks', 0, -1))
    for (const { mark, resolved } of unknown) if (resolved === 'not-executed' && present.has(mark)) counts.wrong += 1
  } finally {
    client.destroy()
    witness.destroy()
    relay.stop()
  }
  return counts
}
