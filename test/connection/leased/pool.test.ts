import { describe, expect, it } from 'vitest'
import type { DedicatedConnection } from '../../../src/connection/leased/dedicated-connection.js'
import { Pool } from '../../../src/connection/leased/pool.js'
import { connectionSettings } from '../../../src/connection/supervisor/connection-settings.js'
import type { ClientOptions } from '../../../src/index.js'
import { resolveOptions } from '../../../src/options/options.js'
import { FakeClock, settle } from '../../support/fake-clock.js'
import { FakeNetwork } from '../../support/fake-network.js'

function poolOf(options: ClientOptions = {}) {
  const network = new FakeNetwork()
  const clock = new FakeClock()
  const resolved = resolveOptions({ pingInterval: 0, ...options })
  const seen: string[] = []
  let id = 0
  const pool = new Pool(
    {
      options: resolved,
      connectionSettings: () => connectionSettings(resolved),
      dial: network.dial,
      clock,
      nextId: () => {
        id += 1
        return id
      },
    },
    { onError: (error) => seen.push(error.message), onGone: () => {}, onAllReturned: () => seen.push('allReturned') },
  )
  const lease = (isFirst = false): { connection?: DedicatedConnection; error?: Error } => {
    const result: { connection?: DedicatedConnection; error?: Error } = {}
    pool.lease(
      {
        onLease: (connection) => {
          connection.borrower = {
            onDrained: () => {},
            onRefusedForNow: () => {},
            onUnowed: () => false,
            onEnd: () => {},
          }
          result.connection = connection
        },
        onRefused: (error) => {
          result.error = error
        },
      },
      isFirst,
    )
    return result
  }
  return { network, clock, pool, lease, seen }
}

describe('the pool', () => {
  it('opens on demand, lends again what is given back, the one used last first', async () => {
    const { network, pool, lease } = poolOf()
    const first = lease()
    const second = lease()
    expect(network.peers.length).toBe(2)
    for (const peer of network.peers) await peer.welcomes()
    expect([first.connection?.id, second.connection?.id]).toEqual([1, 2])
    pool.release(first.connection as DedicatedConnection)
    pool.release(second.connection as DedicatedConnection)
    expect(lease().connection).toBe(second.connection)
    expect(network.peers.length).toBe(2)
    pool.destroy()
  })

  it('has a bound, beyond which applicants are served in the order of their coming', async () => {
    const { network, pool, lease } = poolOf({ blocking: { maxConnections: 1 } })
    const first = lease()
    const second = lease()
    const third = lease()
    expect(network.peers.length).toBe(1)
    await network.peer.welcomes()
    pool.release(first.connection as DedicatedConnection)
    expect([second.connection?.id, third.connection]).toEqual([1, undefined])
    pool.release(second.connection as DedicatedConnection)
    expect(third.connection?.id).toBe(1)
    pool.destroy()
  })

  it('refuses who has waited too long, and says why', async () => {
    const { network, clock, pool, lease } = poolOf({ blocking: { maxConnections: 1, acquireTimeout: 100 } })
    lease()
    await network.peer.welcomes()
    const waiting = lease()
    await clock.advance(99)
    expect(waiting.error).toBeUndefined()
    await clock.advance(2)
    expect(waiting.error).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
    expect(waiting.error?.message).toContain('all are in use')
    pool.destroy()
    expect(clock.pending).toBe(0)
  })

  it('lets nobody wait longer because somebody else goes first', async () => {
    const { network, clock, pool, lease } = poolOf({ blocking: { maxConnections: 1, acquireTimeout: 100 } })
    lease()
    await network.peer.welcomes()
    lease()
    await clock.advance(50)
    const second = lease()
    await clock.advance(40)
    const privileged = lease(true)
    await clock.advance(59)
    expect(second.error).toBeUndefined()
    await clock.advance(1)
    expect(second.error).toMatchObject({ name: 'TimeoutError', fate: 'not-executed' })
    expect(privileged.error).toBeUndefined()
    await clock.advance(40)
    expect(privileged.error).toBeDefined()
    pool.destroy()
  })

  it('tries again, after a wait, when a connection can not be made', async () => {
    const { network, clock, pool, lease, seen } = poolOf()
    const waiter = lease()
    await network.peer.ends(new Error('ECONNREFUSED'))
    expect(seen).toEqual(['no connection: ECONNREFUSED'])
    expect(network.peers.length).toBe(1)
    await clock.advance(100)
    expect(network.peers.length).toBe(2)
    await network.peer.welcomes()
    expect(waiter.connection?.id).toBe(2)
    pool.destroy()
  })

  it('refuses all who wait when the server lets nobody in', async () => {
    const { network, pool, lease } = poolOf({ password: 'wrong' })
    const applicants = [lease(), lease()]
    await network.peers[0]?.opens()
    await network.peers[0]?.answers('-WRONGPASS invalid username-password pair\r\n')
    for (const { error } of applicants) expect(error).toMatchObject({ name: 'HandshakeError', step: 'HELLO' })
    pool.destroy()
  })

  it('closes what nobody has used for long', async () => {
    const { network, clock, pool, lease } = poolOf({ blocking: { idleTimeout: 500 }, stallTimeout: 0 })
    const lent = lease()
    await network.peer.welcomes()
    pool.release(lent.connection as DedicatedConnection)
    await clock.advance(499)
    expect(network.peer.isDestroyed).toBe(false)
    await clock.advance(2)
    expect(network.peer.isDestroyed).toBe(true)
    expect(pool.connections.size).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('lends nothing that has ended while it was free', async () => {
    const { network, pool, lease } = poolOf()
    const lent = lease()
    await network.peer.welcomes()
    pool.release(lent.connection as DedicatedConnection)
    await network.peer.ends()
    expect(lease().connection).toBeUndefined()
    expect(network.peers.length).toBe(2)
    pool.destroy()
  })

  it('is allReturned, once closed, when the last connection has been given back', async () => {
    const { network, clock, pool, lease, seen } = poolOf()
    const lent = lease()
    await network.peer.welcomes()
    const waiting = lease()
    pool.close()
    expect(waiting.error).toMatchObject({ name: 'ClientClosedError' })
    expect(seen).toEqual([])
    pool.release(lent.connection as DedicatedConnection)
    await settle()
    expect(seen).toEqual(['allReturned'])
    expect(lease().error).toMatchObject({ name: 'ClientClosedError', fate: 'not-executed' })
    expect(clock.pending).toBe(0)
  })
})
