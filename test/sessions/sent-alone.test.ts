import { expect, it } from 'vitest'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

it.each([
  ['CLIENT REPLY', 'x', 'OFF'],
  ['CL\u0131ENT', 'REPLY', 'OFF'],
  ['CLIENT', 'REPLY', '\u017fKIP'],
])('%s %s %s, which the server refuses, does not make replies go to the wrong commands', async (...words) => {
  const network = new FakeNetwork()
  const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
  const replies = client.session((session) =>
    Promise.allSettled([session.call(...words), session.echo('one'), session.echo('two')]),
  )
  await settle()
  await network.peer.welcomes()
  await network.peer.answers('-ERR unknown command\r\n+one\r\n+two\r\n')
  expect(await replies).toMatchObject([{ status: 'rejected' }, { value: 'one' }, { value: 'two' }])
  client.destroy()
})

it.each(['AUTH user secret', 'HELLO 3', 'RESET'])(
  '%s in a session is sent when no reply is pending, and nothing behind it until it is answered',
  async (command) => {
    const network = new FakeNetwork()
    const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
    const words = command.split(' ') as [string]
    const replies = client.session((session) =>
      Promise.all([session.echo('one'), session.call(...words), session.echo('two')]),
    )
    await settle()
    await network.peer.welcomes()
    const { peer } = network
    expect(peer.requests).toEqual(['ECHO one'])
    await peer.answers('$3\r\none\r\n')
    expect(peer.requests).toEqual(['ECHO one', command])
    await peer.answers('+OK\r\n')
    expect(peer.requests).toEqual(['ECHO one', command, 'ECHO two'])
    await peer.answers('$3\r\ntwo\r\n')
    expect(await replies).toEqual(['one', 'OK', 'two'])
    client.destroy()
  },
)

it('what waits behind AUTH when the connection is lost is not executed, also if its caller gives up before the fence', async () => {
  const network = new FakeNetwork()
  const client = new Client({}, undefined, { dial: network.dial, clock: new FakeClock() })
  const connected = client.connect()
  await network.peer.welcomes({ id: 1, address: '127.0.0.1:1', runId: 'a' })
  await connected
  const controller = new AbortController()
  const failures = client.session((session) =>
    Promise.allSettled([session.call('AUTH', 'x'), session.with({ signal: controller.signal }).incr('n')]),
  )
  await settle()
  await network.peer.welcomes({ id: 2, address: '127.0.0.1:2', runId: 'a' })
  await network.peer.ends(new Error('reset'))
  expect(network.peers[0]?.requests.at(-1)).toMatch(/^CLIENT KILL/)
  controller.abort()
  await settle()
  await network.peers[0]?.answers(':1\r\n')
  expect(await failures).toMatchObject([
    { reason: { name: 'SessionLostError', fate: 'unknown' } },
    { reason: { name: 'AbortError', fate: 'not-executed', outcome: undefined } },
  ])
  client.destroy()
})
