import { expect, it } from 'vitest'
import { checkFunction } from '../../src/sessions/check-function.js'

it('a function is accepted', () => {
  expect(() => checkFunction('session', 1, () => {})).not.toThrow()
})

it.each([
  [undefined, 'undefined'],
  [5, 'a number'],
  ['text', 'a string'],
])('in place of a function, %o is refused with the place of the argument', (value, told) => {
  expect(() => checkFunction('session', 2, value)).toThrow(
    expect.objectContaining({ code: 'USAGE', fate: 'not-executed', message: expect.stringContaining(told) }),
  )
  expect(() => checkFunction('session', 2, value)).toThrow(/^session: argument 2 \(.*\) must be a function$/)
})
