import type { ServerModel } from '../../lab/server/model.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import type { SimulatedNetwork } from './network.js'
import { switches } from './switches.js'
import type { Tally } from './tally.js'
import type { Wire } from './wire.js'

/** What a fault can change. */
export interface FaultDependencies {
  readonly network: SimulatedNetwork
  readonly model: ServerModel
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly tally: Tally
  note(text: string): void
}

type Fault<Subject> = readonly [kind: string, strike: (subject: Subject) => void]

interface Struck {
  readonly wire: Wire
  readonly chance: Chance
}

/** What can happen to one connection, at any byte of either direction. */
const wireFaults: readonly Fault<Struck>[] = [
  ['reset', ({ wire }) => wire.reset()],
  ['reset', ({ wire }) => wire.reset()],
  ['closed by the server', ({ wire }) => wire.end(true)],
  ['closed in mid-reply', ({ wire }) => wire.end(false)],
  ['closed right after a reply', ({ wire }) => wire.endAfterNextWords()],
  ['closed right after a reply', ({ wire }) => wire.endAfterNextWords()],
  ['black hole', ({ wire }) => wire.blackHole()],
  ['stalled towards the server', ({ wire, chance }) => wire.stall('out', chance.between(5, 1_500))],
  ['stalled towards the client', ({ wire, chance }) => wire.stall('in', chance.between(5, 1_500))],
  ['garbage', ({ wire }) => wire.garble()],
]

/** What can happen to the server, or before its door. */
const serverFaults: readonly Fault<FaultDependencies>[] = [
  ['server restarted', (ground) => restart(ground)],
  [
    'connecting fails',
    ({ network, clock, chance, note }) => {
      network.door = chance.pick(['refuses', 'full', 'closes', 'mute'])
      note(`the server's door: ${network.door}`)
      for (const wire of network.live) if (chance.happens(0.5)) wire.reset()
      clock.schedule(chance.between(10, 1_000), () => {
        note("the server's door is open")
        network.door = 'open'
      })
    },
  ],
]

/** What a server answers at times instead of running a command. */
const refusals: readonly Fault<FaultDependencies>[] = [
  [
    'loading',
    ({ model, clock, chance, note }) => {
      note('the server loads its data')
      model.isLoading = true
      clock.schedule(chance.between(10, 500), () => {
        note('the server has loaded its data')
        model.isLoading = false
      })
    },
  ],
  [
    'read-only',
    ({ model, clock, chance, note }) => {
      note('the server has become read-only')
      model.isReadonly = true
      clock.schedule(chance.between(10, 500), () => {
        note('the server takes writes again')
        model.isReadonly = false
      })
    },
  ],
  [
    'busy',
    ({ model, clock, chance, note }) => {
      note('the server is busy with a script')
      model.isBusy = true
      clock.schedule(chance.between(10, 500), () => {
        note('the server is no longer busy')
        model.isBusy = false
      })
    },
  ],
  [
    'busy at EXEC',
    ({ model, chance, note }) => {
      note('the server is busy when it is next sent an EXEC')
      model.busyExecs += chance.between(1, 2)
    },
  ],
]

/** Lets one fault happen. */
export function strike(ground: FaultDependencies, mayRefuse: boolean): void {
  const { chance, network, tally } = ground
  const happen = <Subject>([kind, fault]: Fault<Subject>, subject: Subject): void => {
    tally.note(`fault: ${kind}`)
    fault(subject)
  }
  if (mayRefuse && chance.happens(0.3)) {
    happen(chance.pick(refusals), ground)
  } else if (chance.happens(0.25)) {
    happen(chance.pick(serverFaults), ground)
  } else {
    const { live } = network
    if (live.length > 0) happen(chance.pick(wireFaults), { wire: chance.pick(live), chance })
  }
}

/** Killed and started again, its data kept. */
function restart({ network, model, clock, chance, note }: FaultDependencies): void {
  note('the server is killed')
  network.door = 'refuses'
  for (const wire of network.live) wire.reset(false)
  // Another process: what is still under way to the old one arrives nowhere.
  model.restart(runIdFrom(chance), switches.connectionIdsBeginAgain)
  clock.schedule(chance.between(1, 800), () => {
    note('the server is started')
    network.door = 'open'
  })
}

/** Another one for each process. */
export const runIdFrom = (chance: Chance): string =>
  Array.from({ length: 40 }, () => chance.between(0, 15).toString(16)).join('')
