// `once` loads this when it is used first: here it is there before the clock runs.
import '../../src/once/once.js'
import { ServerModel } from '../../lab/server/model.js'
import { Client } from '../../src/client.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'
import { type NetworkObserver, SimulatedNetwork } from '../simulation/network.js'
import { History } from './history.js'
import { callerOf, optionsOf, type Setting } from './setting.js'

/** What came of a schedule. */
export interface SimulatedRun {
  readonly histories: readonly History[]
  /** How often the server ran each write: `SET register 1`. */
  readonly executions: ReadonlyMap<string, number>
}

/** Milliseconds in which calls are made and faults happen. */
const duration = 400

/**
 * The histories of a register and a list under one schedule of faults and failovers, on paths that deliver what they hold when the client
 * has given the connection up. A replica is never behind.
 */
export async function simulate(seed: number, setting: Setting): Promise<SimulatedRun> {
  const chance = new Chance(seed)
  const clock = new SimulatedClock(chance, (error) => {
    throw error
  })
  const model = new ServerModel({ now: () => clock.now() })
  /** The old process goes on for a while beside the new one: no connection leads to it any more, and none can be fenced. */
  const isDeposedLate = !setting.isFenceable && chance.happens(0.5)
  if (!setting.isFenceable && !isDeposedLate) model.denied = new Set(['CLIENT|KILL'])
  const lateBy = chance.between(50, 800)
  const path = () => ({ latency: 5, piece: 64_000, sendBuffer: 64_000, provesIncomplete: true, lateBy })
  const executions = new Map<string, number>()
  const observer: NetworkObserver = {
    onExecuted(_wire, args) {
      const name = String(args[0]).toUpperCase()
      if (name !== 'SET' && name !== 'RPUSH') return
      const write = `${name} ${args[1]} ${args[2]}`
      executions.set(write, (executions.get(write) ?? 0) + 1)
    },
    onWritten: () => {},
    onLate: () => {},
    onMalformed(_wire, error) {
      throw new Error(error)
    },
    onRefused: () => {},
    onDial: () => {},
    note: () => {},
  }
  const network = new SimulatedNetwork(model, { clock, chance, path }, observer)
  const clients = Array.from(
    { length: setting.clients },
    () =>
      new Client({ ...optionsOf(setting), connectTimeout: 100 }, undefined, {
        dial: network.dial,
        clock,
      }),
  )
  const now = (): number => clock.now()
  const histories = [new History('register', 'register', now), new History('list', 'list', now)]
  for (const [index, client] of clients.entries()) {
    const caller = callerOf(client, setting)
    for (const history of histories) {
      const next = (): void => {
        if (clock.now() > duration) return
        const called = history.call(caller, chance.happens(0.5), index + 1)
        void called.then(() => clock.scheduleLocally(chance.fraction() * 30, next))
      }
      clock.scheduleLocally(chance.fraction() * 30, next)
    }
  }
  for (let i = chance.between(1, 4); i > 0; i -= 1) {
    clock.schedule(chance.fraction() * duration, () => {
      const { live } = network
      if (live.length === 0) return
      const wire = chance.pick(live)
      chance.pick([
        () => wire.reset(),
        () => wire.end(false),
        () => wire.blackHole(),
        () => wire.stall('out', 400),
        () => wire.stall('in', 400),
      ])()
    })
  }
  const failOver = (): void => {
    const old = network.model
    const successor = new ServerModel({ now, replicaOf: old })
    successor.denied = old.denied
    network.leadTo(successor)
    if (!isDeposedLate) {
      old.restart()
      return
    }
    for (const wire of network.live) wire.reset()
    clock.schedule(chance.between(0, 400), () => old.demote())
  }
  if (isDeposedLate || chance.happens(0.3)) clock.schedule(chance.fraction() * duration, failOver)
  // By then all that was late has come, and every command and its fence have settled.
  await clock.advanceTo(duration + 3_000)
  for (const history of histories) void history.call(clients[0] as Client, false, 1)
  await clock.advanceTo(duration + 6_000)
  for (const client of clients) client.destroy()
  await clock.advanceTo(duration + 7_000)
  for (const history of histories) await history.settled()
  return { histories, executions }
}
