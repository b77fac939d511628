import { lookup } from '../../src/commands/catalogue.js'
import { positionsOf } from '../../src/commands/key-positions.js'
import { slotCount, slotOfKey } from '../../src/commands/slots.js'
import { keyOf } from './arguments.js'
import type { ServerModel } from './model.js'
import { array, bulk, error, integer, type ServerReply } from './reply.js'

/** What a member of a cluster knows of another. */
export interface Peer {
  readonly id: string
  readonly host: string
  readonly port: number
}

/** Why a command is not run here, in the words of real servers. */
const crossSlot = error("CROSSSLOT Keys in request don't hash to the same slot")
const tryAgain = error('TRYAGAIN Multiple keys request during rehashing of slot')
const down = error('CLUSTERDOWN The cluster is down')
const unserved = error('CLUSTERDOWN Hash slot not served')

const shardCommands: ReadonlySet<string> = new Set(['SSUBSCRIBE', 'SUNSUBSCRIBE', 'SPUBLISH'])

/**
 * A server as a member of a cluster: what it believes of who has which slots, and what it answers instead of running a
 * command. Redis cluster specification: redirection and resharding.
 */
export class ClusterMember {
  self: Peer
  readonly #model: ServerModel
  /** Masters and their replicas, as this member believes; by the ids of the masters. */
  readonly replicas = new Map<string, readonly Peer[]>()
  /** Slots on their way to others, and from others. */
  readonly migrating = new Map<number, Peer>()
  readonly importing = new Set<number>()
  /** Too many masters are missing: nothing is served. */
  isDown = false
  /** Leaves hosts out, as with `cluster-preferred-endpoint-type unknown-endpoint`. */
  hidesHosts = false
  /** Names its own address as that of an owner, as behind a proxy. */
  namesItself = false

  /** Who has which slot, as this member believes: numbers of peers. An array of peers would take 1 ms to create. */
  readonly #owners = new Uint16Array(slotCount)
  /** The peers by number. Number 0 means that a slot has no owner. */
  #peers: (Peer | undefined)[] = [undefined]
  #ranges: { from: number; to: number; owner: Peer }[] | undefined

  constructor(self: Peer, model: ServerModel) {
    this.self = self
    this.#model = model
  }

  ownerOf(slot: number): Peer | undefined {
    return this.#peers[this.#owners[slot] as number]
  }

  /** From now on it believes that these slots have this owner. */
  assign(owner: Peer | undefined, from: number, to = from): void {
    let hasLost = false
    for (let slot = from; slot <= to && !hasLost; slot += 1) hasLost = this.ownerOf(slot)?.id === this.self.id
    if (!this.#peers.includes(owner)) this.#peers.push(owner)
    this.#owners.fill(this.#peers.indexOf(owner), from, to + 1)
    this.#ranges = undefined
    if (!hasLost || owner?.id === this.self.id) return
    const isBetween = (slot: number): boolean => from <= slot && slot <= to
    this.#model.broadcasts.endShards((channel) => isBetween(slotOfKey(channel)))
    this.#model.waitingRoom.redirect()
  }

  /** It has heard that a member, or itself, has another address. */
  readdress(peer: Peer): void {
    const renamed = (each: Peer): Peer => (each.id === peer.id ? peer : each)
    if (this.self.id === peer.id) this.self = peer
    this.#peers = this.#peers.map((each) => each && renamed(each))
    for (const [id, replicas] of this.replicas) this.replicas.set(id, replicas.map(renamed))
    for (const [slot, target] of this.migrating) this.migrating.set(slot, renamed(target))
    this.#ranges = undefined
  }

  /** What it answers to a command that waits, when it looks at those that wait; undefined: it waits on. */
  endsWait(args: readonly Buffer[]): ServerReply | undefined {
    const [key] = keysOf(args)
    if (key === undefined) return undefined
    const slot = slotOfKey(key)
    const owner = this.ownerOf(slot)
    if (owner === undefined) return unserved
    return owner.id === this.self.id || this.importing.has(slot) ? undefined : this.#moved(slot, owner)
  }

  /**
   * What it answers to a command, or to an EXEC, instead of running it; undefined if it runs it.
   * @param isForCopies the commands only read, on a connection that has sent READONLY: a replica of the owner runs them
   */
  refuses(commands: readonly (readonly Buffer[])[], isAsking: boolean, isForCopies = false): ServerReply | undefined {
    const keys = commands.flatMap(keysOf)
    const [first] = keys
    if (first === undefined) return undefined
    const slot = slotOfKey(first)
    if (keys.some((key) => slotOfKey(key) !== slot)) return crossSlot
    if (this.isDown) return down
    const owner = this.ownerOf(slot)
    if (owner === undefined) return unserved
    // Shard channels are there as long as the slot is.
    const areChannels = commands.every(([name]) => shardCommands.has(String(name).toUpperCase()))
    const missing = areChannels ? [] : keys.filter((key) => !this.#model.store.database(0).has(keyOf(key)))
    if (owner.id === this.self.id) {
      const target = this.migrating.get(slot)
      if (target === undefined || missing.length === 0) return undefined
      return missing.length < keys.length ? tryAgain : error(`ASK ${slot} ${this.#nameOf(target)}`)
    }
    if (isForCopies && this.replicas.get(owner.id)?.some(({ id }) => id === this.self.id) === true) return undefined
    if (!isAsking || !this.importing.has(slot)) return this.#moved(slot, owner)
    return keys.length > 1 && missing.length > 0 ? tryAgain : undefined
  }

  /** CLUSTER SLOTS, NODES, MYID. */
  run(args: readonly Buffer[]): ServerReply {
    const name = String(args[1]).toUpperCase()
    if (name === 'MYID') return bulk(this.self.id)
    if (name === 'SLOTS') return this.#slots()
    if (name === 'NODES') return this.#nodes()
    return error(`ERR unknown subcommand '${args[1]}'. Try CLUSTER HELP.`)
  }

  #moved(slot: number, owner: Peer): ServerReply {
    return error(`MOVED ${slot} ${this.#nameOf(this.namesItself ? this.self : owner)}`)
  }

  #nameOf({ host, port }: Peer): string {
    return `${this.hidesHosts ? '' : host}:${port}`
  }

