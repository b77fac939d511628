import { expect, it } from 'vitest'
import type { Node } from '../../src/cluster/node.js'
import { Topology } from '../../src/cluster/topology.js'
import type { View } from '../../src/cluster/view.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'

/** Which nodes are asked for their views, and which of the answers count. */

const suspectAfter = 200

/** A node that is asked: its view, and when it answers, in milliseconds after a question. */
interface Asked {
  readonly view: string
  readonly role?: 'master' | 'replica'
  /** Clock time since which it has sent nothing, with replies pending. */
  readonly silentFrom?: number
  readonly answersAfter?: number
}

/** A topology of these nodes, by id. A view is named after the masters in it. @param isNeeded whether it asks again and again */
function topologyOf(asked: Readonly<Record<string, Asked>>, isNeeded = false) {
  const clock = new SimulatedClock(new Chance(1), (error) => {
    throw error
  })
  const questions: string[] = []
  const views: string[] = []
  const nodes = Object.entries(asked).map(([id, { view, role = 'master', silentFrom, answersAfter = 1 }]) => {
    const ask = (patience: number): Promise<View> => {
      questions.push(id)
      return new Promise((resolve, reject) => {
        const answer = { text: view, covered: 16_384, masters: [...view].map((each) => ({ id: each })) }
        if (answersAfter < patience) clock.after(answersAfter, () => resolve(answer as unknown as View))
        else clock.after(patience, () => reject(new Error('no answer')))
      })
    }
    return {
      ...{
        id,
        role,
        ask,
        isReady: true,
        confirmedFrom: undefined,
        settings: { options: { suspectAfter, connectTimeout: 400 } },
      },
      get silence(): number {
        return silentFrom === undefined ? 0 : clock.now() - silentFrom
      },
    } as unknown as Node
  })
  const topology = new Topology(clock, {
    nodes: () => nodes,
    seeds: () => nodes.slice(0, 1),
    onNodes: () => {},
    onView: ({ text }) => {
      views.push(text)
      return false
    },
    isNeeded: () => isNeeded,
    onNoView: () => {},
  })
  return { topology, clock, questions, views }
}

it('a node that is silent is not asked', async () => {
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'abC' },
    b: { view: 'abC' },
    c: { view: 'abc', silentFrom: 0 },
    C: { view: 'abC', role: 'replica' },
  })
  await clock.advanceTo(suspectAfter + 50)
  topology.refresh()
  await clock.advanceTo(500)
  expect(questions.sort()).toEqual(['C', 'a', 'b'])
  expect(views).toEqual(['abC'])
})

it('a node that becomes suspect while it is asked has no vote, and is not waited for', async () => {
  // Of those that answer, one does not yet know which node has taken the place of the silent one.
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'abC' },
    b: { view: 'abc' },
    c: { view: 'abc', silentFrom: 0, answersAfter: 300 },
  })
  await clock.advanceTo(100)
  topology.refresh()
  await clock.advanceTo(suspectAfter - 1)
  expect(questions.sort()).toEqual(['a', 'b', 'c'])
  expect(views).toEqual([])
  await clock.advanceTo(suspectAfter)
  expect(views).toEqual(['abC'])
})

it('if masters disagree at the first connect, replicas are asked too', async () => {
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'ab' },
    b: { view: 'Ab' },
    A: { view: 'Ab', role: 'replica' },
    B: { view: 'Ab', role: 'replica' },
  })
  void topology.begin()
  await clock.advanceTo(100)
  expect(questions.sort()).toEqual(['A', 'B', 'a', 'b'])
  expect(views).toEqual(['Ab'])
})

it('if masters agree at the first connect, no replica is asked', async () => {
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'abc' },
    b: { view: 'abc' },
    c: { view: 'abc' },
    A: { view: 'abc', role: 'replica' },
  })
  void topology.begin()
  await clock.advanceTo(100)
  expect(questions.sort()).toEqual(['a', 'b', 'c'])
  expect(views).toEqual(['abc'])
})

it('at the first connect to one of two masters, a lost one is not waited for, because a replica is asked too', async () => {
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'ab' },
    b: { view: 'ab', answersAfter: Infinity },
    A: { view: 'ab', role: 'replica' },
    B: { view: 'ab', role: 'replica' },
  })
  void topology.begin()
  await clock.advanceTo(100)
  expect(questions.filter((id) => id === id.toLowerCase())).toEqual(['a', 'b'])
  expect(questions).toHaveLength(3)
  expect(views).toEqual(['ab'])
})

it('at the first connect to the only master, no other node is asked', async () => {
  const { topology, clock, questions, views } = topologyOf({
    a: { view: 'a' },
    A: { view: 'a', role: 'replica', answersAfter: Infinity },
  })
  void topology.begin()
  await clock.advanceTo(100)
  expect([questions, views]).toEqual([['a'], ['a']])
})

it('if something has just happened, a pause that has become long is cut short', async () => {
  const { topology, clock, questions } = topologyOf({ a: { view: 'a' } }, true)
  topology.refresh()
  await clock.advanceTo(10_000)
  let last = clock.now()
  for (let count = questions.length; clock.now() < last + 120; await clock.advanceTo(clock.now() + 1)) {
    if (questions.length > count) last = clock.now()
    count = questions.length
  }
  const before = questions.length
  topology.refresh(true)
  await clock.advanceTo(clock.now() + 2)
  expect(questions).toHaveLength(before + 1)
  topology.stop()
})
