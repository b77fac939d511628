import { ServerModel, type ServerModelOptions } from '../../lab/server/model.js'
import type { Client } from '../../src/client.js'
import { Client as RealClient } from '../../src/client.js'
import type { Dial } from '../../src/connection/transport/transport.js'
// Loaded on demand by the client: here before, so that it takes no time that is not simulated.
import '../../src/once/once.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { Book, executionsOf } from './book.js'
import { Callers } from './callers.js'
import { Chance } from './chance.js'
import { SimulatedClock, turnOf } from './clock.js'
import { type FaultDependencies, runIdFrom, strike } from './faults.js'
import { checkEntries } from './invariants.js'
import { Listeners } from './listeners.js'
import { Meddler } from './meddler.js'
import { SimulatedNetwork } from './network.js'
import { beyondKey, beyondValue } from './operations/beyond-limits.js'
import { fixedMembers, fixedValues } from './operations/data.js'
import { checkRemains, checkRest } from './remains.js'
import { makeScenario, type ServerKind } from './scenario.js'
import { letStrangersWait } from './strangers.js'
import type { Tally } from './tally.js'
import { channels, World } from './world.js'

/** The code under test: the client as it is, or one that was changed on purpose. */
export interface ClientCode {
  readonly Client: typeof RealClient
  readonly resolveOptions: typeof resolveOptions
}

/** Sees what passes between the client and those around it; it may put itself in between. */
export interface Observer {
  begin(now: () => number): void
  watchDial(dial: Dial): Dial
  watchClient(client: Client): Client
}

/** What came of one seed. */
export interface Outcome {
  readonly seed: number
  /** What was seen to be wrong; empty when all held. */
  readonly violations: readonly string[]
  readonly calls: number
  readonly resolved: number
  /** Rejections by fate. */
  readonly fates: Readonly<Record<string, number>>
  readonly executions: number
  readonly connections: number
  /** How often each kind of call was made, and each fault happened. */
  readonly tally: Tally
  /** All that happened, line by line, where it was asked for. */
  readonly trace: readonly string[]
}

/** Milliseconds within which everything is settled once the network is well again. */
const convalescence = 30_000

const closeTimeout = 300

/**
 * Runs one schedule of calls and faults against the client on a simulated network, with a virtual clock and a model of a
 * server that records what it ran; then checks what must hold.
 *
 * The same seed gives the same run, event by event.
 *
 * @param observer told of all that is observable; under it each part of the simulation has chance of its own
 */
