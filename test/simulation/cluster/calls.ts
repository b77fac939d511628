import type { ServerReply } from '../../../lab/server/reply.js'
import type { Cluster } from '../../../src/cluster/cluster.js'
import { slotOfKey } from '../../../src/commands/slots.js'
import type { RespiteError } from '../../../src/errors.js'
import type { RetryPolicy } from '../../../src/options/options.js'
import type { Chance } from '../chance.js'
import type { SimulatedClock } from '../clock.js'
import { retryPolicies } from '../scenario.js'
import type { Tally } from '../tally.js'
import type { Wire } from '../wire.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/** What is called: see `send`. */
export type Kind = 'push' | 'script' | 'transaction' | 'mset' | 'read' | 'split' | 'cross' | 'pretence' | 'pop' | 'scan'

/** An effect of a call at a server. */
export interface Run {
  readonly server: SimulatedServer
  readonly key: string
  readonly reply: ServerReply
  readonly at: number
  /** The server had been replaced by another so long before that the client could know. */
  readonly isLate: boolean
  /** For a pretence: its server has said since that the word of the script is true. */
  isConfirmed: boolean
}

export interface Call {
  readonly number: number
  readonly kind: Kind
  readonly keys: readonly string[]
  readonly policy: RetryPolicy
  /** Milliseconds; 0: none of its own. */
  readonly timeout: number
  /** For a pretence: the redirection that its script returns. */
  word?: 'MOVED' | 'ASK'
  readonly calledAt: number
  settledAt: number
  settled: 'no' | 'resolved' | 'rejected'
  error: RespiteError | undefined
  value: unknown
  readonly runs: Run[]
  /** The connections that it was written to. */
  readonly wires: Set<Wire>
}

export const lists = Array.from({ length: 6 }, (_, i) => `list:${i}`)
export const tags = ['{a}', '{b}']
export const pairs = tags.map((tag) => [`${tag}1`, `${tag}2`] as const)

/** These are there from the beginning to the end. */
export const staticKeys = Array.from({ length: 12 }, (_, i) => `static:${i}`).concat(tags.map((tag) => `${tag}static`))

const pushing = "return redis.call('RPUSH',KEYS[1],ARGV[1])"
const pretending = "redis.call('RPUSH',KEYS[1],ARGV[1]) return redis.error_reply(ARGV[2])"

/** What a call depends on. */
interface Dependencies {
  readonly cluster: Cluster
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly tally: Tally
  note(text: () => string): void
}

