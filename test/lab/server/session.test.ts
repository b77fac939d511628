import { describe, expect, it } from 'vitest'
import { ServerModel, type ServerModelOptions } from '../../../lab/server/model.js'
import type { ServerSession } from '../../../lab/server/session.js'

const say = (session: ServerSession, ...lines: readonly string[]): string[] =>
  session.receive(Buffer.from(lines.map((line) => `${line}\r\n`).join(''))).map(String)

const connect = (options: ServerModelOptions = {}): { model: ServerModel; session: ServerSession; ran: string[] } => {
  const model = new ServerModel({ now: () => 1_500, ...options })
  const ran: string[] = []
  return { model, session: model.connect((args) => ran.push(args.join(' '))), ran }
}

describe('replies in both protocol versions', () => {
  it.each([
    [['GET none'], '$-1\r\n', '_\r\n'],
    [['SET k v'], '+OK\r\n', '+OK\r\n'],
    [['RPUSH l a b', 'LRANGE l 0 -1'], '*2\r\n$1\r\na\r\n$1\r\nb\r\n', '*2\r\n$1\r\na\r\n$1\r\nb\r\n'],
    [['LPOP none 1'], '*-1\r\n', '_\r\n'],
    [['HSET h f v', 'HGETALL h'], '*2\r\n$1\r\nf\r\n$1\r\nv\r\n', '%1\r\n$1\r\nf\r\n$1\r\nv\r\n'],
    [['SADD s m', 'SMEMBERS s'], '*1\r\n$1\r\nm\r\n', '~1\r\n$1\r\nm\r\n'],
    [['ZADD z 1.5 m', 'ZSCORE z m'], '$3\r\n1.5\r\n', ',1.5\r\n'],
    [['ZADD z -inf m', 'ZSCORE z m'], '$4\r\n-inf\r\n', ',-inf\r\n'],
    [
      ['ZADD z 2 b 1 a', 'ZRANGE z 0 -1 WITHSCORES'],
      '*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n',
      '*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2\r\n',
    ],
    [['CONFIG GET databases'], '*2\r\n$9\r\ndatabases\r\n$2\r\n16\r\n', '%1\r\n$9\r\ndatabases\r\n$2\r\n16\r\n'],
    [['TIME'], '*2\r\n$1\r\n1\r\n$6\r\n500000\r\n', '*2\r\n$1\r\n1\r\n$6\r\n500000\r\n'],
  ])('%j', (lines, resp2, resp3) => {
    expect(say(connect().session, ...lines).at(-1)).toBe(resp2)
    expect(say(connect().session, 'HELLO 3', ...lines).at(-1)).toBe(resp3)
  })

  it('HELLO is answered in the requested version; RESET returns to RESP2', () => {
    const { session } = connect()
    expect(say(session, 'HELLO 3')[0]).toMatch(/^%7\r\n\$6\r\nserver\r\n/)
    expect(say(session, 'HELLO 2')[0]).toMatch(/^\*14\r\n/)
    expect(say(session, 'HELLO 3', 'RESET', 'GET none').slice(1)).toEqual(['+RESET\r\n', '$-1\r\n'])
  })
})

describe('what is refused', () => {
  it.each([
    ['HELLO 4', '-NOPROTO unsupported protocol version\r\n'],
    ['HELLO x', '-ERR Protocol version is not an integer or out of range\r\n'],
    ['HELLO 3 NAME', "-ERR Syntax error in HELLO option 'NAME'\r\n"],
    ['FCALL code 0', "-ERR unknown command 'FCALL', with args beginning with: 'code' '0' \r\n"],
    ['get', "-ERR wrong number of arguments for 'get' command\r\n"],
    ['SELECT 16', '-ERR DB index is out of range\r\n'],
    ['EXEC', '-ERR EXEC without MULTI\r\n'],
    ['CLIENT FLY', "-ERR unknown subcommand 'FLY'. Try CLIENT HELP.\r\n"],
    ['SET k v NX XX', '-ERR syntax error\r\n'],
    ['INCRBY k 1.5', '-ERR value is not an integer or out of range\r\n'],
  ])('%s', (line, reply) => {
    expect(say(connect().session, line)).toEqual([reply])
  })

  it('invalid bytes: the error is the last reply, and the connection ends', () => {
    const { session } = connect()
    expect(say(session, 'PING', '*1', 'x', 'PING')).toEqual([
      '+PONG\r\n',
      "-ERR Protocol error: expected '$', got 'x'\r\n",
    ])
    expect(session.isClosed).toBe(true)
    expect(say(session, 'PING')).toEqual([])
  })

  it('everything after QUIT', () => {
    const { session, ran } = connect()
    expect(say(session, 'QUIT', 'INCR n')).toEqual(['+OK\r\n'])
    expect(session.isClosed).toBe(true)
    expect(ran).toEqual(['QUIT'])
  })
})

