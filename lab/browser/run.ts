import { Client } from '../../src/client.js'
import { lookup, retryClassOf } from '../../src/commands/catalogue.js'
import type { InFlightCommand } from '../../src/index.js'
// Loaded on demand by the client: here before, so that loading takes no time that is not simulated.
import '../../src/once/once.js'
import { Chance } from '../../test/simulation/chance.js'
import { SimulatedClock } from '../../test/simulation/clock.js'
import { identityOf } from '../recording/identity.js'
import { type Expectation, Recorder } from '../recording/recorder.js'
import type { Moment, Performance } from '../recording/trace.js'
import { blockingCommands } from '../server/blocking.js'
import { ServerModel } from '../server/model.js'
import { type PlannedCut, ScriptedNetwork } from './network.js'
import { type Action, idOf, type Schedule } from './schedule.js'

/** The client checks them when it is created, as it does all options. */
type Options = ConstructorParameters<typeof Client>[0]

/** What the client had in its queue and on its connections at a moment. */
export interface Ledger {
  readonly at: Moment
  readonly commands: readonly InFlightCommand[]
}

/** One run of a schedule: what was recorded, and the ledger of the client over time. */
export interface ScheduleRun {
  readonly performance: Performance
  readonly ledgers: readonly Ledger[]
  /** What the server has at the end. */
  readonly data: readonly Datum[]
}

/** A key of the server, and its value in words. */
export interface Datum {
  readonly key: string
  readonly value: string
}

/** Milliseconds of virtual time after the last event, in which everything must settle. */
const longestMs = 60_000
const stepMs = 50

/** The server's process, and the one after each restart. */
const runId = (number: number): string => number.toString(16).padStart(40, '0')

/** Whether the command may run again without doing its work twice. */
function isRepeatable(args: readonly string[]): boolean {
  const retryClass = retryClassOf(lookup(args), args)
  return retryClass === 'read' || retryClass === 'idempotent'
}

/** Keys and values in words, in the order of the keys. Only strings and lists: commands of other types are shown by their replies. */
function dataOf({ store }: ServerModel): Datum[] {
  const database = store.database(0)
  return database
    .keys()
    .toSorted()
    .map((key) => {
      const kind = database.kindOf(key)
      if (kind === 'string') return { key, value: String(database.read(key, kind)) }
      if (kind === 'list') return { key, value: `list: ${(database.read(key, kind) ?? []).map(String).join(', ')}` }
      return { key, value: `a ${kind}` }
    })
}

/**
 * Runs a schedule: the client of src on a scripted network, with virtual time and a model of a server. The same schedule gives
 * the same result, in Node.js and in a browser.
 */
