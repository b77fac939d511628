import { describe, expect, it } from 'vitest'
import { Identity, lineOf } from '../../../src/connection/fence/identity.js'
import { ErrorReply } from '../../../src/protocol/types.js'

const line = (addresses: string, more = ''): Buffer => Buffer.from(`id=7 ${addresses} fd=8 name=${more}\n`, 'latin1')

describe('a line of CLIENT LIST', () => {
  it('gives the bytes of the address as they came', () => {
    const path = 'addr=/tmp/\xe9 \xff/redis.sock:0'
    expect(lineOf(line(`${path} laddr=/tmp/\xe9 \xff/redis.sock:0`))?.address).toEqual(
      Buffer.from('/tmp/\xe9 \xff/redis.sock:0', 'latin1'),
    )
    expect(lineOf(line('addr=[::1]:35766 laddr=[::1]:6379'))?.address.toString()).toBe('[::1]:35766')
  })

  it.each([
    ['the server does not know the address', 'addr=?:0 laddr=?:0'],
    ['the same, of newer servers', 'addr= laddr='],
    ['the path holds what looks like the next field', 'addr=/tmp/x laddr=/s:0 laddr=/tmp/x laddr=/s:0'],
    ['the server has no local addresses', 'addr=127.0.0.1:1'],
  ])('gives nothing if %s', (_, fields) => {
    expect(lineOf(line(fields))).toBeUndefined()
  })

  it('says how many bytes were read, if the server counts them', () => {
    const fields = 'addr=127.0.0.1:1 laddr=127.0.0.1:2'
    expect(lineOf(line(fields, ' tot-net-in=512 tot-net-out=9'))?.bytesRead).toBe(512)
    expect(lineOf(line(fields))?.bytesRead).toBeUndefined()
    // Not by the path of a socket.
    const path = '/a fd=1 tot-net-in=3 b:0'
    expect(lineOf(line(`addr=${path} laddr=127.0.0.1:2`))?.bytesRead).toBeUndefined()
  })
})

describe('an identity', () => {
  const info = (id: number): Buffer => Buffer.from(`id=${id} addr=127.0.0.1:1 laddr=127.0.0.1:2 fd=8\n`)

  it.each([
    ['its own line', 7, 7, true],
    ["another connection's line", 7, 8, false],
    ['a line, but not its number', undefined, 8, false],
  ])('was told %s', (_, told, inLine, isOwn) => {
    const identity = new Identity('')
    identity.id = told
    identity.take('CLIENT INFO', info(inLine))
    expect(identity.isOwn).toBe(isOwn)
  })

  it.each([
    ['BUSY Redis is busy running a script.', true],
    ['LOADING Redis is loading the dataset in memory', true],
    ['MASTERDOWN Link with MASTER is down', true],
    ['NOAUTH Authentication required.', true],
    ["NOPERM User app has no permissions to run the 'info' command", false],
    ["ERR unknown command 'INFO'", false],
    ['ERR syntax error', false],
  ])('asks again after %s: %s', (message, isAskedAgain) => {
    const identity = new Identity('')
    identity.take('INFO', new ErrorReply(message))
    expect([identity.unanswered.has('INFO'), identity.refused.has('INFO')]).toEqual([isAskedAgain, !isAskedAgain])
    identity.take('INFO', Buffer.from('# Server\r\nredis_version:7.0.15\r\nrun_id:abc0\r\ntcp_port:1\r\n'))
    expect([identity.runId, identity.unanswered.size]).toEqual(['abc0', 0])
  })

  it('is at the same server only if both know the process', () => {
    const [one, other] = [new Identity(''), new Identity('')]
    expect(one.isAtServerOf(other)).toBe(false)
    one.runId = 'a'
    expect(one.isAtServerOf(other)).toBe(false)
    other.runId = 'b'
    expect(one.isAtServerOf(other)).toBe(false)
    other.runId = 'a'
    expect(one.isAtServerOf(other)).toBe(true)
  })
})