describe('users', () => {
  it('no command runs before authentication', () => {
    const { session, ran } = connect({ password: 'secret' })
    expect(say(session, 'GET k', 'AUTH wrong', 'AUTH secret', 'GET k')).toEqual([
      '-NOAUTH Authentication required.\r\n',
      '-WRONGPASS invalid username-password pair or user is disabled.\r\n',
      '+OK\r\n',
      '$-1\r\n',
    ])
    expect(ran.filter((line) => line.startsWith('GET'))).toHaveLength(1)
  })

  it('HELLO authenticates by name, and is refused without authentication', () => {
    const { session } = connect({ users: { ada: 'pw' } })
    expect(say(session, 'HELLO 3')[0]).toMatch(/^-NOAUTH HELLO must be called/)
    expect(say(session, 'HELLO 3 AUTH ada wrong')[0]).toMatch(/^-WRONGPASS /)
    expect(say(session, 'HELLO 3 AUTH ada pw SETNAME me', 'CLIENT GETNAME')[1]).toBe('$2\r\nme\r\n')
  })

  it('without users, AUTH with only a password says that no password is set', () => {
    expect(say(connect().session, 'AUTH x')[0]).toMatch(/^-ERR AUTH <password> called without any password/)
  })
})

describe('transactions', () => {
  it('run at EXEC, and return the replies of all commands, including errors', () => {
    const { session, ran } = connect()
    expect(say(session, 'MULTI', 'SET k v', 'LPUSH k x', 'STRLEN k').slice(1)).toEqual(Array(3).fill('+QUEUED\r\n'))
    expect(ran).toEqual(['MULTI'])
    expect(say(session, 'EXEC')[0]).toMatch(/^\*3\r\n\+OK\r\n-WRONGTYPE [^\r]+\r\n:1\r\n$/)
    expect(ran).toEqual(['MULTI', 'SET k v', 'LPUSH k x', 'STRLEN k', 'EXEC'])
  })

  it('are discarded if a command could not be queued', () => {
    const { session, ran } = connect()
    expect(say(session, 'MULTI', 'INCR n', 'NOPE', 'EXEC', 'GET n').slice(2)).toEqual([
      "-ERR unknown command 'NOPE', with args beginning with: \r\n",
      '-EXECABORT Transaction discarded because of previous errors.\r\n',
      '$-1\r\n',
    ])
    expect(ran).not.toContain('INCR n')
  })

  it('are discarded by DISCARD and by RESET', () => {
    const { session } = connect()
    expect(say(session, 'MULTI', 'INCR n', 'DISCARD', 'MULTI', 'INCR n', 'RESET', 'GET n').at(-1)).toBe('$-1\r\n')
  })

  it.each([
    ['another connection writes the key', 'SET k other', '*-1\r\n'],
    ['another connection writes another key', 'SET l other', '*1\r\n+OK\r\n'],
    ['everything is flushed', 'FLUSHALL', '*-1\r\n'],
  ])('under WATCH, when %s', (_, line, reply) => {
    const { model, session } = connect()
    say(session, 'SET k v', 'WATCH k', 'MULTI', 'SET k mine')
    say(model.connect(), line)
    expect(say(session, 'EXEC')).toEqual([reply])
  })

  it('under WATCH, when the key expires', () => {
    const clock = { now: 0 }
    const { session } = connect({ now: () => clock.now })
    say(session, 'SET k v PX 10', 'WATCH k', 'MULTI', 'SET k mine')
    clock.now = 10
    expect(say(session, 'EXEC')).toEqual(['*-1\r\n'])
  })

  it('WATCH applies to one transaction only', () => {
    const { session } = connect()
    expect(say(session, 'WATCH k', 'MULTI', 'EXEC', 'SET k v', 'MULTI', 'EXEC').at(-1)).toBe('*0\r\n')
  })

  it('refuse MULTI and WATCH, and queue HELLO', () => {
    expect(say(connect().session, 'MULTI', 'MULTI', 'WATCH k', 'HELLO 3').slice(1)).toEqual([
      '-ERR MULTI calls can not be nested\r\n',
      '-ERR WATCH inside MULTI is not allowed\r\n',
      '+QUEUED\r\n',
    ])
  })
})

