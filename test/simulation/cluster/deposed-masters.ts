import { slotCount } from '../../../src/commands/slots.js'
import { gossip } from './invariants.js'
import type { SimulatedServer } from './servers.js'

/** Milliseconds that the last view may be old when a connection opens: see "demoted masters" in docs/cluster.md. */
const recentMs = 250

/** What a server has told the client. */
interface Told {
  readonly by: SimulatedServer
  readonly at: number
  /** The masters that another had replaced, and that it still named as owners. */
  readonly outdated: readonly SimulatedServer[]
}

/** Masters that another has replaced, and that do not know it yet: what the servers tell the client of them. */
export class DeposedMasters {
  readonly #servers: readonly SimulatedServer[]
  readonly #told: Told[] = []

  constructor(servers: readonly SimulatedServer[]) {
    this.#servers = servers
  }

  /** A server tells the client its view. */
  onView(by: SimulatedServer, at: number): void {
    const outdated = this.#servers.filter((server) => server.replacedAt < at && names(by, server))
    this.#told.push({ by, at, outdated })
  }

  /** Whether it was replaced so long ago that all other servers know. */
  isDeposed({ replacedAt }: SimulatedServer, now: number): boolean {
    return now > replacedAt + gossip
  }

  /**
   * Whether the client should have known that a master was deposed when it opened a connection. The view may be older than the
   * connection, and be of servers that did not know yet. So nobody can tell if at least half of the servers that were asked shortly
   * before have named this master in their last answers, and if one of these is another server.
   */
  shouldBeKnown(master: SimulatedServer, openedAt: number): boolean {
    if (!this.isDeposed(master, openedAt)) return false
    const isRecent = ({ at }: Told): boolean => at >= openedAt - recentMs && at <= openedAt
    const last = [...new Map(this.#told.filter(isRecent).map((told) => [told.by, told])).values()]
    const outdated = last.filter((told) => told.outdated.includes(master))
    return outdated.length < last.length / 2 || outdated.every(({ by }) => by === master)
  }
}

/** Whether a server believes of another, as this one does, that it has a slot. */
function names({ member }: SimulatedServer, { member: other, self }: SimulatedServer): boolean {
  for (let slot = 0; slot < slotCount; slot += 1)
    if (other.ownerOf(slot)?.id === self.id && member.ownerOf(slot)?.id === self.id) return true
  return false
}
