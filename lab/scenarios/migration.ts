import type { Said } from '../recording/trace.js'
import { clusterRefusals, NumberedWrites } from './numbered-writes.js'
import type { Scenario } from './scenario.js'

/** Milliseconds between two steps of the migration, during which calls are made. */
const pauseMs = 20

/** The masters between which the slot moves, and the one that has another list. */
const [source, target, other] = [0, 1, 2]

/** A slot of a cluster moves under load. */
export const migration: Scenario = {
  id: 'migration',
  title: 'A slot of a cluster moves to another master, under load',
  story:
    'The keys of a slot move from one master to another, one by one, as the tools for clusters move them. Meanwhile, writes and ' +
    'transactions use keys of this slot, both keys that exist and new ones, and a list at a third master. A client gets ASK, MOVED ' +
    'and, in transactions, EXECABORT. All of these mean that nothing has run. Each call must succeed, run once, and keep its order.',
  lesson: {
    where: 'A cluster gets more nodes, or fewer, or its slots are rebalanced. Managed clusters do this by themselves.',
    known:
      'MOVED and ASK say that the command has not run, and where it belongs. A client can send it there without any risk.',
    advice:
      'Use a client that follows redirects for transactions and for several keys, too, and keeps the order meanwhile. Then a ' +
      'migration needs no maintenance window.',
  },
  isInCluster: true,
  async play(stage) {
    const { client, cluster } = stage
    if (cluster === undefined) throw new Error('there is no cluster')
    const writes = new NumberedWrites(stage)
    const tag = cluster.tagOf(source)
    const [list, otherList] = [stage.key(`${tag}list`), stage.key(`${cluster.tagOf(other)}list`)]
    for (const name of ['first', 'second']) await cluster.set(source, stage.key(`${tag}filler-${name}`), 'value')
    const pairs: (readonly [string, string])[] = []
    const transactions: Promise<Said>[] = []
    const transact = (): void => {
      const pair = [
        stage.key(`${tag}first-${pairs.length + 1}`),
        stage.key(`${tag}second-${pairs.length + 1}`),
      ] as const
      pairs.push(pair)
      const transaction = client.incrBoth?.(...pair)
      for (const each of pair) {
        const countRuns = async (): Promise<number> => Number((await cluster.read(each)) ?? 0)
        const expectation = { mayRun: 1, expected: '[1,1]', countRuns, refusal: clusterRefusals }
        transactions.push(stage.call('INCR', each, async () => transaction, expectation))
      }
    }
    const burst = (): void => {
      for (const each of [list, list, otherList]) writes.push(each)
      transact()
    }
    const step = async (): Promise<void> => {
      burst()
      await stage.pause(pauseMs)
    }
    await client.connect()
    await step()
    await writes.settled()
    stage.inflict('the slot begins to move from node 1 to node 2', () => {})
    await cluster.migrate(list, source, target, step)
    stage.inflict('the slot has moved', () => {})
    await step()
    await step()
    const said = await Promise.all(transactions)
    await writes.settled()
    const [count, areAll] = await writes.succeeded([list, otherList])
    stage.find(`writes succeed: ${count}`, areAll)
    const done = said.filter(({ settled }) => settled === 'value').length / 2
    stage.find(`transactions succeed: ${done} of ${pairs.length}`, done === pairs.length)
    const values = await Promise.all(pairs.map((pair) => Promise.all(pair.map((each) => cluster.read(each)))))
    stage.find(
      'both commands of each transaction ran, or none',
      values.every(([first, second]) => first === second),
    )
    await writes.conclude()
  },
}
