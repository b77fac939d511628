import type { ServerModel } from '../../lab/server/model.js'
import type { Chance } from './chance.js'
import type { SimulatedClock } from './clock.js'
import type { SimulatedNetwork } from './network.js'
import type { UserCode } from './scenario.js'
import type { Tally } from './tally.js'
import type { Wire } from './wire.js'

/** What a fault can change. */
export interface FaultDependencies {
  readonly network: SimulatedNetwork
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly tally: Tally
  readonly userCode: UserCode
  /** Whether the client asks for credentials. */
  readonly hasProvider: boolean
  /** Others connect to a server that has just begun. */
  letStrangersIn(model: ServerModel): void
  /** Another server with the data of the one that the address leads to. */
  replica(): ServerModel
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
  ['failover', (dependencies) => failOver(dependencies)],
  [
    'event loop held up',
    ({ clock, chance, note }) => {
      const ms = chance.skewed(20, 2_000)
      note(`the event loop is held up for ${ms} ms`)
      clock.stall(ms)
    },
  ],
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
    ({ network: { model }, clock, chance, note }) => {
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
    ({ network, clock, chance, note }) => {
      const { model } = network
      note('the server has become read-only')
      model.isReadonly = true
      clock.schedule(chance.between(10, 500), () => {
        note('the server takes writes again')
        // It may have become the replica of another meanwhile.
        if (network.model === model) model.isReadonly = false
      })
    },
  ],
  [
    'busy',
    ({ network: { model }, clock, chance, note }) => {
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
    ({ network: { model }, chance, note }) => {
      note('the server is busy when it is next sent an EXEC')
      model.busyExecs += chance.between(1, 2)
    },
  ],
]

const credentialsFault: Fault<FaultDependencies> = [
  'credentials fail',
  ({ userCode, clock, chance, network, note }) => {
    const failure = chance.pick(['throws', 'rejects', 'hangs', 'is wrong'] as const)
    userCode.provider = failure
    note(`the provider of credentials ${failure}`)
    for (const wire of network.live) if (chance.happens(0.5)) wire.reset()
    clock.schedule(chance.between(10, 1_000), () => {
      note('the provider of credentials works')
      userCode.provider = 'works'
    })
  },
]

/** Lets one fault happen. */
export function strike(dependencies: FaultDependencies, mayRefuse: boolean): void {
  const { chance, network, tally } = dependencies
  const happen = <Subject>([kind, fault]: Fault<Subject>, subject: Subject): void => {
    tally.note(`fault: ${kind}`)
    fault(subject)
  }
  if (mayRefuse && chance.happens(0.3)) {
    happen(chance.pick(refusals), dependencies)
  } else if (dependencies.hasProvider && chance.happens(0.2)) {
    happen(credentialsFault, dependencies)
  } else if (chance.happens(0.3)) {
    happen(chance.pick(serverFaults), dependencies)
  } else {
    const { live } = network
    if (live.length > 0) happen(chance.pick(wireFaults), { wire: chance.pick(live), chance })
  }
}

/** Killed and started again, its data kept. */
function restart({ network, letStrangersIn, clock, chance, note }: FaultDependencies): void {
  note('the server is killed')
  network.door = 'refuses'
  for (const wire of network.live) wire.reset(false)
  // Another process: what is still under way to the old one arrives nowhere.
  network.model.restart(runIdFrom(chance))
  letStrangersIn(network.model)
  clock.schedule(chance.between(1, 800), () => {
    note('the server is started')
    network.door = 'open'
  })
}

/** The address leads to a replica that takes writes now; the old server has become its replica, and may still be talked to. */
function failOver({ network, replica, clock, chance, note }: FaultDependencies): void {
  note('the address leads to another server')
  const old = network.model
  network.leadTo(replica())
  old.demote()
  for (const wire of network.live) if (chance.happens(0.3)) wire.reset()
  if (!chance.happens(0.3)) return
  clock.schedule(chance.between(10, 1_000), () => {
    note('the old server is killed')
    old.restart(runIdFrom(chance))
  })
}

/** Another one for each process. */
export const runIdFrom = (chance: Chance): string =>
  Array.from({ length: 40 }, () => chance.between(0, 15).toString(16)).join('')