  /** Masters and their replicas, one a line. Server documentation: CLUSTER NODES. */
  #nodes(): ServerReply {
    this.#ranges ??= this.#rangesOfOwners()
    // A master that imports its first slot has no range yet.
    const known = [...this.migrating.values(), ...this.#ranges.map(({ owner }) => owner)]
    const masters = new Map(known.map((peer) => [peer.id, peer]))
    const isReplica = [...this.replicas.values()].flat().some(({ id }) => id === this.self.id)
    if (!isReplica) masters.set(this.self.id, this.self)
    const line = ({ id, host, port }: Peer, flags: string, ...rest: string[]): string =>
      [id, `${host}:${port}@${port + 10_000}`, id === this.self.id ? `myself,${flags}` : flags, ...rest].join(' ')
    const lines = [...masters.values()].flatMap((master) => {
      const own = (this.#ranges ?? []).filter(({ owner }) => owner.id === master.id)
      const ranges = own.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))
      const leaving = [...this.migrating].map(([slot, { id }]) => `[${slot}->-${id}]`)
      const arriving = [...this.importing].map((slot) => `[${slot}-<-${this.ownerOf(slot)?.id}]`)
      const slots = master.id === this.self.id ? [...ranges, ...leaving, ...arriving] : ranges
      const replicas = (this.replicas.get(master.id) ?? []).filter(({ id }) => !masters.has(id))
      return [
        line(master, 'master', '-', '0', '0', '1', 'connected', ...slots),
        ...replicas.map((replica) => line(replica, 'slave', master.id, '0', '0', '1', 'connected')),
      ]
    })
    return bulk(`${lines.join('\n')}\n`)
  }

  #slots(): ServerReply {
    this.#ranges ??= this.#rangesOfOwners()
    const described = ({ id, host, port }: Peer): ServerReply =>
      array([this.hidesHosts ? { type: 'null' } : bulk(host), integer(port), bulk(id), array([])])
    return array(
      this.#ranges.map(({ from, to, owner }) =>
        array([integer(from), integer(to), described(owner), ...(this.replicas.get(owner.id) ?? []).map(described)]),
      ),
    )
  }

  #rangesOfOwners(): { from: number; to: number; owner: Peer }[] {
    const ranges: { from: number; to: number; owner: Peer }[] = []
    let last: (typeof ranges)[number] | undefined
    for (let slot = 0; slot < slotCount; slot += 1) {
      const owner = this.ownerOf(slot)
      if (owner !== undefined && owner.id === last?.owner.id && last.to === slot - 1) last.to = slot
      else if (owner !== undefined) {
        last = { from: slot, to: slot, owner }
        ranges.push(last)
      }
    }
    return ranges
  }
}

/** Keys, and shard channels, whose slots count, too. */
function keysOf(args: readonly Buffer[]): readonly Buffer[] {
  const { keys, slotOfText } = lookup(args)
  const where = keys ?? slotOfText
  return where === undefined || where === 'unknown'
    ? []
    : positionsOf(where, args).map((position) => args[position] as Buffer)
}
