import { Channel } from './channel.js'
import { compile } from './compile.js'
import { onAllCores } from './machine.js'
import { type Target, variableOf } from './target.js'
import type { Turn } from './turn.js'
import type { Custom } from './workloads/custom.js'
import type { Workload } from './workloads/workload.js'

/** A contender to be started. */
export interface Entrant {
  /** The name of a client, or of the bare socket. */
  readonly name: string
  /** The program that runs it; default: this Node. */
  readonly program?: string | undefined
  /** Whether it may use every core, instead of only the one of this process. */
  readonly allCores?: boolean
  /** The name of its figures; default: its own name. */
  readonly label?: string
}

/** The calls to the process of a contender. */
export type Call =
  | { readonly kind: 'prepare'; readonly title: string; readonly custom: Custom | undefined }
  | { readonly kind: 'turn'; readonly name: string; readonly time: number }
  | { readonly kind: 'latency'; readonly time: number }
  | { readonly kind: 'close' }

/**
 * One client, or the bare socket, in a separate process. In a shared process, the garbage of one client slows the others, and the
 * compiler optimizes the streams of Node for all of them: respite reached 0.73 million GETs per second in bursts instead of 1.3.
 */
export class Contender {
  /** The name of its figures. */
  readonly name: string
  readonly #ownName: string
  readonly #channel: Channel<Call>

  private constructor({ name, label = name }: Entrant, channel: Channel<Call>) {
    this.name = label
    this.#ownName = name
    this.#channel = channel
  }

  /**
   * Starts one. It is connected, and its replies are verified.
   * @param script contender-child.ts, compiled
   * @returns the contender, and the version of its runtime; undefined if it is not installed
   */
  static async start(
    script: string,
    entrant: Entrant,
    target: Target,
  ): Promise<{ contender: Contender; runtime: string } | undefined> {
    const { name, label = name, program: execPath, allCores } = entrant
    const args = [name]
    const program = allCores ? onAllCores({ script, args }) : { script, args, execPath }
    const channel = new Channel<Call>(label, { ...program, env: variableOf(target) })
    const contender = new Contender(entrant, channel)
    const ready = (await channel.answer()) as { runtime: string } | null
    return ready === null ? undefined : { contender, runtime: ready.runtime }
  }

  /**
   * Prepares a workload.
   * @returns the names that its turns can be taken under; none if the client has no such feature. With a label, only the label
   */
  async prepare({ title, custom }: Workload): Promise<readonly string[]> {
    const names = (await this.#channel.ask({ kind: 'prepare', title, custom })) as readonly string[]
    if (this.name === this.#ownName) return names
    return names.includes(this.#ownName) ? [this.name] : []
  }

  /** Measures the prepared workload for a while, in milliseconds. */
  async turn(name: string, time: number): Promise<Turn> {
    return (await this.#channel.ask({ kind: 'turn', name: name === this.name ? this.#ownName : name, time })) as Turn
  }

  /** Measures single GETs for `time` milliseconds. @returns microseconds of each */
  async latency(time: number): Promise<readonly number[]> {
    return (await this.#channel.ask({ kind: 'latency', time })) as readonly number[]
  }

  /** Ends it. */
  close(): Promise<void> {
    return this.#channel.end({ kind: 'close' })
  }
}

/** Starts the contenders that are installed. @returns them, and the version of the runtime of the first one */
export async function startContenders(
  entrants: readonly Entrant[],
  target: Target,
): Promise<{ contenders: readonly Contender[]; runtime: string }> {
  const script = await compile('contender-child')
  const contenders: Contender[] = []
  let version = ''
  try {
    for (const entrant of entrants) {
      const started = await Contender.start(script, entrant, target)
      if (started === undefined) continue
      contenders.push(started.contender)
      version ||= started.runtime
    }
  } catch (error) {
    await Promise.all(contenders.map((contender) => contender.close()))
    throw error
  }
  return { contenders, runtime: version }
}
