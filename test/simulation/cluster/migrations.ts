import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/**
 * How the move of a slot goes. Key by key: to its end; given up by the node that imports it, whose keys are then moved back; or
 * given up by the node that it leaves, which creates again what had moved, so that this is lost. Atomic, as of Valkey 9: all at
 * once after a pause, or cancelled after it.
 */
export const courses = [
  'whole',
  'given up by the importing node',
  'given up by the owner',
  'atomic',
  'atomic, cancelled',
] as const

export type Course = (typeof courses)[number]

interface Migration {
  readonly slot: number
  readonly from: SimulatedServer
  readonly to: SimulatedServer
  readonly course: Course
}

interface Dependencies {
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly chance: Chance
}

/** Milliseconds until all have heard of the end of a move: later news must not arrive before these. */
const gossip = 300

/** @param onDone called when the slot may move again */
export function migrate(migration: Migration, dependencies: Dependencies, onDone: () => void): void {
  const done = (): void => dependencies.clock.schedule(gossip, onDone)
  if (migration.course.startsWith('atomic')) moveAtOnce(migration, dependencies, done)
  else moveKeyByKey(migration, dependencies, done)
}

function moveKeyByKey({ slot, from, to, course }: Migration, dependencies: Dependencies, done: () => void): void {
  const { servers, clock, chance } = dependencies
  const later = (most: number, run: () => void): void => clock.schedule(chance.fraction() * most, run)
  // What is given up is given up after so many keys.
  let left = course === 'whole' ? Infinity : chance.between(0, 3)
  const move = { slot, to, beganAt: clock.now(), importedUntil: Infinity, redirectedUntil: Infinity }
  const endImport = (isGivenUp: boolean): void => {
    to.member.importing.delete(slot)
    move.importedUntil = clock.now()
    if (isGivenUp) servers.givenUp.push(move)
  }
  const endExport = (): void => {
    if (from.member.migrating.delete(slot)) move.redirectedUntil = clock.now()
  }
  const moveBack = (): void => {
    const [key] = servers.keysOf(to, slot)
    if (key === undefined) {
      endExport()
      done()
      return
    }
    // A key that the owner has created meanwhile is not overwritten.
    if (servers.keysOf(from, slot).includes(key)) servers.replication.drop(key, to)
    else servers.moveKey(key, to, from)
    later(20, moveBack)
  }
  const giveUp = (): void => {
    if (course === 'given up by the owner') {
      endExport()
      later(50, () => {
        endImport(true)
        later(100, moveBack)
      })
      return
    }
    endImport(true)
    later(100, moveBack)
  }
  const step = (): void => {
    const [key] = servers.keysOf(from, slot)
    if (left === 0) {
      giveUp()
      return
    }
    if (key !== undefined) {
      left -= 1
      servers.moveKey(key, from, to)
      later(20, step)
      return
    }
    if (course !== 'whole') {
      giveUp()
      return
    }
    endImport(false)
    endExport()
    servers.hasMoved(slot, from, to)
    done()
  }
  to.member.importing.add(slot)
  from.member.migrating.set(slot, to.self)
  later(20, step)
}

function moveAtOnce({ slot, from, to, course }: Migration, dependencies: Dependencies, done: () => void): void {
  const { servers, clock, chance } = dependencies
  const pause = chance.between(1, 100)
  clock.schedule(chance.fraction() * 50, () => {
    // Its clients are paused while the rest is copied.
    servers.slowDown(from, 'out', pause)
    clock.schedule(pause - 0.01, () => {
      if (course === 'atomic') {
        for (const key of servers.keysOf(from, slot)) servers.moveKey(key, from, to)
        servers.hasMoved(slot, from, to)
      }
      done()
    })
  })
}
