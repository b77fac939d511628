import { describe, expect, it } from 'vitest'
import { ServerModel } from '../../../lab/server/model.js'
import type { ServerSession } from '../../../lab/server/session.js'

/** Replies are those of Redis 7.0.15, Redis 8.0.6 and Valkey 9.1.2, unless a test says otherwise. */
function connect(): { model: ServerModel; session: ServerSession; ran: string[]; refused: string[] } {
  const model = new ServerModel()
  const ran: string[] = []
  const refused: string[] = []
  const session = model.connect(
    (args) => ran.push(args.join(' ')),
    () => {},
    (args) => refused.push(args.join(' ')),
  )
  return { model, session, ran, refused }
}

const frame = (...args: readonly string[]): Buffer =>
  Buffer.from(`*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join('')}`)

/** All lines arrive in one read. */
const say = (session: ServerSession, ...lines: readonly string[]): string[] =>
  session.receive(Buffer.concat(lines.map((line) => frame(...line.split(' '))))).map(String)

const noPermission = (name: string): string => `NOPERM User default has no permissions to run the '${name}' command\r\n`

describe('a user without the right to', () => {
  it('MULTI runs each command when it arrives, and EXEC fails', () => {
    const { model, session, ran } = connect()
    model.denied = new Set(['MULTI'])
    expect(say(session, 'MULTI', 'INCR n', 'EXEC')).toEqual([
      `-${noPermission('multi')}`,
      ':1\r\n',
      '-ERR EXEC without MULTI\r\n',
    ])
    expect(ran).toContain('INCR n')
  })

  it('EXEC gets EXECABORT, in a transaction and outside', () => {
    const { model, session, refused } = connect()
    model.denied = new Set(['EXEC'])
    const reply = `-EXECABORT Transaction discarded because of: ${noPermission('exec')}`
    expect(say(session, 'MULTI', 'INCR n', 'EXEC', 'EXEC', 'PING').slice(2)).toEqual([reply, reply, '+PONG\r\n'])
    expect(refused).toEqual(['INCR n'])
  })

  it('one command of a transaction has all of it discarded at EXEC', () => {
    const { model, session, refused } = connect()
    model.denied = new Set(['INCR'])
    expect(say(session, 'MULTI', 'INCR n', 'SET k v', 'EXEC')).toEqual([
      '+OK\r\n',
      `-${noPermission('incr')}`,
      '+QUEUED\r\n',
      '-EXECABORT Transaction discarded because of previous errors.\r\n',
    ])
    expect(refused).toEqual(['INCR n', 'SET k v'])
  })

  it('CLIENT can run none of its subcommands', () => {
    const { model, session } = connect()
    model.denied = new Set(['CLIENT'])
    expect(say(session, 'CLIENT ID')).toEqual([`-${noPermission('client')}`])
  })
})

describe('EXEC on a busy server', () => {
  it('replies EXECABORT and ends the transaction', () => {
    const { model, session } = connect()
    model.busyExecs = 1
    expect(say(session, 'MULTI', 'INCR n', 'EXEC')[2]).toMatch(/^-EXECABORT Transaction discarded because of: BUSY /)
    expect(say(session, 'EXEC')).toEqual(['-ERR EXEC without MULTI\r\n'])
  })

  it('leaves the transaction open on an old server', () => {
    const { model, session } = connect()
    model.busyExecs = 1
    model.leavesTransactionsOpen = true
    expect(say(session, 'MULTI', 'INCR n', 'EXEC')[2]).toMatch(/^-BUSY /)
    expect(say(session, 'EXEC')).toEqual(['*1\r\n:1\r\n'])
  })
})

describe('a failed AUTH', () => {
  it('is answered in order', () => {
    const replies = say(connect().session, 'ECHO one', 'AUTH who wrong', 'ECHO two')
    expect(replies[1]).toMatch(/^-WRONGPASS /)
    expect(replies).toHaveLength(3)
  })

  it('gets no reply from Redis 8.0 unless it is the first command of a read', () => {
    const { model, session } = connect()
    model.dropsAuthErrors = true
    expect(say(session, 'ECHO one', 'AUTH who wrong', 'ECHO two')).toEqual(['$3\r\none\r\n', '$3\r\ntwo\r\n'])
    expect(say(session, 'ECHO one', 'HELLO 3 AUTH who wrong')).toHaveLength(1)
    expect(say(session, 'AUTH who wrong', 'ECHO two')).toHaveLength(2)
  })
})

describe('a request longer than the query buffer limit', () => {
  it('ends the connection without a reply', () => {
    const { model, session, ran } = connect()
    model.queryBufferLimit = 100
    expect(session.receive(frame('SET', 'k', 'v'.repeat(200)).subarray(0, 150))).toEqual([])
    expect(session.isCut).toBe(true)
    expect(session.isClosed).toBe(true)
    expect(ran).toEqual([])
  })

  it('is an incomplete one: complete requests together may be longer', () => {
    const { model, session } = connect()
    model.queryBufferLimit = 100
    const small = frame('SET', 'k', 'v'.repeat(40))
    expect(session.receive(Buffer.concat([small, small, small]))).toHaveLength(3)
    expect(session.isCut).toBe(false)
  })
})

describe('a script', () => {
  const script = "redis.call('INCR', KEYS[1]) return redis.error_reply(ARGV[1])"
  const run = (session: ServerSession, ...args: readonly string[]): string[] =>
    session.receive(frame(...args)).map(String)

  it('may do its work and return any error', () => {
    const { session, ran } = connect()
    expect(run(session, 'EVAL', script, '1', 'n', 'BUSY so it says')).toEqual(['-BUSY so it says\r\n'])
    expect(ran[0]).toBe('INCR n')
    expect(run(session, 'EVAL', "return redis.call('INCR', KEYS[1])", '1', 'n')).toEqual([':2\r\n'])
  })

  it('ends at the first command that fails', () => {
    const { session, ran } = connect()
    const two = "redis.call('LPUSH', KEYS[1], 'x') redis.call('INCR', KEYS[1]) redis.call('INCR', 'n')"
    expect(run(session, 'EVAL', two, '1', 'l')[0]).toMatch(/^-WRONGTYPE /)
    expect(ran).not.toContain('INCR n')
  })

  it('is stored under its SHA-1', () => {
    const { session } = connect()
    expect(run(session, 'EVALSHA', 'f'.repeat(40), '0')).toEqual(['-NOSCRIPT No matching script. Please use EVAL.\r\n'])
    const [reply] = run(session, 'SCRIPT', 'LOAD', "return redis.call('PING')")
    const sha1 = reply?.split('\r\n')[1] ?? ''
    expect(run(session, 'SCRIPT', 'EXISTS', sha1)).toEqual(['*1\r\n:1\r\n'])
  })

  it('with anything but calls is not supported', () => {
    expect(run(connect().session, 'EVAL', 'while true do end', '0')[0]).toMatch(/^-ERR Error compiling script/)
  })
})
