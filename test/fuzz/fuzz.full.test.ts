import { expect, it } from 'vitest'
import { runProgramWithin } from '../support/run-program.js'

const calls = 20_000
const seed = Math.floor(Math.random() * 1_000_000_000)

it(`${calls} new calls of any kind, right and wrong, find nothing (npm run fuzz -- --calls ${calls} --seed ${seed})`, {
  timeout: 310_000,
}, async () => {
  const program = ['test/fuzz/main.ts', '--calls', String(calls), '--seed', String(seed)]
  const { output } = await runProgramWithin(300_000, ...(program as [string, ...string[]]))
  expect(output).toContain('nothing was found')
})
