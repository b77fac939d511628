import { describe, expectTypeOf, it } from 'vitest'
import {
  Cluster,
  type ClusterNode,
  type ClusterStats,
  createCluster,
  PartialError,
  type Receipt,
  type RepliesOf,
  type Subscription,
  script,
} from '../../src/cluster.js'

/** Types only: nothing of this runs. */
const check = (_: (cluster: Cluster) => unknown): void => {}

describe('The types of a cluster', () => {
  it('are those of a client, for commands, transactions, scripts and subscriptions', () => {
    check(async (cluster) => {
      expectTypeOf(await cluster.get('k')).toEqualTypeOf<string | null>()
      expectTypeOf(await cluster.with({ buffers: true }).get('k')).toEqualTypeOf<Buffer | null>()
      expectTypeOf(await cluster.with({ crossSlot: 'split' }).mget('a', 'b')).toEqualTypeOf<(string | null)[]>()
      expectTypeOf(await cluster.multi().strlen('n').get('n').exec()).toEqualTypeOf<[number, string | null]>()
      expectTypeOf(await cluster.run(script<number>('return 1'), [], [])).toEqualTypeOf<number>()
      expectTypeOf(cluster.ssubscribe('a', { buffers: true })).toEqualTypeOf<Subscription<Buffer>>()
      expectTypeOf(await cluster.receipt('id', 'k')).toEqualTypeOf<Receipt>()
      expectTypeOf(cluster.scanIterator()).toEqualTypeOf<AsyncGenerator<string>>()
    })
  })

  it('follow its options', () => {
    check(async () => {
      const cluster = createCluster('redis://localhost', { buffers: true, integers: 'bigint' })
      expectTypeOf(await cluster.get('k')).toEqualTypeOf<Buffer | null>()
      expectTypeOf(await cluster.incr('n')).toEqualTypeOf<bigint>()
      expectTypeOf(await cluster.duplicate().get('k')).toEqualTypeOf<Buffer | null>()
      expectTypeOf(await cluster.duplicate({ buffers: false }).get('k')).toEqualTypeOf<string | null>()
      expectTypeOf(await cluster.node('id').get('k')).toEqualTypeOf<Buffer | null>()
      expectTypeOf(await cluster.session('k', (session) => session.get('k'))).toEqualTypeOf<Buffer | null>()
      class Images extends Cluster<RepliesOf<{ buffers: true }>> {}
      new Images('redis://localhost', { buffers: true })
      // @ts-expect-error its replies would be strings
      new Images('redis://localhost')
    })
  })

  it('name its nodes, its counters and the parts of a failed command', () => {
    check((cluster) => {
      expectTypeOf(cluster.nodes()).toEqualTypeOf<ClusterNode[]>()
      expectTypeOf(cluster.stats()).toEqualTypeOf<ClusterStats>()
      cluster.on('topology', ({ added }) => expectTypeOf(added).toEqualTypeOf<readonly string[]>())
      const error: unknown = undefined
      if (!(error instanceof PartialError)) return
      for (const part of error.parts) expectTypeOf(part.keys).toEqualTypeOf<readonly unknown[]>()
    })
  })

  it('refuse what a cluster has not', () => {
    check((cluster) => {
      // @ts-expect-error a cluster has only database 0
      createCluster('redis://localhost', { database: 1 })
      // @ts-expect-error the addresses are seeds
      createCluster('redis://localhost', { host: 'localhost' })
      // @ts-expect-error no such option
      createCluster('redis://localhost', { maxRedirect: 3 })
      // @ts-expect-error a session is at the node of a key
      cluster.session((session: unknown) => session)
      // @ts-expect-error no such way
      cluster.with({ crossSlot: 'ignore' })
      // @ts-expect-error a receipt is where its key is
      cluster.receipt('id')
    })
  })
})
