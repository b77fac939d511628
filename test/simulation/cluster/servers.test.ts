import { expect, it } from 'vitest'
import { Chance } from '../chance.js'
import { SimulatedClock } from '../clock.js'
import { type SimulatedServer, SimulatedServers } from './servers.js'

it('a simulated server that hears late of a move keeps the owner that a failover has brought since', async () => {
  const chance = new Chance(1)
  const clock = new SimulatedClock(chance, (error) => expect.unreachable(String(error)))
  const ignore = (): void => {}
  const observer = { note: ignore, violation: ignore, onRefused: ignore, onExecuted: ignore }
  const cluster = new SimulatedServers(2, clock, chance, observer)
  const [master, other, successor] = cluster.servers as [SimulatedServer, SimulatedServer, SimulatedServer]
  const slots = cluster.slotsOf(other).slice(0, 50)
  cluster.stop(successor, 100)
  for (const slot of slots) cluster.hasMoved(slot, other, master)
  // It runs again, but most of the news is still under way.
  await clock.advanceTo(101)
  expect(slots.filter((slot) => successor.member.ownerOf(slot)?.id === other.self.id).length).toBeGreaterThan(25)
  cluster.failOver(master, true)
  await clock.advanceTo(1_000)
  for (const server of cluster.servers) {
    expect(new Set(slots.map((slot) => server.member.ownerOf(slot)?.id)), server.name).toEqual(
      new Set([successor.self.id]),
    )
  }
})
