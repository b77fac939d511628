import { describe, expect, it } from 'vitest'
import type { ClusterCallOptions } from '../../src/cluster/cluster-options.js'
import { names, startCluster, startServers } from './simulated-cluster.js'

/** While a scan waits for a view, its signal ends it, as it ends a command in a queue. */

/**
 * Begins a scan when no server answers any more.
 * @param abort called a second later
 * @returns what the scan is rejected with, and after how many milliseconds
 */
async function scanWithoutServers(options: ClusterCallOptions, abort: () => void = () => {}) {
  const { cluster, servers, pass } = await startCluster('k0', { queueTimeout: 8_000 })
  for (const server of servers.servers) servers.kill(server)
  await pass(100)
  let passed = 0
  let error: unknown
  const scan = cluster.with(options).scanIterator()
  void scan.next().catch((reason) => {
    error = reason
  })
  for (; error === undefined && passed < 20_000; passed += 10) {
    if (passed === 1_000) abort()
    await pass(10)
  }
  cluster.destroy()
  return { error, passed }
}

describe('A scan that waits for a node', () => {
  it('is given up after queueTimeout', async () => {
    const { error, passed } = await scanWithoutServers({})
    expect(error).toMatchObject({ code: 'TIMEOUT', fate: 'not-executed' })
    expect(passed).toBeGreaterThanOrEqual(8_000)
    expect(passed).toBeLessThan(8_100)
  })

  it('ends with its signal at once', async () => {
    const controller = new AbortController()
    const { error, passed } = await scanWithoutServers({ signal: controller.signal }, () => controller.abort('enough'))
    expect(error).toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed', command: 'SCAN', cause: 'enough' })
    expect(passed).toBe(1_010)
  })

  it('does not begin if its signal is already aborted', async () => {
    const { error, passed } = await scanWithoutServers({ signal: AbortSignal.abort() })
    expect(error).toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
    expect(passed).toBe(10)
  })

  it('does not begin if its signal is already aborted, and no node is known yet', async () => {
    const { cluster } = startServers(3)
    const scan = cluster.with({ signal: AbortSignal.abort() }).scanIterator()
    await expect(scan.next()).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed', command: 'SCAN' })
    cluster.destroy()
  })
})

it('A scan that is aborted while it waits for its last view is not complete', async () => {
  const controller = new AbortController()
  let isAtEnd = false
  const onExecuted = (_: unknown, args: readonly Buffer[]): void => {
    const name = args.slice(0, 2).join(' ')
    if (name === 'CLUSTER NODES') isAtEnd = true
    if (name === 'CLUSTER SLOTS' && isAtEnd) controller.abort()
  }
  const { cluster, pass } = startServers(3, {}, { onExecuted })
  await Promise.all([...names.map((name) => cluster.set(name, 1)), pass(1_000)])
  const returned: string[] = []
  const scan = (async () => {
    for await (const key of cluster.with({ signal: controller.signal }).scanIterator()) returned.push(key)
  })()
  const rejected = expect(scan).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
  await Promise.all([rejected, pass(5_000)])
  expect(returned.toSorted()).toEqual(names.toSorted())
  cluster.destroy()
})

it('A running scan ends with its signal, although no view comes any more', async () => {
  const { cluster, servers, pass } = await startCluster('k0', { queueTimeout: 8_000 })
  const controller = new AbortController()
  const scan = cluster.with({ signal: controller.signal }).scanIterator({ count: 1 })
  const first = scan.next()
  await pass(100)
  expect((await first).done).toBe(false)
  for (const server of servers.servers) servers.stop(server, 20_000)
  let error: unknown
  void (async () => {
    for await (const key of scan) void key
  })().catch((reason) => {
    error = reason
  })
  await pass(50)
  controller.abort()
  await pass(10)
  expect(error).toMatchObject({ code: 'ABORT_ERR', fate: 'unknown' })
  cluster.destroy()
})
