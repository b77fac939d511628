import type { BareSocket } from '../clients/bare-socket.js'
import type { BenchClient } from '../clients/client.js'
import type { Custom } from './custom.js'

/** One measured call. */
export type Run = () => Promise<unknown>

/** Something to be measured. */
export interface Workload {
  readonly title: string
  /** What it is made of, where that is no program text: another process makes the same. */
  readonly custom?: Custom
  /** What one call of a run does so many of. */
  readonly count: number
  /** What they are. Default: commands. */
  readonly unit?: 'commands' | 'messages'
  /** How a client does it, prepared as far as is not to be measured; undefined where it has no such thing. */
  on(client: BenchClient, bare: BareSocket): Run | undefined | Promise<Run | undefined>
  /** The same on a bare socket, where that makes sense. */
  bare?(socket: BareSocket): Run
  /** The same on a bare socket, with the reply kept in one piece. */
  collecting?(socket: BareSocket): Run
  /** The same on respite without what the workload is about: what that costs. */
  without?(client: BenchClient): Run
  /** The least that any client could do for it: `without`, and the runtime's own part of the work done by hand. */
  least?(client: BenchClient): Run
  /** Ratios that are to be reached, by the name they are measured against; `fastest` is the fastest other client. */
  readonly targets?: Readonly<Record<string, number>>
}

/** The bare socket's name among the figures. */
export const bareName = 'bare socket'
/** Among the figures, a bare socket that keeps the reply. */
export const collectingName = 'bare socket that keeps it'
/** Among the figures, respite without what a workload is about. */
export const withoutName = 'respite without it'
/** Among the figures, the least that any client could do for it. */
export const leastName = 'the least by hand'

/** Whether a name among the figures stands for a form of respite. */
export const isOwn = (name: string): boolean => ['respite', withoutName, leastName].includes(name)

/** Whether a name among the figures is that of another client. */
export const isOther = (name: string): boolean => !isOwn(name) && name !== bareName && name !== collectingName