export async function simulate(
  seed: number,
  code: ClientCode = realCode,
  tracing = false,
  observer?: Observer,
): Promise<Outcome> {
  const chance = new Chance(seed, observer !== undefined)
  const scenario = makeScenario(chance)
  const onThrown = (error: unknown): void => book.violation(`thrown: ${stackOf(error)}`)
  const clock: SimulatedClock = new SimulatedClock(chance.part('client'), onThrown, turnOf(chance))
  observer?.begin(() => clock.now())
  const trace: string[] = []
  const book: Book = new Book(clock, !scenario.refusesAtTimes, tracing ? trace : undefined)
  const model = makeModel(clock, scenario.server, { runId: runIdFrom(chance) })
  for (const [index, value] of fixedValues.entries()) model.store.execute(['SET', `fixed:${index}`, value], 0)
  for (const member of fixedMembers) {
    model.store.execute(['HSET', 'fixed:hash', member, 'v'], 0)
    model.store.execute(['SADD', 'fixed:set', member], 0)
    model.store.execute(['ZADD', 'fixed:zset', '1', member], 0)
  }
  model.store.execute(['SET', beyondKey, beyondValue], 0)
  const network = new SimulatedNetwork(model, { clock, chance, path: () => scenario.path() }, book)
  const options = code.resolveOptions(scenario.options)
  book.requiresFence = options.fence === 'require'
  const dial = observer?.watchDial(network.dial) ?? network.dial
  const environment = { dial, clock }
  // In other checkouts the constructor may take complete options, and the environment.
  const given = code.Client.length === 2 ? [options, environment] : [options, undefined, environment]
  const bareClient = new (code.Client as unknown as new (...args: unknown[]) => Client)(...given)
  const client = observer?.watchClient(bareClient) ?? bareClient
  const callers = new Callers(client, options, scenario.largest, { book, clock, chance: chance.part('callers') })
  book.note(() => `options: ${JSON.stringify(scenario.options)}`)
  client.on('status', (status) => {
    book.note(() => `the client is ${status}`)
    if (status === 'closed') clock.schedule(0, () => checkRemains(client, network, clock, callers, book))
  })
  const world = new World(network, chance, () => clock.now(), book.note)
  const { reconnect } = scenario.options
  const listeners = new Listeners(
    client,
    {
      largest: scenario.server.queryBufferLimit === Infinity ? scenario.largest : 0,
      reconnectsForEver: typeof reconnect === 'object' && reconnect.maxAttempts === Infinity,
      onTheWay: scenario.faults > 0 ? 2_000 : 500,
    },
    { book, chance, world },
  )
  if (scenario.hasMeddler) {
    // Under an observer it acts a moment later: what it does must not depend on the microtask in which listeners run.
    const act = (action: () => void): void => (observer === undefined ? action() : clock.schedule(0, action))
    const meddler = new Meddler(client, callers, listeners, {
      chance: chance.part('meddler'),
      tally: book.tally,
      act,
      isTime: () => clock.now() < scenario.duration,
    })
    client.on('status', () => meddler.meddle('a status listener'))
    client.on('error', () => meddler.meddle('an error listener'))
    listeners.onCalled = (place) => meddler.meddle(place)
    scenario.userCode.onCalled = (place) => meddler.meddle(place)
  }

  const { duration } = scenario
  const someTime = (): number => chance.fraction() * duration
  for (let i = 0; i < scenario.bursts; i += 1) clock.scheduleLocally(someTime(), () => callers.burst())
  for (let i = 0; i < scenario.loops; i += 1) clock.scheduleLocally(someTime(), () => void callers.loop())
  const dependencies: FaultDependencies = {
    network,
    clock,
    chance,
    tally: book.tally,
    userCode: scenario.userCode,
    hasProvider: scenario.server.password !== undefined,
    replica: () => {
      const replica = makeModel(clock, scenario.server, { runId: runIdFrom(chance), replicaOf: network.model })
      letStrangersWait(replica, book)
      return replica
    },
    letStrangersIn: (server) => letStrangersWait(server, book),
    note: (text: string) => book.note(() => text),
  }
  for (let i = 0; i < scenario.faults; i += 1) {
    clock.schedule(someTime(), () => strike(dependencies, scenario.refusesAtTimes))
  }
  for (let i = 0; i < scenario.stirs; i += 1) clock.schedule(someTime(), () => world.stir())
  for (let i = 0; i < scenario.subscriptions; i += 1) {
    clock.scheduleLocally(someTime(), () => listeners.subscribe())
    if (chance.happens(0.2)) clock.scheduleLocally(someTime(), () => listeners.unsubscribe())
  }
  if (chance.happens(0.3))
    clock.scheduleLocally(someTime(), () => void connect(client, book, clock, options.connectDeadline))
  clock.scheduleLocally(someTime(), () => examine(client, book))
  if (scenario.endsEarly) clock.scheduleLocally(someTime(), () => end(client, book, clock, chance))

  await clock.advanceTo(duration)
  network.door = 'open'
  scenario.userCode.provider = 'works'
  for (const each of network.models) Object.assign(each, { isLoading: false, isBusy: false, busyExecs: 0 })
  network.model.isReadonly = false
  await clock.advanceTo(duration + convalescence - 1_000)
  for (const channel of channels) world.publish(channel)
  await clock.advanceTo(duration + convalescence)
  // Without PINGs a silent link is never known to be dead.
  if (client.status !== 'closed' && options.pingInterval > 0) listeners.checkComplete()
  if (!book.isSettled) book.violation('calls are pending, long after the network was well')
  if (client.status !== 'closed') checkRest(client, network, clock, callers, book)
  end(client, book, clock, chance)
  await clock.advanceTo(duration + 2 * convalescence)
  checkEntries(book, {
    keepsTransactionsWhole: !model.denied.has('MULTI'),
    requiresFence: book.requiresFence,
  })
  if (client.status !== 'closed') book.violation(`${client.status} after the end`)
  for (const title of book.promises.pending) book.violation(`${title} never settled`)
  book.tally.note('invariant: a promise settles', book.promises.settled)
  const tooMany = book.dials.wrong(reconnect, options.connectDeadline)
  if (tooMany !== undefined) book.violation(tooMany)
  book.tally.note('invariant: attempts to connect are counted', book.dials.count)

  return {
    seed,
    violations: book.violations,
    calls: book.entries.length,
    resolved: book.entries.filter(({ settled }) => settled === 'resolved').length,
    fates: countFates(book),
    executions: book.entries.reduce((sum, entry) => sum + executionsOf(entry), 0),
    connections: network.wires.length,
    tally: book.tally,
    trace,
  }
}

