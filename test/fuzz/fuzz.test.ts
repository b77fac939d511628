import { expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'

const calls = 2_500
const seed = Math.floor(Math.random() * 1_000_000_000)

// In a separate process: when it exits by itself, no handle is left.
it(`${calls} calls of any kind, right and wrong, find nothing (npm run fuzz -- --calls ${calls} --seed ${seed})`, async () => {
  const { code, output } = await runProgram('test/fuzz/main.ts', '--calls', String(calls), '--seed', String(seed))
  expect(output).toContain('nothing was found')
  expect(code).toBe(0)
})
