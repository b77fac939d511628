import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/**
 * A guard of the hot path that counts, so that no noise of a machine can hide a regression, or feign one. What is counted
 * today stands beside each bound; whoever makes a command dearer has to raise it here, and say why.
 */
it('a GET in a burst of 1,000, with a time limit, allocates little, and shares its write and its timer', () => {
  const script = fileURLToPath(new URL('../../bench/allocations.ts', import.meta.url))
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256', '--import', 'tsx']
  const { bytesPerCommand, commandsPerWrite, timers } = JSON.parse(
    execFileSync(process.execPath, [...flags, script], { encoding: 'utf8' }),
  ) as { bytesPerCommand: number; commandsPerWrite: number; timers: number }
  // 770 to 850 today, of which the caller's promise and its reaction are a part.
  expect(bytesPerCommand).toBeLessThan(1_100)
  // Less can't be: it would mean that something was collected meanwhile, and nothing counted.
  expect(bytesPerCommand).toBeGreaterThan(300)
  // 333: what waits is written when it is 8 kB, and at the end of the tick.
  expect(commandsPerWrite).toBeGreaterThanOrEqual(333)
  // The one timer was set before the count began.
  expect(timers).toBeLessThanOrEqual(1)
})
