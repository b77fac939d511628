import { describe, expect, it } from 'vitest'
import type { DedicatedConnection } from '../../../src/connection/leased/dedicated-connection.js'
import { Pool } from '../../../src/connection/leased/pool.js'
import type { ClientOptions } from '../../../src/index.js'
import { connectorSettings } from '../../support/connector-settings.js'
import { settle } from '../../support/fake-clock.js'

function poolOf(options: ClientOptions = {}) {
  const { network, clock, settings } = connectorSettings(options)
  const seen: string[] = []
  const pool = new Pool(
    settings,
    {
      onError: (error) => seen.push(error.message),
      onReady: () => {},
      onIdleLost: ({ id }) => seen.push(`${id} was lost idle`),
      onGone: () => {},
      onAllReturned: () => seen.push('allReturned'),
    },
    () => Promise.resolve(true),
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
  it('is in use while somebody waits for a connection that is not dialed yet, because the credentials are late', async () => {
    let provide = (_: { password: string }): void => {}
    const late = new Promise<{ password: string }>((resolve) => {
      provide = resolve
    })
    const { network, pool, lease } = poolOf({ credentials: () => late })
    expect(pool.isInUse).toBe(false)
    const lent = lease()
    expect([network.peers.length, pool.isInUse]).toEqual([0, true])
    provide({ password: 'p' })
    await settle()
    await network.peer.welcomes()
    expect(pool.isInUse).toBe(true)
    pool.release(lent.connection as DedicatedConnection)
    pool.destroy()
  })

  it('opens connections on demand, and reuses returned ones, the most recently used first', async () => {
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

  it('has a limit, beyond which waiters are served in order', async () => {
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

  it('told to move, ends connections that lead elsewhere, lent or not, and opens those that are needed at once', async () => {
    const { network, pool, lease } = poolOf({ blocking: { maxConnections: 2 } })
    const free = lease()
    await network.peer.welcomes()
    lease()
    await network.peer.welcomes()
    pool.release(free.connection as DedicatedConnection)
    pool.moveTo(() => true, new Error('moved'))
    expect(network.peers.map(({ isDestroyed }) => isDestroyed)).toEqual([false, false])
    pool.moveTo(() => false, new Error('moved'))
    expect(network.peers.map(({ isDestroyed }) => isDestroyed)).toEqual([true, true])
    const next = lease()
    await network.peer.welcomes()
    expect(next.connection?.id).toBe(3)
    pool.destroy()
  })

  it('rejects a waiter after acquireTimeout, with the reason', async () => {
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

  it('does not let a waiter wait longer because another goes first', async () => {
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

  it('tries again after a delay if a connection cannot be made', async () => {
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

  it('rejects all waiters if the server rejects the client', async () => {
    const { network, pool, lease } = poolOf({ password: 'wrong' })
    const waiters = [lease(), lease()]
    await network.peers[0]?.opens()
    await network.peers[0]?.answers('-WRONGPASS invalid username-password pair\r\n')
    for (const { error } of waiters) expect(error).toMatchObject({ name: 'HandshakeError', step: 'HELLO' })
    pool.destroy()
  })

  it('closes connections unused for a long time', async () => {
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

  it('does not lend a connection that ended while it was free', async () => {
    const { network, pool, lease } = poolOf()
    const lent = lease()
    await network.peer.welcomes()
    pool.release(lent.connection as DedicatedConnection)
    await network.peer.ends()
    expect(lease().connection).toBeUndefined()
    expect(network.peers.length).toBe(2)
    pool.destroy()
  })

  it('calls onAllReturned after close, when the last connection is returned', async () => {
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

  it('refuses waiters at once when no other attempt can succeed, but not once a connection was ready', async () => {
    const { network, clock, pool, lease } = poolOf({ password: 'p' })
    const refuse = async (): Promise<void> => {
      await network.peer.opens()
      await network.peer.answers('-WRONGPASS no\r\n')
    }
    const first = lease()
    await refuse()
    expect(first.error?.name).toBe('HandshakeError')
    lease()
    await network.peer.welcomes()
    const late = lease()
    await refuse()
    expect(late).toEqual({})
    await clock.advance(50)
    await network.peer.welcomes()
    expect(late.connection?.id).toBe(4)
    pool.destroy()
  })

  it('waiters leave in a time that is proportional to their number, also the newest first', () => {
    const { pool, seen } = poolOf()
    const leases: unknown[] = []
    const waiters = Array.from({ length: 200_000 }, () => ({
      onLease: (connection: unknown) => leases.push(connection),
      onRefused: ({ message }: Error) => seen.push(message),
    }))
    for (const waiter of waiters) pool.lease(waiter)
    for (const waiter of waiters.reverse()) pool.cancel(waiter)
    pool.close()
    expect([leases, seen]).toEqual([[], ['allReturned']])
  })
})
