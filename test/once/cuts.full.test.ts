import { describe, expect, it } from 'vitest'
import { nameOf, serverPrograms } from '../support/server.js'
import { incrementUnderCuts } from './cuts.js'

const cuts = 10_000

describe(`INCR once, under ${cuts} cuts before and after the server ran it`, () => {
  it.each(serverPrograms().map((program) => ({ name: nameOf(program), program })))(
    'counts each call, and each has its own reply, on $name',
    async ({ program }) => {
      const { value, replies, before, after } = await incrementUnderCuts(program, 3, cuts)
      expect(replies).toEqual(replies.map((_, index) => index + 2))
      expect(value).toBe(replies.length + 1)
      expect(before + after).toBe(cuts)
      expect(Math.min(before, after)).toBeGreaterThan(cuts / 10)
    },
    300_000,
  )
})
