import type { Scenario } from './scenario.js'

/** Time for a client to learn of the new master, in milliseconds. */
const hearingMs = 500
const writes = 10

/** A failover that the old master does not know of. */
export const deposedMaster: Scenario = {
  id: 'deposed-master',
  title: 'Behind Sentinel, a deposed master goes on taking writes',
  story:
    'A sentinel announces a new master. The old one was cut off and does not know it: it still accepts writes, which will be lost. ' +
    `${writes} increments are called ${hearingMs} ms after the announcement. Those that succeed must be at the new master.`,
  lesson: {
    where: 'A network failure separates the master from its replicas and sentinels, and not from all of its clients.',
    known:
      'The old master does not know that it was replaced. It acknowledges writes, and drops them when it becomes a ' +
      'replica. Only the sentinels know, and they announce the new master.',
    advice:
      'Use a client that listens to the announcements of the sentinels. Set `min-replicas-to-write`, so that a ' +
      'master without replicas refuses writes.',
  },
  isBehindSentinel: true,
  async play(stage) {
    const { client, succession } = stage
    if (succession === undefined) throw new Error('there is no sentinel')
    await client.connect()
    await client.incr(stage.key('warm-up'))
    stage.inflict('another server becomes master, and the sentinel announces it', () => succession.failOver())
    await stage.pause(hearingMs)
    let kept = 0
    let answered = 0
    for (let i = 1; i <= writes; i += 1) {
      const key = stage.key(`after-${i}`)
      const said = await stage.call('INCR', key, () => client.incr(key), { mayRun: 1, expected: '1' })
      if (said.settled !== 'value') continue
      answered += 1
      kept += Number((await succession.witness.get(key)) === '1')
    }
    stage.find(`${answered} of ${writes} succeeded`, answered === writes)
    stage.find(`${kept} of those are at the new master`, kept === answered)
  },
}
