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
import { exceptionOf, type ReadFrom, type Reading } from './reading.js'
import type { SimulatedServer, SimulatedServers } from './servers.js'

/** What is called: see `send`. */
export type Kind =
  | 'push'
  | 'script'
  | 'transaction'
  | 'mset'
  | 'read'
  | 'range'
  | 'ranges'
  | 'split'
  | 'cross'
  | 'pretence'
  | 'pop'
  | 'scan'

/** An effect of a call at a server. */
export interface Run {
  readonly server: SimulatedServer
  readonly key: string
  readonly reply: ServerReply
  readonly at: number
  /** The server had been replaced by another so long before that the client could know. */
  readonly isLate: boolean
  /** The server is a replica. */
  readonly isCopy: boolean
  /** The server believes that it has the slot, or its master, or it imports the slot. */
  readonly isHolder: boolean
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
  /** Where it goes if it only reads. */
  readonly readsFrom: ReadFrom
  /** For a pretence: the redirection that its script returns. */
  word?: 'MOVED' | 'ASK'
  /** For a pretence: the server that its redirection names. */
  named?: SimulatedServer
  readonly calledAt: number
  settledAt: number
  settled: 'no' | 'resolved' | 'rejected'
  error: RespiteError | undefined
  value: unknown
  readonly runs: Run[]
  /** The connections that it was written to. */
  readonly wires: Set<Wire>
  /** When it was written last. */
  writtenAt: number
  /** When a server that had its slot, and was moving it to another, has refused it last. */
  redirectedAt: number
}

/** A list of a call was asked of a replica. */
export interface ReplicaRead {
  readonly call: Call
  readonly replica: SimulatedServer
  readonly at: number
}

export const lists = Array.from({ length: 6 }, (_, i) => `list:${i}`)
export const tags = ['{a}', '{b}']
export const pairs = tags.map((tag) => [`${tag}1`, `${tag}2`] as const)

/** These are there from the beginning to the end. */
export const staticKeys = Array.from({ length: 12 }, (_, i) => `static:${i}`).concat(tags.map((tag) => `${tag}static`))

/** Added to the number of a call, it is the end of the range that the call reads: a server that runs it can tell whose it is. */
const rangeEnd = 1_000_000

const pushing = "return redis.call('RPUSH',KEYS[1],ARGV[1])"
const pretending = "redis.call('RPUSH',KEYS[1],ARGV[1]) return redis.error_reply(ARGV[2])"

/** What a call depends on. */
interface Dependencies {
  readonly cluster: Cluster
  readonly servers: SimulatedServers
  readonly clock: SimulatedClock
  readonly chance: Chance
  readonly reading: Reading
  readonly tally: Tally
  note(text: () => string): void
}

/** The calls of one run, and what servers have done because of them. */
export class Calls {
  readonly all: Call[] = []
  /** In the order in which the client wrote them. */
  readonly replicaReads: ReplicaRead[] = []
  /** Every list that a key has had, as text. */
  readonly lists = new Map<string, Set<string>>()
  readonly #dependencies: Dependencies
  #elements = 0

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** A server has run a command. */
  onExecuted(server: SimulatedServer, args: readonly Buffer[], reply: ServerReply, isLate: boolean): void {
    const name = String(args[0]).toUpperCase()
    if (name === 'CLUSTER' && String(args[1]) === 'NODES') this.#confirm(server)
    if (isRead(name) && server.follows !== undefined) this.#dependencies.tally.note('read by a replica')
    const isPop = name === 'BLPOP'
    if (!isPop && name !== 'RPUSH' && name !== 'MSET' && name !== 'LRANGE') return
    if (isPop && reply.type !== 'array') return
    const key = String(args[1])
    const call = isPop ? this.#popOf(key) : this.callOf(args)
    if (call === undefined) return
    if (name === 'RPUSH') this.#noteList(server, key)
    this.#dependencies.note(() => `${server.name} runs ${name} ${key} of #${call.number}`)
    const isCopy = server.follows !== undefined
    const slot = slotOfKey(key)
    const holder = server.member.ownerOf(slot)?.id
    const isHolder = [server.self.id, server.follows?.self.id].includes(holder) || server.member.importing.has(slot)
    const at = this.#dependencies.clock.now()
    call.runs.push({ server, key, reply, at, isLate, isCopy, isHolder, isConfirmed: false })
    // The second key of an MSET of the same slot.
    if (name === 'MSET' && call.kind === 'split' && args[3] !== undefined) {
      call.runs.push({ ...(call.runs.at(-1) as Run), key: String(args[3]) })
    }
  }

