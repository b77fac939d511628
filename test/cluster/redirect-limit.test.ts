import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { startCluster } from './simulated-cluster.js'

const key = '{t}list'
const queueTimeout = 1_000

/** A push whose request arrives late, so that it is in flight for most of `queueTimeout`. Its node then names its own address. */
async function redirectLate() {
  const simulated = await startCluster(key, { queueTimeout, suspectAfter: 5_000, maxRedirects: 1_000 })
  const { cluster, servers, first, others, pass } = simulated
  servers.slowDown(first, 'out', 900)
  const pushed = cluster.rpush(key, 'one').catch((reason: unknown) => reason)
  await pass(800)
  first.member.assign(others[0].self, slotOfKey(key))
  first.member.namesItself = true
  // The request arrives after 900 ms. The other servers do not know yet that the slot has moved.
  await pass(300)
  return { ...simulated, pushed }
}

describe('A command that was in flight for a long time, was redirected, and waits for a view', () => {
  it('is sent if the view comes within `queueTimeout` after the redirection', async () => {
    const { cluster, servers, others, pass, pushed } = await redirectLate()
    for (const { member } of servers.servers) member.assign(others[0].self, slotOfKey(key))
    await pass(700)
    expect(await pushed).toBe(1)
    cluster.destroy()
  })

  it('is rejected `queueTimeout` after the first redirection, even if it is redirected again', async () => {
    const { cluster, pass, pushed } = await redirectLate()
    let isSettled = false
    void pushed.then(() => {
      isSettled = true
    })
    await pass(750)
    expect(isSettled).toBe(false)
    await pass(150)
    expect(isSettled).toBe(true)
    expect(await pushed).toMatchObject({ code: 'REPLY_ERROR', fate: 'not-executed' })
    cluster.destroy()
  })
})
