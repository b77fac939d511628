import type { BareSocket } from '../clients/bare-socket.js'
import type { BenchClient } from '../clients/client.js'
import type { Custom } from './custom.js'

/** One measured call. */
export type Run = () => Promise<unknown>

/** A workload to measure. */
export interface Workload {
  readonly title: string
  /** The parameters of a custom workload, from which another process creates the same one. */
  readonly custom?: Custom
  /** Commands, or messages, of one call of a run. */
  readonly count: number
  /** What `count` counts. Default: commands. */
  readonly unit?: 'commands' | 'messages'
  /** The run on a client, after preparations that are not measured; undefined if the client has no such feature. */
  on(client: BenchClient, bare: BareSocket): Run | undefined | Promise<Run | undefined>
  /** The same on a bare socket, if that makes sense. */
  bare?(socket: BareSocket): Run | Promise<Run>
  /** The same on a bare socket, with the reply kept in one piece. */
  collecting?(socket: BareSocket): Run
  /** The same on respite without the feature that the workload is about, to show its cost. */
  without?(client: BenchClient): Run
  /** The least that any client must do: `without`, plus the part of the runtime, done by hand. */
  least?(client: BenchClient): Run
  /** Target ratios, by the name that respite is compared with; `fastest` is the fastest other client. */
  readonly targets?: Readonly<Record<string, number>>
}

/** The name of the figures of the bare socket. */
export const bareName = 'bare socket'
/** The name of the figures of a bare socket that keeps the reply. */
export const collectingName = 'bare socket that keeps it'
/** The name of the figures of respite without the feature that a workload is about. */
export const withoutName = 'respite without it'
/** The name of the figures of the least that any client must do. */
export const leastName = 'the least by hand'

/** Whether a name among the figures stands for a form of respite. */
const isOwn = (name: string): boolean => ['respite', withoutName, leastName].includes(name)

/** Whether a name among the figures is that of another client. */
export const isOther = (name: string): boolean => !isOwn(name) && name !== bareName && name !== collectingName
