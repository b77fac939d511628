import { describe, expect, it } from 'vitest'
import { nameOf, sampleOfPrograms } from '../support/server.js'
import { incrementUnderCuts } from './cuts.js'

const cases = sampleOfPrograms().flatMap((program) =>
  ([2, 3] as const).map((protocol) => ({ name: nameOf(program), program, protocol })),
)

// Ten thousand cuts: cuts.full.test.ts.
describe('INCR once, under 150 cuts before and after the server ran it', () => {
  it.each(cases)('counts each call, and each has its own reply, on $name by RESP$protocol', async (one) => {
    const { value, replies, before, after } = await incrementUnderCuts(one.program, one.protocol, 150)
    // The first call, before the cuts, got 1.
    expect(replies).toEqual(replies.map((_, index) => index + 2))
    expect(value).toBe(replies.length + 1)
    expect(Math.min(before, after)).toBeGreaterThan(20)
  })
})
