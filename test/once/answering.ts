import { setImmediate } from 'node:timers/promises'
import { Client } from '../../src/client.js'
import { FakeClock, settle } from '../support/fake-clock.js'
import { FakeNetwork } from '../support/fake-network.js'

/** A client of a server that gives this reply to each request; it is called with the frame, as in `GET k`. */
export async function start(replyTo: (request: string) => string) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const client = new Client({ pingInterval: 0, fence: 'off', onceTtl: 10_000 }, undefined, {
    dial: network.dial,
    clock,
  })
  const connected = client.connect()
  await settle()
  await network.peer.welcomes()
  await connected
  const { peer } = network
  let isOver = false
  const served = (async () => {
    for (let answered = 0; !isOver; ) {
      const request = peer.requests[answered]
      if (request === undefined) await setImmediate()
      else {
        answered += 1
        await peer.answers(replyTo(request))
      }
    }
  })()
  const end = async () => {
    isOver = true
    await served
    client.destroy()
  }
  return { client, clock, peer, end }
}
