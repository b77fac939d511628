import { getEventListeners } from 'node:events'
import { ServerModel } from '../../lab/server/model.js'
import type { Client } from '../../src/client.js'
import { Client as RealClient } from '../../src/client.js'
import type { Dial } from '../../src/connection/transport/transport.js'
// Loaded on demand by the client: here before, so that it takes no time that is not simulated.
import '../../src/once/once.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { Book, executionsOf } from './book.js'
import { Callers } from './callers.js'
import { Chance } from './chance.js'
import { SimulatedClock } from './clock.js'
import { runIdFrom, strike } from './faults.js'
import { checkEntries } from './invariants.js'
import { Listeners } from './listeners.js'
import { SimulatedNetwork } from './network.js'
import { fixedValues } from './operations/data.js'
import { makeScenario, type ServerKind } from './scenario.js'
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
  const clock: SimulatedClock = new SimulatedClock(chance.part('client'), onThrown)
  observer?.begin(() => clock.now())
  const trace: string[] = []
  const book: Book = new Book(clock, !scenario.refusesAtTimes, tracing ? trace : undefined)
  const model = makeModel(clock, scenario.server, runIdFrom(chance))
  const network = new SimulatedNetwork(model, { clock, chance, path: () => scenario.path() }, book)
  const options = code.resolveOptions(scenario.options)
  const dial = observer?.watchDial(network.dial) ?? network.dial
  const environment = { dial, clock }
  // In other checkouts the constructor may take complete options, and the environment.
  const given = code.Client.length === 2 ? [options, environment] : [scenario.options, undefined, environment]
  const bareClient = new (code.Client as unknown as new (...args: unknown[]) => Client)(...given)
  const client = observer?.watchClient(bareClient) ?? bareClient
  const callers = new Callers(client, options, scenario.largest, { book, clock, chance: chance.part('callers') })
  book.note(() => `options: ${JSON.stringify(scenario.options)}`)
  client.on('status', (status) => {
    book.note(() => `the client is ${status}`)
    if (status === 'closed') clock.schedule(0, () => checkRemains(client, network, clock, callers, book))
  })
  const world = new World(model, chance, book.note)
  const listeners = new Listeners(client, scenario.server.queryBufferLimit === Infinity ? scenario.largest : 0, {
    book,
    chance,
    world,
  })
  if (scenario.hasMeddler) {
    // Under an observer it acts a moment later: what it does must not depend on the microtask in which listeners run.
    const act = (action: () => void): void => (observer === undefined ? action() : clock.schedule(0, action))
    meddle(client, callers, chance.part('meddler'), act)
  }

  const { duration } = scenario
  const someTime = (): number => chance.fraction() * duration
  for (let i = 0; i < scenario.bursts; i += 1) clock.schedule(someTime(), () => callers.burst())
  for (let i = 0; i < scenario.loops; i += 1) clock.schedule(someTime(), () => void callers.loop())
  for (let i = 0; i < scenario.faults; i += 1) {
    const ground = { network, model, clock, chance, tally: book.tally, note: (text: string) => book.note(() => text) }
    clock.schedule(someTime(), () => strike(ground, scenario.refusesAtTimes))
  }
  for (let i = 0; i < scenario.stirs; i += 1) clock.schedule(someTime(), () => world.stir())
  for (let i = 0; i < scenario.subscriptions; i += 1) {
    clock.schedule(someTime(), () => listeners.subscribe())
    if (chance.happens(0.2)) clock.schedule(someTime(), () => listeners.unsubscribe())
  }
  if (chance.happens(0.3)) clock.schedule(someTime(), () => void connect(client, book, clock, options.connectDeadline))
  clock.schedule(someTime(), () => examine(client, book))
  if (scenario.endsEarly) clock.schedule(someTime(), () => end(client, book, clock, chance))

  await clock.advanceTo(duration)
  network.door = 'open'
  model.isLoading = false
  model.isReadonly = false
  model.isBusy = false
  model.busyExecs = 0
  await clock.advanceTo(duration + convalescence - 1_000)
  for (const channel of channels) world.publish(channel)
  await clock.advanceTo(duration + convalescence)
  // Without PINGs a silent link is never known to be dead.
  if (client.status !== 'closed' && options.pingInterval > 0) listeners.checkComplete()
  if (!book.isSettled) book.violation('calls are pending, long after the network was well')
  const { subscriptions, ownConnections } = client.stats()
  const isIdle = client.status === 'idle' && subscriptions === 0
  if (ownConnections > 0) book.violation(`${ownConnections} pooled connections are kept, and nobody needs them`)
  if (isIdle && clock.timers > 0) book.violation(`idle, with ${clock.timers} timers`)
  end(client, book, clock, chance)
  await clock.advanceTo(duration + 2 * convalescence)
  checkEntries(book, { keepsTransactionsWhole: !model.denied.has('MULTI') })
  if (client.status !== 'closed') book.violation(`${client.status} after the end`)

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