/** The calls of one run, and what servers have done because of them. */
export class Calls {
  readonly all: Call[] = []
  readonly #dependencies: Dependencies
  #elements = 0

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** A server has run a command. */
  onExecuted(server: SimulatedServer, args: readonly Buffer[], reply: ServerReply, isLate: boolean): void {
    const name = String(args[0]).toUpperCase()
    if (name === 'CLUSTER' && String(args[1]) === 'NODES') this.#confirm(server)
    const isPop = name === 'BLPOP'
    if (!isPop && name !== 'RPUSH' && name !== 'MSET') return
    if (isPop && reply.type !== 'array') return
    const key = String(args[1])
    const call = isPop ? this.#popOf(key) : this.all[Number(args[2])]
    if (call === undefined) return
    this.#dependencies.note(() => `${server.name} runs ${name} ${key} of #${call.number}`)
    call.runs.push({ server, key, reply, at: this.#dependencies.clock.now(), isLate, isConfirmed: false })
    // The second key of an MSET of the same slot.
    if (name === 'MSET' && call.kind === 'split' && args[3] !== undefined) {
      call.runs.push({ ...(call.runs.at(-1) as Run), key: String(args[3]) })
    }
  }

  /** The client has written a command. */
  onWritten(wire: Wire, args: readonly Buffer[]): void {
    const name = String(args[0])
    const isScript = name === 'EVAL'
    if (isScript || name === 'RPUSH' || name === 'MSET') this.all[Number(args[isScript ? 4 : 2])]?.wires.add(wire)
    if (name === 'BLPOP') this.#popOf(String(args[1]))?.wires.add(wire)
  }

  /** Each pop has a key of its own. */
  #popOf(key: string): Call | undefined {
    return this.all.find(({ kind, keys }) => kind === 'pop' && keys[0] === key)
  }

  call(kind: Kind): void {
    const { chance, tally } = this.#dependencies
    tally.note(`call: ${kind}`)
    if (kind !== 'pop') {
      this.#call(kind, keysFor(kind, chance))
      return
    }
    this.#elements += 1
    const key = `${chance.pick([...tags, 'queue:'])}queue:${this.#elements}`
    const { clock } = this.#dependencies
    const isFed = chance.happens(0.8)
    const delay = chance.skewed(0, 2_000)
    this.#call('pop', [key])
    if (isFed) clock.schedule(delay, () => this.#call('push', [key]))
  }

  #call(kind: Kind, keys: readonly string[]): void {
    const { clock, chance, note } = this.#dependencies
    const number = this.all.length
    const policy = chance.pick(retryPolicies)
    const timeout = kind !== 'scan' && chance.happens(0.1) ? chance.between(50, 2_000) : 0
    const call: Call = {
      ...{ number, kind, keys, policy, timeout, calledAt: clock.now(), settledAt: Infinity, settled: 'no' },
      ...{ error: undefined, value: undefined, runs: [], wires: new Set() },
    }
    this.all.push(call)
    note(() => `#${number} ${kind} ${keys} is called (${policy})`)
    this.#send(call).then(
      (value) => {
        note(() => `#${number} is resolved`)
        call.settled = 'resolved'
        call.settledAt = clock.now()
        call.value = value
      },
      (error: RespiteError) => {
        note(() => `#${number} is rejected: ${error.code} ${error.fate} ${error.message}`)
        call.settled = 'rejected'
        call.settledAt = clock.now()
        call.error = error
      },
    )
  }

  /** A server tells the client which slots it has, and which of them are leaving. */
  #confirm(server: SimulatedServer): void {
    for (const { word, keys, runs } of this.all) {
      const last = runs.at(-1)
      if (word === undefined || last?.server !== server) continue
      const slot = slotOfKey(keys[0] as string)
      const isLeaving = word === 'ASK' && server.member.migrating.has(slot)
      if (isLeaving || server.member.ownerOf(slot)?.id !== server.self.id) last.isConfirmed = true
    }
  }

  #send(call: Call): Promise<unknown> {
    const { number, kind, keys, policy, timeout } = call
    const { cluster, chance, servers } = this.#dependencies
    const view = cluster.with({ retry: policy, timeout })
    const [first = '', second = ''] = keys
    const text = String(number)
    switch (kind) {
      case 'push':
        return view.rpush(first, text)
      case 'script':
        return view.call('EVAL', pushing, 1, first, text)
      case 'pretence': {
        // A redirection that is the word of a script, and comes after its work.
        const { self } = chance.pick(servers.servers)
        call.word = chance.pick(['MOVED', 'ASK'] as const)
        return view.call(
          'EVAL',
          pretending,
          1,
          first,
          text,
          `${call.word} ${slotOfKey(first)} ${self.host}:${self.port}`,
        )
      }
      case 'transaction':
        return view.multi().rpush(first, text).rpush(second, text).exec()
      case 'mset':
      case 'cross':
        return view.mset(first, text, second, text)
      case 'split':
        return cluster.with({ retry: policy, timeout, crossSlot: 'split' }).mset(first, text, second, text)
      case 'read':
        return view.mget(first, second)
      case 'pop':
        return view.blpop(first, chance.pick([0.5, 2, 10]))
      case 'scan':
        return this.#scan()
    }
  }

  async #scan(): Promise<readonly string[]> {
    const keys: string[] = []
    for await (const key of this.#dependencies.cluster.scanIterator({ match: '*static*', count: 3 })) keys.push(key)
    return keys
  }
}

function keysFor(kind: Kind, chance: Chance): readonly string[] {
  if (kind === 'scan') return []
  if (kind === 'push' || kind === 'script' || kind === 'pretence') return [chance.pick(lists)]
  if (kind === 'split' || kind === 'cross') return tags.map((tag) => `${tag}${kind}`)
  const pair = chance.pick(pairs)
  return kind === 'mset' ? pair.map((key) => `${key}m`) : pair
}
