import { describe, expect, it } from 'vitest'
import { ReplyMode } from '../../src/dispatch/reply-mode.js'

/** Those of the sent commands that get no reply. */
function silent(...commands: string[]): string[] {
  const replies = new ReplyMode()
  return commands.filter((line) => {
    const args = line.split(' ')
    const name = args[0] === 'CLIENT' ? `CLIENT ${args[1]}` : (args[0] as string)
    return replies.note(name, args)
  })
}

describe('the replies of a session', () => {
  it.each([
    ['by default, to every command', ['GET a', 'SET b c'], []],
    [
      'to none after OFF, nor to OFF itself',
      ['CLIENT REPLY OFF', 'GET a', 'GET b'],
      ['CLIENT REPLY OFF', 'GET a', 'GET b'],
    ],
    [
      'again after ON, and to ON itself',
      ['CLIENT REPLY OFF', 'GET a', 'client reply on', 'GET b'],
      ['CLIENT REPLY OFF', 'GET a'],
    ],
    [
      'not to SKIP, nor to the command after it',
      ['CLIENT REPLY SKIP', 'GET a', 'GET b'],
      ['CLIENT REPLY SKIP', 'GET a'],
    ],
    ['to none after OFF and SKIP', ['CLIENT REPLY OFF', 'CLIENT REPLY SKIP', 'GET a', 'GET b'], 'all'],
    ['to invalid CLIENT REPLY commands', ['CLIENT REPLY SKIP x', 'CLIENT REPLY', 'GET a'], []],
    [
      'not to invalid CLIENT REPLY commands after OFF',
      ['CLIENT REPLY OFF', 'CLIENT REPLY x', 'CLIENT REPLY ON x', 'GET a'],
      ['CLIENT REPLY OFF', 'CLIENT REPLY x', 'CLIENT REPLY ON x', 'GET a'],
    ],
    ['again after RESET, and to RESET itself', ['CLIENT REPLY OFF', 'RESET', 'GET a'], ['CLIENT REPLY OFF']],
    ['not to RESET after SKIP', ['CLIENT REPLY SKIP', 'RESET', 'GET a'], ['CLIENT REPLY SKIP', 'RESET']],
  ])('come: %s', (_, commands, expected) => {
    const normal = commands.map((line) => line.replace('client reply on', 'CLIENT REPLY ON'))
    expect(silent(...normal)).toEqual(expected === 'all' ? normal : expected)
  })

  it('are QUEUED after MULTI, until EXEC, DISCARD or RESET', () => {
    const replies = new ReplyMode()
    expect(replies.isQueuing).toBe(false)
    for (const end of ['EXEC', 'DISCARD', 'RESET']) {
      replies.note('MULTI', ['MULTI'])
      replies.note('SET', ['SET', 'k', 'v'])
      expect(replies.isQueuing).toBe(true)
      replies.note(end, [end])
      expect(replies.isQueuing).toBe(false)
    }
  })
})
