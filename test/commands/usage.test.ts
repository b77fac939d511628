import { describe, expect, it } from 'vitest'
import { usage } from '../../src/commands/usage.js'

describe('The error for a wrong call', () => {
  it('names the method, and the command', () => {
    const error = usage('XINFO STREAM', 'expected 1 argument, got 0')
    expect(error.message).toBe('xinfoStream: expected 1 argument, got 0')
    expect([error.command, error.fate]).toEqual(['XINFO STREAM', 'not-executed'])
  })

  it.each(['', 'some:5', 'a value\nof two lines', 'X'.repeat(65)])(
    'does not tell what can not be a name: %j',
    (value) => {
      expect(usage(value, 'its keys are not known').message).toBe('call: its keys are not known')
    },
  )
})
