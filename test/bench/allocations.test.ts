import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/**
 * Guards the hot path by counting, which noise on the machine does not affect. A comment at each limit gives the current
 * figure. If a command becomes more expensive, raise the limit here and say why.
 */
it('a GET in a burst of 1,000, with a time limit, allocates little and shares its write and its timer', () => {
  const script = fileURLToPath(new URL('../../bench/allocations.ts', import.meta.url))
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256', '--import', 'tsx']
  const { bytesPerCommand, commandsPerWrite, timers } = JSON.parse(
    execFileSync(process.execPath, [...flags, script], { encoding: 'utf8' }),
  ) as { bytesPerCommand: number; commandsPerWrite: number; timers: number }
  // Now 720 to 850, including the caller's promise and its reaction.
  expect(bytesPerCommand).toBeLessThan(1_100)
  // Less would mean that garbage was collected during the count.
  expect(bytesPerCommand).toBeGreaterThan(300)
  // Now 333: commands are written when 384 of them wait, and at the end of the tick.
  expect(commandsPerWrite).toBeGreaterThanOrEqual(333)
  // The shared timer may have been set before the count.
  expect(timers).toBeLessThanOrEqual(1)
})