describe('a server with limited service', () => {
  it('answers LOADING to data commands while loading, and accepts clients', () => {
    const { model, session, ran } = connect()
    model.isLoading = true
    const loading = '-LOADING Redis is loading the dataset in memory\r\n'
    expect(say(session, 'GET k', 'PING', 'SELECT 1', 'MULTI', 'INCR n', 'EXEC')).toEqual([
      loading,
      loading,
      '+OK\r\n',
      '+OK\r\n',
      loading,
      '-EXECABORT Transaction discarded because of previous errors.\r\n',
    ])
    expect(say(session, 'INFO')[0]).toContain('loading:1')
    model.isLoading = false
    expect(say(session, 'INCR n')).toEqual([':1\r\n'])
    expect(ran).toContain('INCR n')
  })

  it('answers READONLY as a replica, to writes and to EXEC with a write in it', () => {
    const { model, session } = connect()
    say(session, 'SET k v', 'MULTI', 'INCR n')
    model.isReadonly = true
    const refusal = "READONLY You can't write against a read only replica."
    expect(say(session, 'EXEC', 'DEL k', 'GET k', 'EXISTS n')).toEqual([
      `-EXECABORT Transaction discarded because of: ${refusal}\r\n`,
      `-${refusal}\r\n`,
      '$1\r\nv\r\n',
      ':0\r\n',
    ])
  })
})

describe('the state of a connection', () => {
  it('is not shared: database, name, protocol, transaction', () => {
    const { model, session } = connect()
    const other = model.connect()
    say(session, 'SELECT 3', 'SET k v', 'CLIENT SETNAME me', 'HELLO 3', 'MULTI')
    expect(say(other, 'GET k', 'CLIENT GETNAME', 'CLIENT ID')).toEqual(['$-1\r\n', '$-1\r\n', ':2\r\n'])
    expect(say(session, 'EXEC', 'GET k').at(-1)).toBe('$1\r\nv\r\n')
  })
})

/** Several connections of one server, and what each received other than as direct replies. */
function connections(count: number): {
  model: ServerModel
  sessions: ServerSession[]
  told: string[][]
  pass(ms: number): void
} {
  let now = 0
  const model = new ServerModel({ now: () => now })
  const told: string[][] = Array.from({ length: count }, () => [])
  const sessions = told.map((lines) => model.connect(undefined, (bytes) => lines.push(String(bytes))))
  const pass = (ms: number): void => {
    now += ms
    model.expireWaits()
  }
  return { model, sessions: sessions as ServerSession[], told, pass }
}

