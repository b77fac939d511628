import type { Status } from '../connection/supervisor/state.js'
import type { ClientStats, InFlightCommand } from '../core/observation.js'

/** A node of a cluster. */
export interface ClusterNode {
  /** Its id in the cluster; its address until the cluster has told it. */
  readonly id: string
  /** Where it is reached. */
  readonly host: string
  readonly port: number
  /** `unknown`: no server has named it in its last view. */
  readonly role: 'master' | 'replica' | 'unknown'
  /** Of a replica: the id of its master. */
  readonly master: string | undefined
  /** The first and the last slot of each range that it has. */
  readonly slots: readonly (readonly [from: number, to: number])[]
  /** The status of its shared connection. */
  readonly status: Status
}

/** A command of a cluster that has not been answered. */
export interface ClusterInFlightCommand extends InFlightCommand {
  /** The id of the node it was sent to, or waits for; undefined while that is not known. */
  readonly node: string | undefined
}

/** Counters of a cluster: the sums of its nodes. */
export interface ClusterStats extends ClientStats {
  /** By the ids of the nodes. */
  readonly nodes: Readonly<Record<string, ClientStats>>
}

/** What a new view of the cluster has changed. */
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