function makeModel(clock: SimulatedClock, kind: ServerKind, runId: string): ServerModel {
  const { password, denied, leavesTransactionsOpen, dropsAuthErrors, queryBufferLimit } = kind
  const model = new ServerModel({ now: () => clock.now(), runId, ...(password === undefined ? {} : { password }) })
  model.denied = new Set(denied)
  Object.assign(model, { leavesTransactionsOpen, dropsAuthErrors, queryBufferLimit })
  for (const [index, value] of fixedValues.entries()) model.store.execute(['SET', `fixed:${index}`, value], 0)
  return model
}

const stackOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

/** A listener that acts on the client in the midst of its change. */
function meddle(client: Client, callers: Callers, chance: Chance, act: (action: () => void) => void): void {
  client.on('status', () => {
    if (chance.happens(0.3)) act(() => void callers.call())
    else if (chance.happens(0.1)) act(() => client.destroy())
  })
}

async function connect(client: Client, book: Book, clock: SimulatedClock, deadline: number): Promise<void> {
  const begin = clock.now()
  book.note(() => 'connect() is called')
  const result = await client.connect().then(
    () => 'resolves',
    (error: Error) => `rejects: ${error.message}`,
  )
  const taken = clock.now() - begin
  book.note(() => `connect() ${result}`)
  if (taken > deadline + 0.001) book.violation(`connect() took ${taken} ms, its deadline being ${deadline} ms`)
}

/** Commands that no caller is waiting for: to end a wait, to clear up after a session, or left behind in one. */
const ofItself: ReadonlySet<string> = new Set(['TIME', 'INFO', 'CLIENT UNBLOCK', 'UNWATCH', 'DISCARD', 'SELECT', 'GET'])

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
    if (clock.now() - begin > closeTimeout + 0.001) book.violation(`close() took ${clock.now() - begin} ms`)
  })
  clock.schedule(closeTimeout + 1, () => {
    if (!isClosed) book.violation(`close() has not resolved within ${closeTimeout} ms`)
  })
}

/** From the moment when it is closed nothing of the client is left. */
function checkRemains(
  client: Client,
  network: SimulatedNetwork,
  clock: SimulatedClock,
  callers: Callers,
  book: Book,
): void {
  if (clock.timers > 0) book.violation(`${clock.timers} timers are left`)
  if (network.live.length > 0) book.violation(`${network.live.length} connections are left`)
  if (client.inFlight().length > 0) book.violation('the ledger is not empty')
  const stats = client.stats()
  if (stats.queued > 0 || stats.queuedBytes !== 0) {
    book.violation(`${stats.queued} commands of ${stats.queuedBytes} bytes are left in the queue`)
  }
  if (stats.ownConnections > 0) book.violation(`${stats.ownConnections} pooled connections are left`)
  if (stats.subscriptions > 0) book.violation(`${stats.subscriptions} subscriptions are left`)
  const listeners = callers.signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0)
  if (listeners > 0) book.violation(`${listeners} listeners are left at signals`)
}

function countFates(book: Book): Record<string, number> {
  const fates: Record<string, number> = {}
  for (const { error } of book.entries) if (error !== undefined) fates[error.fate] = (fates[error.fate] ?? 0) + 1
  return fates
}
