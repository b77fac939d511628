import type { Status } from '../connection/supervisor/state.js'
import type { ClientStats, InFlightCommand } from '../core/observation.js'

/** A node of a cluster. */
export interface ClusterNode {
  /** The id of the node in the cluster; its address until the id is known. */
  readonly id: string
  /** The host to which this client connects. */
  readonly host: string
  readonly port: number
  /** `unknown`: the last view of the cluster does not contain the node. */
  readonly role: 'master' | 'replica' | 'unknown'
  /** For a replica, the id of its master. */
  readonly master: string | undefined
  /** The first and the last slot of each range that the node has. */
  readonly slots: readonly (readonly [from: number, to: number])[]
  /** The status of its shared connection. */
  readonly status: Status
}

/** A command of a cluster that has not been answered. */
export interface ClusterInFlightCommand extends InFlightCommand {
  /** The id of the node that the command was sent to, or waits for; undefined while this is not known. */
  readonly node: string | undefined
}

/** Counters of a cluster, summed over its nodes. */
export interface ClusterStats extends ClientStats {
  /** The counters of each node, by its id. */
  readonly nodes: Readonly<Record<string, ClientStats>>
}

/** The changes in a new view of the cluster. */
export interface TopologyChange {
  /** Whether slots have other owners now. */
  readonly slotsMoved: boolean
  /** The ids of new nodes, and of nodes that are gone. */
  readonly added: readonly string[]
  readonly gone: readonly string[]
}

/** The events of a cluster, with the arguments of their listeners. */
export interface ClusterEvents {
  status: [status: Status, previous: Status]
  error: [error: Error]
  topology: [change: TopologyChange]
}
