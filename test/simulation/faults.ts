import type { ServerModel } from '../../lab/server/model.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import type { SimulatedNetwork } from './network.js'
import type { Wire } from './wire.js'

/** Where faults strike. */
export interface FaultGround {
  readonly network: SimulatedNetwork
  readonly model: ServerModel
  readonly clock: SimulatedClock
  readonly chance: Chance
  note(text: string): void
}

/** What can happen to one connection, at any byte of either direction. */
const wireFaults: readonly ((wire: Wire, chance: Chance) => void)[] = [
  (wire) => wire.reset(),
  (wire) => wire.reset(),
  (wire) => wire.end(true),
  (wire) => wire.end(false),
  (wire) => wire.endAfterNextWords(),
  (wire) => wire.endAfterNextWords(),
  (wire) => wire.blackHole(),
  (wire, chance) => wire.stall('out', chance.between(5, 1_500)),
  (wire, chance) => wire.stall('in', chance.between(5, 1_500)),
  (wire) => wire.garble(),
]

/** What can happen to the server, or before its door. */
const serverFaults: readonly ((ground: FaultGround) => void)[] = [
  (ground) => restart(ground),
  ({ network, clock, chance, note }) => {
    network.door = chance.pick(['refuses', 'full', 'closes', 'mute'])
    note(`the server's door: ${network.door}`)
    for (const wire of network.live) if (chance.happens(0.5)) wire.reset()
    clock.schedule(chance.between(10, 1_000), () => {
      note("the server's door is open")
      network.door = 'open'
    })
  },
]

/** What a server answers at times instead of running a command. */
const refusals: readonly ((ground: FaultGround) => void)[] = [
  ({ model, clock, chance, note }) => {
    note('the server loads its data')
    model.isLoading = true
    clock.schedule(chance.between(10, 500), () => {
      note('the server has loaded its data')
      model.isLoading = false
    })
  },
  ({ model, clock, chance, note }) => {
    note('the server has become read-only')
    model.isReadonly = true
    clock.schedule(chance.between(10, 500), () => {
      note('the server takes writes again')
      model.isReadonly = false
    })
  },
]

/** Lets one fault happen. */
export function strike(ground: FaultGround, mayRefuse: boolean): void {
  const { chance, network } = ground
  if (mayRefuse && chance.happens(0.3)) {
    chance.pick(refusals)(ground)
  } else if (chance.happens(0.25)) {
    chance.pick(serverFaults)(ground)
  } else {
    const { live } = network
    if (live.length > 0) chance.pick(wireFaults)(chance.pick(live), chance)
  }
}

/** Killed and started again, its data kept. */
function restart({ network, clock, chance, note }: FaultGround): void {
  note('the server is killed')
  network.door = 'refuses'
  for (const wire of network.live) wire.reset()
  clock.schedule(chance.between(1, 800), () => {
    note('the server is started')
    network.door = 'open'
  })
}
