import { describe, expect, it } from 'vitest'
import type { Node } from '../../src/cluster/node.js'
import { Topology } from '../../src/cluster/topology.js'
import type { View } from '../../src/cluster/view.js'
import { slotCount } from '../../src/commands/slots.js'
import type { Status } from '../../src/connection/supervisor/state.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'

/** Which nodes are asked for their views, and which of the answers count. */

const suspectAfter = 200

/** A node that is asked: its view, and when it answers, in milliseconds after a question. */
interface Asked {
  readonly view: string
  readonly role?: Node['role']
  /** Clock time since which it has sent nothing, with replies pending. */
  readonly silentFrom?: number
  readonly answersAfter?: number
  /** The next attempt to connect to it is far away, so it does not answer until `renew`. */
  readonly isResting?: boolean
  /** Of its connection. Default: `ready` */
  readonly status?: Status
}

/** What else a topology may be told. */
interface Circumstances {
  readonly seed?: number
  readonly isNeeded?: () => boolean
  /** The view that all nodes have from a clock time on. */
  readonly next?: { readonly view: string; readonly from: number }
  /** How many of the nodes are at the addresses that the caller has passed: the first ones. */
  readonly seeds?: number
  /** How many slots each master has. By default, a view names an owner of every slot. */
  readonly slotsEach?: number
}

