import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '../within.js'
import { resultHidden } from './commands.js'
import { NumberedWrites } from './numbered-writes.js'
import type { Scenario } from './scenario.js'

/** Writes are called this often, in milliseconds. */
const pauseMs = 250
/** How long it may take until a write to the slots of the killed master succeeds, after its replica has taken over. */
const recoveryMs = 1_500
/** How long the writes whose replies are lost may take to arrive at the master. */
const arrivalMs = 2_000

/** The master that is killed, and one that is not. */
const [killed, other] = [0, 1]

/** A master of a cluster is killed under load. */
export const failover: Scenario = {
  id: 'failover',
  title: 'A master of a cluster is killed, and its replica takes over',
  story:
    'Three masters with a replica each, and writes to two of the masters all the time. One of the two is ended by kill -9 while its ' +
    'replies to three writes are on their way: they ran, and the replica has them. It takes the servers some seconds to make the replica ' +
    'a master. No write may run twice, and each caller must be told the truth. Writes to each list must keep the order of their calls, ' +
    'writes to the other master must succeed, and soon after the failover all writes must succeed. A write that the killed master had ' +
    'answered, and whose replica does not have it, counts as one that ran.',
  lesson: {
    where: 'A machine of a cluster fails, its process runs out of memory, or a container is moved without warning.',
    known:
      'Writes without a reply may have run, and the replica may have them. MOVED and CLUSTERDOWN mean that a write has not run. ' +
      'Only the servers decide when a replica takes over.',
    advice:
      'Expect unknown results for the writes in flight, and some seconds without the slots of one master. Choose a time limit ' +
      'that is longer than a failover. Use WAIT for writes that a failover must not lose.',
  },
  isInCluster: true,
  async play(stage) {
    const { client, cluster } = stage
    if (cluster === undefined) throw new Error('there is no cluster')
    const writes = new NumberedWrites(stage)
    const [list, otherList] = [stage.key(`${cluster.tagOf(killed)}list`), stage.key(`${cluster.tagOf(other)}list`)]
    const burst = (): void => {
      for (const each of [list, list]) writes.push(each, resultHidden)
      writes.push(otherList)
    }
    await client.connect()
    burst()
    await writes.settled()
    cluster.holdReplies(killed)
    const before = (await cluster.read(list))?.length ?? 0
    for (let i = 0; i < 3; i += 1) writes.push(list, resultHidden)
    await within(arrivalMs, cluster.hasElements(list, before + 3), undefined)
    await cluster.replicate(killed)
    stage.inflict('kill -9 of node 1, whose replies are on their way', () => {})
    await cluster.kill(killed)
    let promotedAt: number | undefined
    const promotion = cluster.promotion(killed).then(() => {
      promotedAt = performance.now()
      stage.inflict('node 4, its replica, takes over', () => {})
    })
    while (promotedAt === undefined) {
      burst()
      await Promise.race([promotion, sleep(pauseMs)])
    }
    for (let i = 0; i < 4; i += 1) {
      burst()
      await stage.pause(pauseMs)
    }
    await writes.settled()
    const success = writes.successes.find(({ list: name, at }) => name === list && at > (promotedAt ?? 0))
    stage.find(
      `a write to the slots of the killed master succeeds within ${recoveryMs} ms after the failover`,
      success !== undefined && success.at - promotedAt <= recoveryMs,
    )
    const [count, areAll] = await writes.succeeded([otherList])
    stage.find(`writes to another master succeed: ${count}`, areAll)
    await writes.conclude()
  },
}
