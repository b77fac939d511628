import { expect, it } from 'vitest'
import { settle } from '../support/fake-clock.js'
import { start } from './answering.js'

/** INFO, which a client asks for to warn of a policy that evicts receipts. */

it.each(['%1\r\n+toString\r\n+x\r\n', ':5\r\n', '-NOPERM no\r\n'])(
  'that is no text (%j) does no harm: no rejection is left unhandled',
  async (info) => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    const { client, peer, end } = await start((request) => {
      if (request === 'TIME') return '*2\r\n:1700000000\r\n:0\r\n'
      return request.startsWith('INFO') ? info : ':1\r\n'
    })
    expect(await client.with({ once: true }).incr('n')).toBe(1)
    expect(await client.incr('n')).toBe(1)
    for (let i = 0; i < 4; i += 1) await settle()
    expect(peer.requests).toContain('INFO memory')
    expect(unhandled).toEqual([])
    process.off('unhandledRejection', note)
    await end()
  },
)
