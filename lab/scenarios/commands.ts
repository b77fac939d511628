import type { Said } from '../recording/trace.js'
import type { Stage } from './scenario.js'

/** Commands that a fault will affect. */
export interface PreparedCommands {
  /** Calls all of them in one tick. Resolves when their callers were told something, or have waited too long. */
  call(): Promise<readonly Said[]>
}

/**
 * Connects, and prepares a write that must not be repeated, a read, and a write that may be repeated. The write comes first, so
 * that a cut within the replies hits its reply.
 */
export async function threeCommands(stage: Stage): Promise<PreparedCommands> {
  const { client, witness } = stage
  const [count, read, write] = [stage.key('count'), stage.key('read'), stage.key('write')]
  await witness.set(read, 'value')
  // So that the reply of this INCR is never taken for that of the first one.
  await witness.set(stage.key('afterwards'), '41')
  await client.connect()
  await client.get(stage.key('warm-up'))
  return {
    call: () =>
      Promise.all([
        stage.call('INCR', count, () => client.incr(count), { mayRun: 1, expected: '1' }),
        stage.call('GET', read, () => client.get(read), { expected: '"value"' }),
        stage.call('SET', write, () => client.set(write, 'new'), { expected: '"OK"' }),
      ]),
  }
}

/** Checks that the client works again. Call it after `threeCommands`, which has set the counter. */
export async function afterwards(stage: Stage): Promise<void> {
  const key = stage.key('afterwards')
  await stage.call('INCR', key, () => stage.client.incr(key), { mayRun: 1, expected: '42' })
}