/** A topology of these nodes, by id. A view is named after the masters in it. */
function topologyOf(
  asked: Readonly<Record<string, Asked>>,
  {
    seed = 1,
    isNeeded = () => false,
    next = { view: '', from: Infinity },
    seeds = 1,
    slotsEach = slotCount,
  }: Circumstances = {},
) {
  const clock = new SimulatedClock(new Chance(seed), (error) => {
    throw error
  })
  const questions: string[] = []
  const views: string[] = []
  const nodes = Object.entries(asked).map(([id, { role = 'master', silentFrom, answersAfter = 1, ...node }]) => {
    const { status = 'ready' } = node
    let isResting = node.isResting ?? false
    const ask = (patience: number): Promise<View> => {
      questions.push(id)
      return new Promise((resolve, reject) => {
        const view = clock.now() < next.from ? node.view : next.view
        const masters = [...view].map((master) => ({ id: master }))
        const text = masters.map((master) => `${master.id} 0,1`).join('\n')
        const answer = { by: { id, role }, text, covered: Math.min(slotCount, masters.length * slotsEach), masters }
        if (answersAfter < patience && !isResting) clock.after(answersAfter, () => resolve(answer as unknown as View))
        else clock.after(patience, () => reject(new Error('no answer')))
      })
    }
    return {
      ...{
        id,
        role,
        ask,
        isReady: status === 'ready',
        isConnecting: status.endsWith('connecting'),
        renew: () => {
          isResting = false
        },
        confirmedFrom: undefined,
        settings: { options: { suspectAfter, connectTimeout: 400 } },
      },
      get silence(): number {
        return silentFrom === undefined ? 0 : clock.now() - silentFrom
      },
    } as unknown as Node
  })
  const known = {
    [Symbol.iterator]: () => nodes[Symbol.iterator](),
    seeds: () => nodes.slice(0, seeds),
    update: () => [],
  }
  const topology = new Topology(clock, known, {
    onView: ({ masters }) => {
      const text = masters.map(({ id }) => id).join('')
      views.push(text)
      return false
    },
    isNeeded,
    onNoView: () => {},
  })
  return { topology, clock, nodes, questions, views }
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

it('a node that turns out to be unreachable while it is asked is not waited for', async () => {
  const { topology, clock, nodes, questions, views } = topologyOf({
    a: { view: 'aB' },
    b: { view: 'ab', answersAfter: 10 },
    c: { view: 'ab', role: 'replica', status: 'idle', isResting: true },
  })
  topology.refresh()
  while (questions.length < 3) await clock.advanceTo(clock.now() + 1)
  await clock.advanceTo(clock.now() + 5)
  topology.noteUnreachable(nodes[2] as Node)
  expect(views).toEqual([])
  await clock.advanceTo(clock.now() + 10)
  expect(views).toHaveLength(1)
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

it('a node is not asked while its connection is not open, unless none is', async () => {
  const { topology, clock, questions } = topologyOf({
    a: { view: 'ab' },
    b: { view: 'ab', status: 'reconnecting' },
    A: { view: 'ab', role: 'replica', status: 'connecting' },
    B: { view: 'ab', role: 'replica', status: 'idle' },
  })
  topology.refresh()
  await clock.advanceTo(100)
  expect(questions.sort()).toEqual(['B', 'a'])
  const lost = topologyOf({ a: { view: 'ab', status: 'reconnecting' }, b: { view: 'ab', status: 'reconnecting' } })
  lost.topology.refresh()
  await lost.clock.advanceTo(100)
  expect([...new Set(lost.questions)].sort()).toEqual(['a', 'b'])
})

/** The master `c` was killed, and nothing is known of another owner of its slots until `next`. */
function afterKill({ seed = 1, next, isNeeded = () => true }: Circumstances) {
  const asked: Record<string, Asked> = {
    a: { view: 'abc' },
    b: { view: 'abc' },
    c: { view: 'abc', status: 'reconnecting', answersAfter: Infinity },
    A: { view: 'abc', role: 'replica' },
  }
  return topologyOf(asked, { seed, isNeeded, ...(next === undefined ? {} : { next }) })
}

it.each([500, 3_000, 28_000])('what the nodes know %i ms after a loss, the client knows 0.22 s later', async (from) => {
  const lateness: number[] = []
  for (let seed = 0; seed < 20; seed += 1) {
    let isNeeded = true
    const { topology, clock, views } = afterKill({ seed, isNeeded: () => isNeeded, next: { view: 'abC', from } })
    topology.refresh(true)
    while (views.at(-1) !== 'abC') await clock.advanceTo(clock.now() + 10)
    isNeeded = false
    lateness.push(clock.now() - from)
  }
  expect(Math.max(...lateness)).toBeLessThanOrEqual(220)
})

it('after 30 s, the nodes are asked less often, until there is news', async () => {
  const { topology, clock, questions } = afterKill({})
  const questionsUntil = async (time: number): Promise<number> => {
    questions.length = 0
    await clock.advanceTo(time)
    return questions.length
  }
  topology.refresh(true)
  // Three nodes are asked every 0.16 s on average.
  expect(await questionsUntil(20_000)).toBeGreaterThan(300)
  await questionsUntil(35_000)
  expect(await questionsUntil(55_000)).toBeLessThan(100)
  topology.refresh(true)
  await questionsUntil(58_000)
  expect(await questionsUntil(78_000)).toBeGreaterThan(300)
  topology.stop()
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

it('at the first connect, masters that could not be reached before are connected to without delay', async () => {
  const { topology, clock, views } = topologyOf({
    a: { view: 'abc' },
    b: { view: 'Abc', isResting: true },
    c: { view: 'Abc', isResting: true },
  })
  void topology.begin()
  await clock.advanceTo(100)
  expect(views).toEqual(['Abc'])
})

it('if something has just happened, a pause that has become long is cut short', async () => {
  const { topology, clock, questions } = topologyOf({ a: { view: 'a' } }, { isNeeded: () => true })
  topology.refresh()
  await clock.advanceTo(40_000)
  let last = clock.now()
  for (let count = questions.length; clock.now() < last + 210; await clock.advanceTo(clock.now() + 1)) {
    if (questions.length > count) last = clock.now()
    count = questions.length
  }
  const before = questions.length
  topology.refresh(true)
  await clock.advanceTo(clock.now() + 2)
  expect(questions).toHaveLength(before + 1)
  topology.stop()
})

it('at the first connect, other seeds decide if the first view names no owner of some slots', async () => {
  const asked: Record<string, Asked> = {
    // It was cut off from the others, together with its replicas.
    a: { view: 'a' },
    b: { view: 'bc', role: 'unknown', answersAfter: 2 },
    c: { view: 'bc', role: 'unknown', answersAfter: 2 },
    A: { view: 'a', role: 'replica' },
    Z: { view: 'a', role: 'replica' },
  }
  for (let seed = 0; seed < 20; seed += 1) {
    const { topology, clock, questions, views } = topologyOf(asked, { seed, seeds: 3, slotsEach: slotCount / 2 })
    void topology.begin()
    await clock.advanceTo(100)
    expect([...new Set(questions)].sort()).toEqual(['a', 'b', 'c'])
    expect(views).toEqual(['bc'])
  }
})

it('if the view in use names no owner of some slots, two of the three nodes that are asked are seeds', async () => {
  const { topology, clock, questions, views } = topologyOf(
    {
      x: { view: 'wxyz', role: 'unknown' },
      y: { view: 'wxyz', role: 'unknown', status: 'idle' },
      a: { view: 'abc' },
      b: { view: 'abc' },
      c: { view: 'abc' },
    },
    { seeds: 2, slotsEach: slotCount / 4 },
  )
  topology.refresh()
  await clock.advanceTo(500)
  expect([views, questions.sort()]).toEqual([['abc'], ['a', 'b', 'c']])
  questions.length = 0
  topology.refresh()
  await clock.advanceTo(1_000)
  expect(questions).toHaveLength(3)
  expect(questions).toEqual(expect.arrayContaining(['x', 'y']))
  expect(views).toEqual(['abc', 'wxyz'])
  // Now there is no such reason.
  questions.length = 0
  topology.refresh()
  await clock.advanceTo(1_500)
  expect(questions.sort()).toEqual(['a', 'b', 'c'])
})

describe('after others have taken the slots of a master, its own view', () => {
  /** The master `a` was replaced by `b`. Then only nodes at addresses that no view names can be reached. */
  async function alone(roles: Readonly<Record<string, Node['role']>>, slotsEach = slotCount) {
    const asked = Object.fromEntries(Object.entries(roles).map(([id, role]) => [id, { view: 'a', role }]))
    let isNeeded = false
    const test = topologyOf(asked, { isNeeded: () => isNeeded && test.views.length === 0, slotsEach })
    const { topology, clock, nodes, views } = test
    const useView = async (master: string, within: number): Promise<void> => {
      const view = { text: `${master} 0,1`, covered: slotsEach, masters: [{ id: master, replicas: [] }] }
      for (const node of nodes) Object.assign(node, { ask: () => Promise.resolve({ ...view, by: node }) })
      views.length = 0
      topology.refresh(true)
      await clock.advanceTo(clock.now() + within)
    }
    await useView('a', 1_000)
    // The nodes of this round are known.
    for (const node of nodes) node.role = 'master'
    await useView('b', 1_000)
    for (const node of nodes) node.role = roles[node.id] as Node['role']
    isNeeded = true
    await useView('a', 20_000)
    return test
  }

  it('is not used if nobody else confirms it, for as long as a failover may take', async () => {
    const { topology, clock, views } = await alone({ a: 'unknown' })
    expect(views).toEqual([])
    await clock.advanceTo(clock.now() + 15_000)
    expect(views).toEqual(['a'])
    topology.stop()
  })

  it.each([
    ['another node that no view names confirms it', { a: 'unknown', c: 'unknown' }, slotCount],
    ['it is that of a node which the view in use names', { a: 'replica' }, slotCount],
    ['the view in use names no owner of some slots', { a: 'unknown' }, slotCount / 2],
  ] as const)('is used if %s', async (_, roles, slotsEach) => {
    const { topology, views } = await alone(roles, slotsEach)
    expect(views[0]).toBe('a')
    topology.stop()
  })
})
