import { expect, it } from 'vitest'
import { Client } from '../../../src/client.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { FakeNetwork } from '../../support/fake-network.js'

it('a client that has given up connecting leaves no timer: the process can end', async () => {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ password: 'wrong', timeout: 6_000, fence: 'off' }, undefined, {
    dial: network.dial,
    clock,
  })
  const connected = client.connect().catch((error: Error) => error)
  const value = client.get('k').catch((error: Error) => error)
  await settle()
  await network.peer.opens()
  await network.peer.answers('-WRONGPASS invalid\r\n')
  expect(await Promise.all([connected, value])).toMatchObject([{ name: 'HandshakeError' }, { name: 'HandshakeError' }])
  expect([client.status, clock.pending]).toEqual(['idle', 0])
})
