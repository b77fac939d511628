import type { Client } from '../../src/index.js'
import type { ClientSettings, LabClient } from '../clients/client.js'
import type { LabCluster } from '../lab-cluster.js'
import type { FaultProxy, Hook } from '../proxy/proxy.js'
import type { Expectation } from '../recording/recorder.js'
import type { Said } from '../recording/trace.js'
import type { Succession } from '../succession.js'

/** What a scenario uses. */
export interface Stage {
  /** The client under test. It is not connected yet, and connects through the proxy. */
  readonly client: LabClient
  readonly proxy: FaultProxy
  /** A client without the proxy: prepares data, and reads them afterwards. */
  readonly witness: Client
  /** The sentinel that the client asks, and the next master; undefined unless the scenario is behind Sentinel. */
  readonly succession: Succession | undefined
  /** The cluster that the client uses in place of the server; undefined unless the scenario is in a cluster. */
  readonly cluster: LabCluster | undefined
  /** A key or channel that only this run uses. */
  key(name: string): string
  /** Calls a command with a key of `key`, and records what becomes of it. Resolves with what its caller was told. */
  call(name: string, key: string, run: () => Promise<unknown>, expectation?: Expectation): Promise<Said>
  /** Sets what the proxy does to the next bytes of the client or the server. Later bytes pass. */
  once(side: 'onRequest' | 'onReply', hook: Hook): void
  /** The same for all bytes from now on, until the hook has done something to some of them. */
  until(side: 'onRequest' | 'onReply', hook: Hook): void
  /** The same for all bytes from now on. */
  always(side: 'onRequest' | 'onReply', hook: Hook): void
  /** Closes the client, and checks that it closes gracefully. Without it, this happens at the end. */
  close(): Promise<void>
  /** Calls a function that does something to the client, and records it as a fault. */
  inflict(text: string, fault: () => void): void
  /** Records an expectation, and whether it was met. */
  find(text: string, isGood: boolean): void
  /** Gives the client time for something that it does by itself. */
  pause(delayMs: number): Promise<void>
}

/** What a reader should learn from a scenario. */
export interface Lesson {
  /** Where it happens in real life. */
  readonly where: string
  /** What the protocol lets a client know. */
  readonly known: string
  /** What to do in an application. */
  readonly advice: string
}

/** A scripted failure. */
export interface Scenario {
  /** Short, for the command line. */
  readonly id: string
  readonly title: string
  /** What happens, and what is expected. */
  readonly story: string
  readonly lesson?: Lesson
  readonly settings?: ClientSettings
  /** The client gets the address of a sentinel instead of the server's. */
  readonly isBehindSentinel?: boolean
  /** The client gets the addresses of a cluster, which is started for the scenario, instead of the server's. */
  readonly isInCluster?: boolean
  play(stage: Stage): Promise<void>
}