  /** The client has written a command. @param server where the connection leads */
  onWritten(wire: Wire, args: readonly Buffer[], server: SimulatedServer | undefined): void {
    const call = String(args[0]) === 'BLPOP' ? this.#popOf(String(args[1])) : this.callOf(args)
    if (call === undefined) return
    call.wires.add(wire)
    call.writtenAt = this.#dependencies.clock.now()
    if (String(args[0]) === 'LRANGE' && server?.follows !== undefined)
      this.replicaReads.push({ call, replica: server, at: call.writtenAt })
  }

  /** A server has refused a command. */
  onRefused(server: SimulatedServer, args: readonly Buffer[]): void {
    const call = this.callOf(args)
    const [key] = call?.keys ?? []
    if (call === undefined || key === undefined || !server.member.migrating.has(slotOfKey(key))) return
    call.redirectedAt = this.#dependencies.clock.now()
  }

  /** The call that a command belongs to, if that can be seen. */
  callOf(args: readonly Buffer[]): Call | undefined {
    switch (String(args[0])) {
      case 'RPUSH':
      case 'MSET':
        return this.all[Number(args[2])]
      case 'EVAL':
        return this.all[Number(args[4])]
      case 'LRANGE':
        return this.all[Number(args[3]) - rangeEnd]
    }
    return undefined
  }

  #noteList({ model }: SimulatedServer, key: string): void {
    const list = (model.store.database(0).read(key, 'list') ?? []).join()
    const known = this.lists.get(key)
    if (known === undefined) this.lists.set(key, new Set([list]))
    else known.add(list)
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
    const { clock, chance, reading, note } = this.#dependencies
    const number = this.all.length
    const exception = kind === 'range' || kind === 'ranges' ? exceptionOf(reading) : undefined
    const policy = chance.pick(retryPolicies)
    const timeout = kind !== 'scan' && chance.happens(0.1) ? chance.between(50, 2_000) : 0
    const call: Call = {
      ...{ number, kind, keys, policy, timeout, calledAt: clock.now(), settledAt: Infinity, settled: 'no' },
      ...{ error: undefined, value: undefined, runs: [], wires: new Set(), writtenAt: -1, redirectedAt: -1 },
      readsFrom: exception ?? reading.readFrom,
    }
    this.all.push(call)
    note(() => `#${number} ${kind} ${keys} is called (${policy})`)
    this.#send(call, exception).then(
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

  #send(call: Call, readFrom: ReadFrom | undefined): Promise<unknown> {
    const { number, kind, keys, policy, timeout } = call
    const { cluster, chance, servers } = this.#dependencies
    const view = cluster.with({ retry: policy, timeout, ...(readFrom && { readFrom }) })
    const [first = '', second = ''] = keys
    const text = String(number)
    switch (kind) {
      case 'push':
        return view.rpush(first, text)
      case 'script':
        return view.call('EVAL', pushing, 1, first, text)
      case 'pretence': {
        // A redirection that is the word of a script, and comes after its work.
        call.named = chance.pick(servers.servers)
        const { self } = call.named
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
      case 'range':
        return view.lrange(first, 0, rangeEnd + number)
      case 'ranges':
        return view
          .multi()
          .lrange(first, 0, rangeEnd + number)
          .lrange(second, 0, rangeEnd + number)
          .exec()
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

/** Whether a command of the calls may be sent to a replica. */
export const isRead = (name: string): boolean => name === 'LRANGE' || name === 'MGET'

function keysFor(kind: Kind, chance: Chance): readonly string[] {
  if (kind === 'scan') return []
  if (kind === 'push' || kind === 'script' || kind === 'pretence' || kind === 'range') return [chance.pick(lists)]
  if (kind === 'split' || kind === 'cross') return tags.map((tag) => `${tag}${kind}`)
  const pair = chance.pick(pairs)
  return kind === 'mset' ? pair.map((key) => `${key}m`) : pair
}
