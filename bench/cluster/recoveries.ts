import { setTimeout as sleep } from 'node:timers/promises'
import type { Written } from './child.js'
import type { Contender } from './rates.js'
import type { ClientRecovery } from './report.js'

/** Moments, in milliseconds since 1970. */
export interface Moments {
  /** When the master was killed. */
  readonly killedAt: number
  /** When it was certainly dead: a write that succeeds must have been called after this. */
  readonly deadAt: number
  /** When a client that has not recovered has had its chance. */
  readonly until: number
}

/**
 * Waits until every client that writes has recovered, has all of them stop, and only then asks what became of the writes: one that
 * recovers first would otherwise have fewer writes counted than the others.
 */
export async function recoveriesOf(
  contenders: readonly Contender[],
  { killedAt, deadAt, until }: Moments,
): Promise<Readonly<Record<string, ClientRecovery>>> {
  for (const { channel } of contenders) {
    while ((await written(channel, deadAt)).succeededAt === undefined && now() <= until) await sleep(50)
  }
  await Promise.all(contenders.map(({ channel }) => channel.ask({ kind: 'stop' })))
  const all = contenders.map(async ({ label, channel }): Promise<[string, ClientRecovery]> => {
    const { succeededAt, rejected } = await written(channel, deadAt)
    return [label, { recovered: succeededAt === undefined ? undefined : succeededAt - killedAt, rejected }]
  })
  return Object.fromEntries(await Promise.all(all))
}

async function written(channel: Contender['channel'], since: number): Promise<Written> {
  return (await channel.ask({ kind: 'written', since })) as Written
}

const now = (): number => performance.timeOrigin + performance.now()
