import { Channel } from './channel.js'
import { compile } from './compile.js'
import { onAllCores } from './machine.js'
import type { Target } from './target.js'
import type { Turn } from './turn.js'
import type { Custom } from './workloads/custom.js'
import type { Workload } from './workloads/workload.js'

/** Who is to be started, and on what. */
export interface Entrant {
  /** Of a client, or of the bare socket. */
  readonly name: string
  /** What runs it; default: this Node. */
  readonly program?: string | undefined
  /** Whether it may use every core, and not only that of this process. */
  readonly allCores?: boolean
  /** What its figures stand under; default: its name. */
  readonly label?: string
}

/** What a contender's process is asked to do. */
export type Call =
  | { readonly kind: 'prepare'; readonly title: string; readonly custom: Custom | undefined }
  | { readonly kind: 'turn'; readonly name: string; readonly time: number }
  | { readonly kind: 'latency'; readonly time: number }
  | { readonly kind: 'close' }

/**
 * One client, or the bare socket, in a process of its own, as those are who use it: what the others leave to the garbage
 * collector, and what they teach the compiler about the streams of Node, are not its business. In one process with the
 * others, respite made 0.73 M GETs a second in bursts; alone, 1.3 M.
 */
export class Contender {
  /** What its figures stand under. */
  readonly name: string
  readonly #ownName: string
  readonly #channel: Channel<Call>

  private constructor({ name, label = name }: Entrant, channel: Channel<Call>) {
    this.name = label
    this.#ownName = name
    this.#channel = channel
  }

  /**
   * Starts one, connected and verified.
   * @param script contender-child.ts, compiled
   * @returns the contender, and its runtime's version; undefined where it is not installed
   */
  static async start(
    script: string,
    entrant: Entrant,
    target: Target,
  ): Promise<{ contender: Contender; runtime: string } | undefined> {
    const { name, label = name, program: execPath, allCores } = entrant
    const args = [name, JSON.stringify(target)]
    const program = allCores ? onAllCores({ script, args }) : { script, args, execPath }
    const channel = new Channel<Call>(label, program)
    const contender = new Contender(entrant, channel)
    const ready = (await channel.answer()) as { runtime: string } | null
    return ready === null ? undefined : { contender, runtime: ready.runtime }
  }

  /**
   * Prepares a workload.
   * @returns the names that its turns can be taken by; none where it has no such thing. Under a label, only that
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

  /** Times single GETs for a while, in milliseconds. @returns microseconds of each */
  async latency(time: number): Promise<readonly number[]> {
    return (await this.#channel.ask({ kind: 'latency', time })) as readonly number[]
  }

  /** Ends it. */
  close(): Promise<void> {
    return this.#channel.end({ kind: 'close' })
  }
}

/** Starts those that are installed. @returns them, and the version of the first one's runtime */
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
