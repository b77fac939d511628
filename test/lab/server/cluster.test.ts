import { describe, expect, it } from 'vitest'
import { ClusterMember } from '../../../lab/server/cluster.js'
import { ServerModel } from '../../../lab/server/model.js'
import { slotCount, slotOfKey } from '../../../src/commands/slots.js'

const master = { id: 'm', host: '10.0.0.1', port: 7000 }
const replica = { id: 'r', host: '10.0.0.1', port: 7001 }
const moved = `-MOVED ${slotOfKey('k')} 10.0.0.1:7000\r\n`

/** A connection to a replica of a cluster with one shard. */
function connect() {
  const model = new ServerModel()
  model.store.execute(
    ['SET', 'k', 'v'].map((each) => Buffer.from(each)),
    0,
  )
  model.isReadonly = true
  const member = new ClusterMember(replica, model)
  model.cluster = member
  member.assign(master, 0, slotCount - 1)
  member.replicas.set(master.id, [replica])
  const session = model.connect()
  const say = (...lines: string[]): string[] => session.receive(Buffer.from(`${lines.join('\r\n')}\r\n`)).map(String)
  return { member, say }
}

describe('a replica in a cluster', () => {
  it('redirects reads to its master', () => {
    expect(connect().say('GET k')).toEqual([moved])
  })

  it('answers reads after READONLY, until READWRITE or RESET', () => {
    const { say } = connect()
    for (const end of ['READWRITE', 'RESET']) {
      expect(say('READONLY', 'GET k', end, 'GET k').filter((reply) => !reply.startsWith('+'))).toEqual([
        '$1\r\nv\r\n',
        moved,
      ])
    }
  })

  it('answers transactions of reads after READONLY', () => {
    expect(connect().say('READONLY', 'MULTI', 'GET k', 'EXEC').at(-1)).toBe('*1\r\n$1\r\nv\r\n')
  })

  it('redirects commands that write, whether READONLY was sent or not', () => {
    expect(connect().say('SET k w', 'READONLY', 'SET k w')).toEqual([moved, '+OK\r\n', moved])
  })

  it('redirects reads of slots that its master does not have', () => {
    const { member, say } = connect()
    member.assign({ id: 'other', host: '10.0.0.2', port: 7000 }, slotOfKey('k'))
    expect(say('READONLY', 'GET k')[1]).toBe(`-MOVED ${slotOfKey('k')} 10.0.0.2:7000\r\n`)
  })
})

it('a server that is in no cluster refuses READONLY and READWRITE', () => {
  const refused = '-ERR This instance has cluster support disabled\r\n'
  expect(new ServerModel().connect().receive(Buffer.from('READONLY\r\nREADWRITE\r\n')).map(String)).toEqual([
    refused,
    refused,
  ])
})