const realCode: ClientCode = { Client: RealClient, resolveOptions }

function makeModel(
  clock: SimulatedClock,
  kind: ServerKind,
  process: Pick<ServerModelOptions, 'runId' | 'replicaOf'>,
): ServerModel {
  const { password, denied, leavesTransactionsOpen, dropsAuthErrors, queryBufferLimit, countsTraffic } = kind
  const model = new ServerModel({ now: () => clock.now(), ...process, ...(password === undefined ? {} : { password }) })
  model.denied = new Set(denied)
  Object.assign(model, { leavesTransactionsOpen, dropsAuthErrors, queryBufferLimit, countsTraffic })
  return model
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

async function connect(client: Client, book: Book, clock: SimulatedClock, deadline: number): Promise<void> {
  const begin = clock.now()
  book.note(() => 'connect() is called')
  const result = await book.promises.expect('connect()', client.connect()).then(
    () => 'resolves',
    (error: Error) => `rejects: ${error.message}`,
  )
  const taken = clock.now() - begin
  book.note(() => `connect() ${result}`)
  if (taken > deadline + clock.stalledFor + 0.001)
    book.violation(`connect() took ${taken} ms, its deadline being ${deadline} ms`)
}

/** Commands that no caller is waiting for: to end a wait, to clear up after a session, or left behind in one. */
const ofItself: ReadonlySet<string> = new Set([
  'TIME',
  'CLIENT KILL',
  'INFO',
  'CLIENT UNBLOCK',
  'UNWATCH',
  'DISCARD',
  'SELECT',
  'GET',
])

/** The listings must agree with the books at any moment. */
function examine(client: Client, book: Book): void {
  let pending = 0
  for (const { settled, operation } of book.entries) if (settled === 'no') pending += operation.mostPending ?? 1
  const listed = client
    .inFlight()
    .filter(({ state, command }) => state !== 'abandoned' && !ofItself.has(command)).length
  // A call settled in this tick may not have told its caller yet; none may be missing.
  if (listed > pending) book.violation(`inFlight() lists ${listed} commands, of ${pending} that are pending`)
}

function end(client: Client, book: Book, clock: SimulatedClock, chance: Chance): void {
  if (chance.happens(0.4)) {
    book.note(() => 'destroy() is called')
    client.destroy()
    return
  }
  const begin = clock.now()
  book.note(() => 'close() is called')
  let isClosed = false
  client.close({ timeout: closeTimeout }).then(() => {
    isClosed = true
    book.note(() => 'close() resolves')
    if (clock.now() - begin > closeTimeout + clock.stalledFor + 0.001)
      book.violation(`close() took ${clock.now() - begin} ms`)
  })
  clock.scheduleLocally(closeTimeout + clock.stalledFor + 1, () => {
    if (!isClosed) book.violation(`close() has not resolved within ${closeTimeout} ms`)
  })
}

function countFates(book: Book): Record<string, number> {
  const fates: Record<string, number> = {}
  for (const { error } of book.entries) if (error !== undefined) fates[error.fate] = (fates[error.fate] ?? 0) + 1
  return fates
}
