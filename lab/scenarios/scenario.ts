import type { Client } from '../../src/index.js'
import type { ClientSettings, LabClient } from '../clients/client.js'
import type { FaultProxy, Hook } from '../proxy/proxy.js'
import type { Expectation } from '../recording/recorder.js'
import type { Said } from '../recording/trace.js'
import type { Succession } from '../succession.js'

/** What a scenario is played with. */
export interface Stage {
  /** Not connected yet; its links go through the proxy. */
  readonly client: LabClient
  readonly proxy: FaultProxy
  /** Not through the proxy: prepares data, and looks at them afterwards. */
  readonly witness: Client
  /** The sentinel that the client asks, and the next master; undefined unless the scenario is behind Sentinel. */
  readonly succession: Succession | undefined
  /** A key, or a channel, that is this performance's alone. */
  key(name: string): string
  /** Calls a command and writes down what becomes of it; the key must be its own. Resolves with what is said of it. */
  call(name: string, key: string, run: () => Promise<unknown>, expectation?: Expectation): Promise<Said>
  /** What the proxy does to the next bytes of the client, or of the server; to those after them nothing. */
  once(side: 'onRequest' | 'onReply', hook: Hook): void
  /** The same for all bytes from now on, until something is done to some of them. */
  until(side: 'onRequest' | 'onReply', hook: Hook): void
  /** The same for all bytes, however often something is done to them. */
  always(side: 'onRequest' | 'onReply', hook: Hook): void
  /** Closes the client, and looks whether it does so in good order. Otherwise this happens at the end. */
  close(): Promise<void>
  /** Does something to the client, and writes it down. */
  inflict(text: string, fault: () => void): void
  /** Something that the scenario looked at beside its commands. */
  find(text: string, isGood: boolean): void
  /** Resolves when the client has had the time for something that it does by itself; the scenario does not depend on it. */
  pause(delayMs: number): Promise<void>
}

/** What a reader should take home from a scenario. */
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
  /** What happens, and what is to be seen. */
  readonly story: string
  readonly lesson?: Lesson
  readonly settings?: ClientSettings
  /** The client is given the address of a sentinel instead of the server's. */
  readonly isBehindSentinel?: boolean
  play(stage: Stage): Promise<void>
}
