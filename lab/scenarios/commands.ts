import type { Expectation } from '../recording/recorder.js'
import type { Said } from '../recording/trace.js'
import type { Stage } from './scenario.js'

/** A fault hides the result of a command that must not be repeated: it may fail, if its caller is told the truth. */
export const resultHidden = { mayFail: ['unknown', 'executed'] } as const satisfies Expectation

/**
 * A fault hides the result of a command that is safe to repeat, or of one that can wait: it must succeed. An error that does not
 * say whether it ran is judged as one.
 */
export const mustSucceed = { isHidden: true } as const satisfies Expectation

/** Commands that a fault will affect. */
export interface PreparedCommands {
  /**
   * Calls all of them in one tick. Resolves when their callers were told something, or have waited too long.
   * @param count of the write that must not be repeated: may it fail? Default: it may not
   * @param others the same of the two that may be repeated
   */
  call(count?: Expectation, others?: Expectation): Promise<readonly Said[]>
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
    call: (ofCount = {}, ofOthers = {}) =>
      Promise.all([
        stage.call('INCR', count, () => client.incr(count), { ...ofCount, mayRun: 1, expected: '1' }),
        stage.call('GET', read, () => client.get(read), { ...ofOthers, expected: '"value"' }),
        stage.call('SET', write, () => client.set(write, 'new'), { ...ofOthers, expected: '"OK"' }),
      ]),
  }
}

/** Checks that the client works again. Call it after `threeCommands`, which has set the counter. */
export async function afterwards(stage: Stage, expectation: Expectation = {}): Promise<void> {
  const key = stage.key('afterwards')
  await stage.call('INCR', key, () => stage.client.incr(key), { ...expectation, mayRun: 1, expected: '42' })
}