export async function runSchedule({ options, items }: Schedule): Promise<ScheduleRun> {
  const clock = new SimulatedClock(new Chance(1), (error) => recorder.die(error))
  const recorder = new Recorder(() => clock.now())
  const model = new ServerModel({ now: () => clock.now(), runId: runId(1) })
  const network = new ScriptedNetwork(model, clock, (args) => {
    const [name = '', ...rest] = args.map(String)
    recorder.ran({ name: name.toUpperCase(), key: identityOf(name.toUpperCase(), rest) })
  })
  recorder.watch(network)
  const client = new Client(options as Options, undefined, { dial: network.dial, clock })
  const ledgers: Ledger[] = []
  const look = (): void => {
    const commands = client.inFlight()
    const last = ledgers.at(-1)
    if (JSON.stringify(last?.commands ?? []) === JSON.stringify(commands)) return
    if (last?.at === clock.now()) ledgers.pop()
    ledgers.push({ at: recorder.now(), commands })
  }
  client.on('status', (status) => recorder.status(status))
  client.on('error', () => {})
  for (const event of ['request', 'reply', 'arrived', 'leave', 'close'] as const)
    network.on(event, () => clock.schedule(0, look))

  let pending = 0
  let restarts = 1
  const cancels = new Map(
    items.flatMap(({ action }) => (action.do === 'cancel' ? [[action.call, new AbortController()] as const] : [])),
  )
  const cuts: (PlannedCut & { readonly at: Moment; hasStruck: boolean })[] = []
  const act = (action: Action): void => {
    switch (action.do) {
      case 'call': {
        const { args } = action
        const [name, ...rest] = args
        const cancel = cancels.get(idOf(args))
        pending += 1
        void recorder
          .call(
            name,
            identityOf(name, rest),
            () => (cancel === undefined ? client : client.with({ signal: cancel.signal })).call(...args),
            expectationOf(args),
          )
          .then(() => {
            pending -= 1
            look()
          })
        look()
        return
      }
      case 'cut': {
        const { side, after, how } = action
        const cut = {
          ...{ side, after, how, seen: 0, at: recorder.now(), hasStruck: false },
          // Not when it is planned: the picture shows what it does.
          onStruck: ({ id }: { readonly id: number }): void => {
            cut.hasStruck = true
            recorder.fault(`${how === 'reset' ? 'RST' : 'FIN'} on link ${id}, after ${after} bytes of ${side}`)
          },
        }
        cuts.push(cut)
        network.cut(cut)
        return
      }
    }
    recorder.fault(describe(action))
    switch (action.do) {
      case 'cancel':
        cancels.get(action.call)?.abort()
        break
      case 'hold':
        network.hold(action.side)
        break
      case 'release':
        network.release()
        break
      case 'black-hole':
        network.blackHole()
        break
      case 'garbage':
        network.garbage()
        break
      case 'down':
        restarts += 1
        network.down(runId(restarts))
        break
      case 'up':
        network.up()
        break
      case 'push':
        model.store.execute(['RPUSH', action.key, action.value], 0)
        model.waitingRoom.serve()
    }
  }
  client.connect().catch((error: unknown) => recorder.find(`the first connect succeeds (${error})`, false))
  for (const { at, action } of items) clock.scheduleLocally(at, () => act(action))

  const last = items.at(-1)?.at ?? 0
  await clock.advanceTo(last + stepMs)
  while (pending > 0 && clock.now() < last + longestMs) await clock.advanceTo(clock.now() + stepMs)
  await recorder.conclude()
  for (const { at, side, after, how, seen, hasStruck } of cuts) {
    if (hasStruck) continue
    const reason = `only ${seen} bytes of ${side} came after it, on the connections that were open then`
    recorder.fault(`without effect: cut ${side} ${after} ${how}, because ${reason}`, at)
  }
  const performance = recorder.performance('schedule', 'respite')
  // A copy: closing changes the status.
  const copy = structuredClone(performance)
  client.destroy()
  return { performance: copy, ledgers, data: dataOf(model) }
}

/** What is expected of a command, from its name and arguments. */
function expectationOf(args: readonly string[]): Expectation {
  return {
    // A schedule does not say which commands have a reason to fail.
    mayFail: 'any',
    ...(!isRepeatable(args) && { mayRun: 1 }),
    // Nothing came, and it took nothing.
    ...(args[0] !== undefined && args[0] in blockingCommands && { vain: 'null' }),
  }
}

function describe(action: Exclude<Action, { readonly do: 'call' | 'cut' }>): string {
  switch (action.do) {
    case 'hold':
      return `the path keeps all ${action.side} from now on`
    case 'release':
      return 'the path delivers what it kept'
    case 'black-hole':
      return 'the path drops all bytes from now on, and tells neither side'
    case 'garbage':
      return 'bytes that are not RESP arrive at the client'
    case 'down':
      return 'the server ends: its connections are reset, and new ones are refused'
    case 'up':
      return 'the server starts again'
    case 'push':
      return `another client pushes ${action.value} to ${action.key}`
    case 'cancel':
      return `the application cancels ${action.call}`
  }
}
