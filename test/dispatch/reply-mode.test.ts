import { describe, expect, it } from 'vitest'
import { ReplyMode } from '../../src/dispatch/reply-mode.js'

/** Commands as they are sent, and which of them get no reply. */
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
    ['all', ['GET a', 'SET b c'], []],
    ['none after OFF, nor OFF itself', ['CLIENT REPLY OFF', 'GET a', 'GET b'], ['CLIENT REPLY OFF', 'GET a', 'GET b']],
    [
      'again with ON, whose own comes',
      ['CLIENT REPLY OFF', 'GET a', 'client reply on', 'GET b'],
      ['CLIENT REPLY OFF', 'GET a'],
    ],
    ['not of SKIP, and of the one after it', ['CLIENT REPLY SKIP', 'GET a', 'GET b'], ['CLIENT REPLY SKIP', 'GET a']],
    ['SKIP changes nothing while there are none', ['CLIENT REPLY OFF', 'CLIENT REPLY SKIP', 'GET a', 'GET b'], 'all'],
    ['also of what is no CLIENT REPLY that the server takes', ['CLIENT REPLY SKIP x', 'CLIENT REPLY', 'GET a'], []],
    [
      'not of it while there are none',
      ['CLIENT REPLY OFF', 'CLIENT REPLY x', 'CLIENT REPLY ON x', 'GET a'],
      ['CLIENT REPLY OFF', 'CLIENT REPLY x', 'CLIENT REPLY ON x', 'GET a'],
    ],
    ['again with RESET, whose own comes', ['CLIENT REPLY OFF', 'RESET', 'GET a'], ['CLIENT REPLY OFF']],
    ['not of RESET after SKIP', ['CLIENT REPLY SKIP', 'RESET', 'GET a'], ['CLIENT REPLY SKIP', 'RESET']],
  ])('come: %s', (_, commands, expected) => {
    const normal = commands.map((line) => line.replace('client reply on', 'CLIENT REPLY ON'))
    expect(silent(...normal)).toEqual(expected === 'all' ? normal : expected)
  })

  it('are QUEUED from MULTI on, until EXEC, DISCARD or RESET', () => {
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