describe('a blocking command', () => {
  it('is answered when another connection pushes, the longest waiting first', () => {
    const { sessions, told } = connections(3)
    const [first, second, pusher] = sessions as [ServerSession, ServerSession, ServerSession]
    expect(say(first, 'BLPOP l 0')).toEqual([])
    expect(say(second, 'BRPOP other l 0')).toEqual([])
    expect(say(pusher, 'RPUSH l x')).toEqual([':1\r\n'])
    expect(told).toEqual([['*2\r\n$1\r\nl\r\n$1\r\nx\r\n'], [], []])
    say(pusher, 'MULTI', 'RPUSH l y', 'RPUSH l z', 'EXEC', 'LLEN l')
    expect(told[1]).toEqual(['*2\r\n$1\r\nl\r\n$1\r\nz\r\n'])
  })

  it('delays later commands of its connection', () => {
    const { sessions, told } = connections(2)
    const [waiting, pusher] = sessions as [ServerSession, ServerSession]
    expect(say(waiting, 'BLPOP l 0', 'ECHO after')).toEqual([])
    say(pusher, 'RPUSH l x')
    expect(told[0]).toEqual(['*2\r\n$1\r\nl\r\n$1\r\nx\r\n', '$5\r\nafter\r\n'])
  })

  it('waits exactly as long as requested', () => {
    const { model, sessions, told, pass } = connections(1)
    say(sessions[0] as ServerSession, 'BLPOP l 0.5')
    expect(model.nextExpiry()).toBe(500)
    pass(499)
    expect(told[0]).toEqual([])
    pass(1)
    expect(told[0]).toEqual(['*-1\r\n'])
    expect(model.nextExpiry()).toBeUndefined()
  })

  it('is ended by CLIENT UNBLOCK without taking anything', () => {
    const { model, sessions, told } = connections(2)
    const [waiting, other] = sessions as [ServerSession, ServerSession]
    say(waiting, 'BLPOP l 0')
    expect(say(other, `CLIENT UNBLOCK ${waiting.id} ERROR`)).toEqual([':1\r\n'])
    expect(told[0]).toEqual(['-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n'])
    expect(say(other, `CLIENT UNBLOCK ${waiting.id}`, 'RPUSH l x', 'LLEN l')).toEqual([':0\r\n', ':1\r\n', ':1\r\n'])
    say(waiting, 'BLPOP none 0')
    model.denied = new Set(['CLIENT|UNBLOCK'])
    expect(say(other, `CLIENT UNBLOCK ${waiting.id}`)[0]).toMatch(/^-NOPERM /)
  })

  it('takes nothing after its connection has ended', () => {
    const { sessions } = connections(2)
    const [waiting, pusher] = sessions as [ServerSession, ServerSession]
    say(waiting, 'BLPOP l 0')
    waiting.disconnect()
    expect(say(pusher, 'RPUSH l x', 'LLEN l')).toEqual([':1\r\n', ':1\r\n'])
  })
})

describe('a message', () => {
  it('reaches subscribers of its channel and of a matching pattern', () => {
    const { sessions, told } = connections(3)
    const [byName, byPattern, publisher] = sessions as [ServerSession, ServerSession, ServerSession]
    say(byName, 'HELLO 3', 'SUBSCRIBE news')
    say(byPattern, 'PSUBSCRIBE n*')
    expect(say(publisher, 'PUBLISH news m', 'PUBLISH other m', 'SPUBLISH news m')).toEqual([
      ':2\r\n',
      ':0\r\n',
      ':0\r\n',
    ])
    expect(told[0]).toEqual(['>3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$1\r\nm\r\n'])
    expect(told[1]).toEqual(['*4\r\n$8\r\npmessage\r\n$2\r\nn*\r\n$4\r\nnews\r\n$1\r\nm\r\n'])
  })

  it('comes before the reply to its own PUBLISH, as on real servers', () => {
    const { sessions } = connections(1)
    const replies = say(sessions[0] as ServerSession, 'HELLO 3', 'SUBSCRIBE c', 'PUBLISH c m')
    expect(replies.slice(-2)).toEqual(['>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n', ':1\r\n'])
  })

  it('does not reach connections that unsubscribed or ended', () => {
    const { sessions } = connections(3)
    const [gone, unsubscribed, publisher] = sessions as [ServerSession, ServerSession, ServerSession]
    say(gone, 'SSUBSCRIBE c', 'SUBSCRIBE c')
    gone.disconnect()
    say(unsubscribed, 'SUBSCRIBE c', 'UNSUBSCRIBE c')
    expect(say(publisher, 'PUBLISH c m', 'SPUBLISH c m')).toEqual([':0\r\n', ':0\r\n'])
  })
})
