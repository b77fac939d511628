import type { Client } from '../../../src/client.js'
import { RespiteError } from '../../../src/errors.js'
import type { RetryPolicy } from '../../../src/options/options.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import type { Wire } from '../wire.js'
import type { SimulatedServer } from './server.js'

/** A run of a call's command at a server. */
export interface Run {
  readonly server: SimulatedServer
  readonly name: string
  /** The client had seen or made the end of the connection before. */
  readonly isLate: boolean
}

/** What is known of one call. */
export interface Call {
  readonly number: number
  readonly kind: Kind
  readonly policy: RetryPolicy
  readonly maxAttempts: number
  readonly calledAt: number
  settled: 'no' | 'resolved' | 'rejected'
  error: RespiteError | undefined
  readonly runs: Run[]
}

interface Kind {
  readonly name: string
  /** Whether its commands may run again within the policy. */
  readonly isIdempotent: boolean
  readonly run: (client: Client, view: ReturnType<Client['with']>, number: number) => Promise<unknown>
  /** Replies that are right; how often it ran is known to be once. */
  readonly isRight: (reply: unknown) => boolean
}

const lists = ['list:0', 'list:1']
export const listOf = (number: number): string => lists[number % lists.length] as string
const isLength = (reply: unknown): boolean => Number.isInteger(reply) && (reply as number) > 0

/** A caller's number is the end of every argument that can carry it. */
const kinds: readonly Kind[] = [
  {
    name: 'RPUSH',
    isIdempotent: false,
    run: (_, view, number) => view.rpush(listOf(number), `e#${number}`),
    isRight: isLength,
  },
  {
    name: 'INCR',
    isIdempotent: false,
    run: (_, view, number) => view.incr(`c#${number}`),
    isRight: (reply) => reply === 1,
  },
  {
    name: 'SET',
    isIdempotent: true,
    run: (_, view, number) => view.set('register', `v#${number}`),
    isRight: (reply) => reply === 'OK',
  },
  { name: 'GET', isIdempotent: true, run: (_, view) => view.get('fixed'), isRight: (reply) => reply === 'value' },
  {
    name: 'MULTI',
    isIdempotent: false,
    run: (_, view, number) => view.multi().rpush(listOf(number), `e#${number}`).incr(`c#${number}`).exec(),
    isRight: (reply) => Array.isArray(reply) && isLength(reply[0]) && reply[1] === 1,
  },
  {
    name: 'session',
    isIdempotent: false,
    run: (client, _, number) => client.session((session) => session.incr(`c#${number}`)),
    isRight: (reply) => reply === 1,
  },
  {
    name: 'once',
    isIdempotent: true,
    run: (_, view, number) => view.with({ once: true }).incr(`o#${number}`),
    isRight: (reply) => reply === 1,
  },
  {
    // As by a caller that was restarted, and does not know what became of its call.
    name: 'once, called again',
    isIdempotent: true,
    run: (_, view, number) => {
      const again = view.with({ once: `order-${number}` })
      return again.incr(`o#${number}`).catch(() => again.incr(`o#${number}`))
    },
    isRight: (reply) => reply === 1,
  },
]

/** The number of the call that a command belongs to. */
export function numberOf(args: readonly Buffer[]): number | undefined {
  for (const arg of args.slice(1, 3)) {
    const number = /^[a-z]#(\d+)$/.exec(String(arg))?.[1]
    if (number !== undefined) return Number(number)
  }
  return undefined
}

/** Makes calls, and keeps the books of them. */
export class Load {
  readonly calls: Call[] = []
  readonly #client: Client
  readonly #clock: SimulatedClock
  readonly #chance: Chance
  readonly #policies: readonly RetryPolicy[]
  readonly #violation: (text: string) => void

  constructor(
    client: Client,
    { clock, chance, policies }: { clock: SimulatedClock; chance: Chance; policies: readonly RetryPolicy[] },
    violation: (text: string) => void,
  ) {
    this.#client = client
    this.#clock = clock
    this.#chance = chance
    this.#policies = policies
    this.#violation = violation
  }

  burst(): void {
    const count = this.#chance.between(1, 6)
    for (let i = 0; i < count; i += 1) this.call()
  }

  /** A call that waits on the shared connection. */
  read(): void {
    this.call(kinds.find(({ name }) => name === 'GET'))
  }

  call(kind = this.#chance.pick(kinds)): void {
    const policy = this.#chance.pick(this.#policies)
    const maxAttempts = this.#chance.between(1, 4)
    const timeout = this.#chance.happens(0.2) ? this.#chance.between(20, 1_500) : 0
    const call: Call = {
      number: this.calls.length,
      kind,
      policy,
      maxAttempts,
      calledAt: this.#clock.now(),
      settled: 'no',
      error: undefined,
      runs: [],
    }
    this.calls.push(call)
    const view = this.#client.with({ retry: policy, maxAttempts, timeout })
    kind.run(this.#client, view, call.number).then(
      (reply) => {
        call.settled = 'resolved'
        const isRepeated = runsOf(call) > 1
        if (!kind.isRight(reply) && !isRepeated) this.#violation(`${title(call)} got ${JSON.stringify(reply)}`)
        if (call.runs.length === 0 && kind.name !== 'GET') this.#violation(`${title(call)} was answered and never ran`)
      },
      (error: unknown) => {
        call.settled = 'rejected'
        if (error instanceof RespiteError || (error as RespiteError).fate !== undefined)
          call.error = error as RespiteError
        else this.#violation(`${title(call)} was rejected with ${error}`)
      },
    )
  }

  onExecuted(server: SimulatedServer, wire: Wire, args: readonly Buffer[], isError: boolean): void {
    const number = numberOf(args)
    const call = number === undefined ? undefined : this.calls[number]
    const name = String(args[0])
    if (call === undefined || isError || name.startsWith('EVAL')) return
    call.runs.push({ server, name, isLate: wire.isOver })
    const { kind, policy, maxAttempts } = call
    // Once: at most once for each line of masters. That is looked at in the end.
    if (kind.name.startsWith('once')) return
    const most = policy === 'always' || (kind.isIdempotent && policy !== 'never' && policy !== 'read') ? maxAttempts : 1
    if (runsOf(call) > most) this.#violation(`${title(call)} ran ${runsOf(call)} times`)
  }
}

export const title = ({ number, kind, policy, calledAt }: Call): string =>
  `#${number} ${kind.name} (retry ${policy}, called at ${calledAt.toFixed(1)})`

/** How often it ran, by the command of it that ran most often. */
function runsOf({ runs }: Call): number {
  const counts = new Map<string, number>()
  for (const { name } of runs) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}
