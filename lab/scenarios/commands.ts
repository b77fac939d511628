import type { Said } from '../recording/trace.js'
import type { Stage } from './scenario.js'

/** The commands that a fault is to meet. */
export interface PreparedCommands {
  /** Calls all of them in one tick. Resolves when each has been told something, or too much time is over. */
  call(): Promise<readonly Said[]>
}

/**
 * Connects, and prepares a write that must not be repeated, a read, and a write that may be, in this order: the first is
 * the one whose reply a cut within the replies meets.
 */
export async function threeCommands(stage: Stage): Promise<PreparedCommands> {
  const { client, witness } = stage
  const [count, read, write] = [stage.key('count'), stage.key('read'), stage.key('write')]
  await witness.set(read, 'value')
  // So that the reply of this INCR can not pass for that of the first one.
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

/** Whether the client is of use again. After `threeCommands`, which has set the count. */
export async function afterwards(stage: Stage): Promise<void> {
  const key = stage.key('afterwards')
  await stage.call('INCR', key, () => stage.client.incr(key), { mayRun: 1, expected: '42' })
}
