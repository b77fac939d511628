import { describe, expect, it } from 'vitest'
import type { LabClient, MakeClient } from '../../../lab/clients/client.js'
import { makeRespite } from '../../../lab/clients/respite.js'
import { countOutcomes } from '../../../lab/outcome.js'
import type { Performance } from '../../../lab/recording/trace.js'
import { judgePerformance } from '../../../lab/verdict.js'
import type { RespiteError } from '../../../src/index.js'
import { performInCluster } from './in-cluster.js'

const timeout = 60_000

/** respite, with another way to push. */
const pushing =
  (push: (rpush: NonNullable<LabClient['rpush']>, list: string, element: string) => Promise<unknown>): MakeClient =>
  (...args) => {
    const client = makeRespite(...args)
    const rpush: NonNullable<LabClient['rpush']> = (list, element) =>
      client.rpush?.(list, element) ?? Promise.reject(new Error('no rpush'))
    return { ...client, rpush: (list, element) => push(rpush, list, element) }
  }

const missed = ({ findings }: Performance): string[] =>
  findings.filter(({ isGood }) => !isGood).map(({ text }) => text.replace(/:.*/, ''))

describe('when a master of a cluster is killed', () => {
  it(
    'respite is good: it says of the three writes whose replies are lost that it does not know',
    async () => {
      const performance = await performInCluster('failover')
      expect(judgePerformance(performance), JSON.stringify(performance, undefined, 1)).toMatchObject({ isGood: true })
      expect(performance.faults).toHaveLength(2)
      const unknown = performance.commands.filter(({ said }) => said.settled === 'error' && said.fate === 'unknown')
      expect(unknown.length).toBeGreaterThanOrEqual(3)
      expect(unknown.filter(({ ran }) => ran === 1).length).toBeGreaterThanOrEqual(3)
    },
    timeout,
  )

  it(
    'a client that repeats what may have run is detected',
    async () => {
      const repeating = pushing((rpush, list, element) => rpush(list, element).catch(() => rpush(list, element)))
      expect(countOutcomes((await performInCluster('failover', repeating)).commands).twice).toBeGreaterThanOrEqual(3)
    },
    timeout,
  )

  it(
    'a client that says of them that they did not run is detected',
    async () => {
      const lying = pushing((rpush, list, element) =>
        rpush(list, element).catch((error: RespiteError) => {
          throw Object.assign(new Error(error.message), { fate: 'not-executed' })
        }),
      )
      expect(countOutcomes((await performInCluster('failover', lying)).commands).wrong).toBeGreaterThanOrEqual(3)
    },
    timeout,
  )
})

describe('while a slot moves', () => {
  it(
    'a client that changes the order is detected',
    async () => {
      let count = 0
      const reordering = pushing(async (rpush, list, element) => {
        count += 1
        // The first write of each tick comes last.
        if (count % 3 === 1) await new Promise((resolve) => setTimeout(resolve, 5))
        return rpush(list, element)
      })
      const performance = await performInCluster('migration', reordering)
      expect(missed(performance)).toEqual(['the writes to each list have the order of their calls'])
    },
    timeout,
  )

  it(
    'a client that mixes up replies is detected',
    async () => {
      const mixing = pushing(async (rpush, list, element) => Number(await rpush(list, element)) + 1)
      const performance = await performInCluster('migration', mixing)
      expect(missed(performance)).toEqual(['each caller was told the position of its own write'])
    },
    timeout,
  )

  it(
    'a client that gives up on redirects is detected',
    async () => {
      const giving: MakeClient = (...args) => {
        const client = makeRespite(...args)
        return { ...client, incrBoth: () => Promise.reject(new Error('TRYAGAIN Multiple keys request')) }
      }
      const performance = await performInCluster('migration', giving)
      expect(missed(performance)).toEqual(['transactions succeed'])
    },
    timeout,
  )
})
