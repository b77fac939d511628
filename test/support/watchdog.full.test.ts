import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const self = fileURLToPath(import.meta.url)

/** Set for the process that is to be ended: it runs this file, too. */
const isLooping = process.env.RESPITE_LOOPING === 'yes'

describe('The watchdog', () => {
  if (isLooping) {
    it('finds a loop without end', () => {
      // It ends after all, so that nothing is left behind if the watchdog does not work.
      const end = Date.now() + 60_000
      while (Date.now() < end);
    }, 120_000)
  } else {
    it('ends a process that runs no timer, and names its test', async () => {
      // The report is for the tests of this process.
      const { RESPITE_TEST_REPORT: _, ...inherited } = process.env
      const env = { ...inherited, RESPITE_LOOPING: 'yes', RESPITE_WATCHDOG_MS: '10000' }
      const args = [vitest, 'run', '--root', root, '--config', 'vitest.full.config.ts', self]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
      const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
      expect(errors).toContain('The watchdog > finds a loop without end')
      expect(code).toBe(1)
    }, 120_000)
  }
})
