import { describe, expect, it } from 'vitest'
import { type Peer, ServerModel } from '../../../lab/server/model.js'
import type { ServerSession } from '../../../lab/server/session.js'

const say = (session: ServerSession, ...lines: readonly string[]): string[] =>
  session.receive(Buffer.from(lines.map((line) => `${line}\r\n`).join(''))).map(String)

const runIds = ['a'.repeat(40), 'b'.repeat(40)] as const

const connect = (model: ServerModel, peer: Peer = {}): ServerSession =>
  model.connect(undefined, undefined, undefined, peer)

const fieldOf = (reply: string | undefined, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(reply ?? '')?.[1]

describe('CLIENT KILL', () => {
  it('ends the connection that matches every filter, and says how many', () => {
    const model = new ServerModel()
    let killed = 0
    const victim = connect(model, { address: '10.0.0.1:5', onKilled: () => (killed += 1) })
    const other = connect(model)
    expect(say(other, 'CLIENT KILL ID 1 ADDR 10.0.0.1:6', 'CLIENT KILL ID 2 ADDR 10.0.0.1:5')).toEqual([
      ':0\r\n',
      ':0\r\n',
    ])
    expect(say(other, 'CLIENT KILL ID 1 ADDR 10.0.0.1:5', 'CLIENT KILL ID 1 ADDR 10.0.0.1:5')).toEqual([
      ':1\r\n',
      ':0\r\n',
    ])
    expect(killed).toBe(1)
    expect(victim.receive(Buffer.from('INCR n\r\n'))).toEqual([])
    expect(say(other, 'GET n')).toEqual(['$-1\r\n'])
  })

  it('does not end the one that sends it, unless SKIPME is no', () => {
    const session = connect(new ServerModel())
    expect(say(session, 'CLIENT KILL ID 1', 'CLIENT KILL ID 1 SKIPME no')).toEqual([':0\r\n', ':1\r\n'])
    expect(session.isClosed).toBe(true)
  })

  it('refuses an id that is none, and unknown filters', () => {
    const session = connect(new ServerModel())
    expect(say(session, 'CLIENT KILL ID 0', 'CLIENT KILL ID 5 FOO x', 'CLIENT KILL 127.0.0.1:9')).toEqual([
      '-ERR client-id should be greater than 0\r\n',
      '-ERR syntax error\r\n',
      '-ERR No such client\r\n',
    ])
  })

  it('finds no address of a peer that went before anybody asked for it', () => {
    const model = new ServerModel()
    const [asked, unasked, other] = [connect(model), connect(model), connect(model)]
    const address = fieldOf(say(asked, 'CLIENT INFO')[0], 'addr')
    for (const session of [asked, unasked]) session.peerHasGone()
    expect(say(other, `CLIENT KILL ID 1 ADDR ${address}`, 'CLIENT KILL ID 2 ADDR 127.0.0.1:20002')).toEqual([
      ':1\r\n',
      ':0\r\n',
    ])
    expect(say(unasked, 'INCR n')).toEqual([':1\r\n'])
  })
})

describe('CLIENT LIST', () => {
  it('counts the bytes read and the commands run', () => {
    const model = new ServerModel()
    const [session, other] = [connect(model), connect(model)]
    say(session, 'INCR n', 'MULTI', 'INCR n', 'INCR n', 'EXEC', 'NOSUCHCOMMAND', 'EVALSHA 1234 0')
    session.receive(Buffer.from('*2\r\n$3\r\nGET'))
    const line = say(other, 'CLIENT LIST ID 1')[0]
    // INCR, MULTI, EXEC and its two commands, EVALSHA.
    expect(fieldOf(line, 'tot-cmds')).toBe('6')
    const bytes = 'INCR n\r\nMULTI\r\nINCR n\r\nINCR n\r\nEXEC\r\nNOSUCHCOMMAND\r\nEVALSHA 1234 0\r\n'.length
    expect(fieldOf(line, 'tot-net-in')).toBe(String(bytes + '*2\r\n$3\r\nGET'.length))
    expect(say(other, 'CLIENT LIST ID 9')).toEqual(['$0\r\n\r\n'])
  })
})

describe('a server that is started again', () => {
  it('has another run_id, ids from 1 on, and no connection', () => {
    const model = new ServerModel({ runId: runIds[0] })
    const before = connect(model)
    expect(say(before, 'SET k v', 'INFO server').at(-1)).toContain(`run_id:${runIds[0]}`)
    model.restart(runIds[1])
    expect(before.isClosed).toBe(true)
    const after = connect(model)
    // The old one's end is told late, and must not end what has its id now.
    before.disconnect()
    expect(say(after, 'CLIENT ID', 'GET k', 'INFO server')).toEqual([
      ':1\r\n',
      '$1\r\nv\r\n',
      expect.stringContaining(`run_id:${runIds[1]}`),
    ])
    expect([...model.connections]).toEqual([after])
  })
})

describe('a primary that becomes a replica', () => {
  it('ends the waits of commands that change data, and refuses others', () => {
    const told: string[] = []
    const model = new ServerModel()
    const waiting = model.connect(undefined, (bytes) => told.push(String(bytes)))
    say(waiting, 'BLPOP k 0')
    model.demote()
    expect(told.join('')).toMatch(/^-UNBLOCKED force unblock/)
    expect(say(connect(model), 'INCR n')[0]).toMatch(/^-READONLY/)
  })

  it('shares its data with the server that takes its place', () => {
    const first = new ServerModel({ runId: runIds[0] })
    const second = new ServerModel({ runId: runIds[1], replicaOf: first })
    say(connect(first), 'SET k v')
    expect(say(connect(second), 'CLIENT ID', 'GET k')).toEqual([':1\r\n', '$1\r\nv\r\n'])
  })
})

describe('a busy server', () => {
  it('answers BUSY to all but what begins or ends a connection or a transaction', () => {
    const model = new ServerModel()
    const session = connect(model)
    model.isBusy = true
    const replies = say(session, 'GET k', 'CLIENT INFO', 'INFO server', 'HELLO 2', 'MULTI', 'INCR n', 'EXEC')
    expect(replies.map((reply) => reply.slice(0, 6))).toEqual([
      '-BUSY ',
      '-BUSY ',
      '-BUSY ',
      '*14\r\n$',
      '+OK\r\n',
      '-BUSY ',
      '-EXECA',
    ])
    model.isBusy = false
    expect(say(session, 'GET n')).toEqual(['$-1\r\n'])
  })
})

describe('CLIENT REPLY', () => {
  it('OFF leaves replies out until ON; SKIP leaves out its own and the next', () => {
    const session = connect(new ServerModel())
    expect(say(session, 'CLIENT REPLY OFF', 'INCR n', 'CLIENT REPLY SKIP', 'INCR n', 'CLIENT REPLY ON')).toEqual([
      '+OK\r\n',
    ])
    expect(say(session, 'CLIENT REPLY SKIP', 'INCR n', 'INCR n')).toEqual([':4\r\n'])
  })
})
