import type { Fault } from '../proxy/fault.js'
import type { Link } from '../proxy/link.js'
import type { FaultProxy, Hook } from '../proxy/proxy.js'
import { escapeBytes } from './escape.js'
import { LinkTap } from './link-tap.js'
import type { Ran } from './monitor.js'
import type {
  CommandEvent,
  CommandTrace,
  Finding,
  LinkTrace,
  Moment,
  Note,
  Performance,
  Said,
  WireEvent,
} from './trace.js'

/** What is known of a command before it is called. */
export interface Expectation {
  /** How often it may run; default: as often as it likes. */
  readonly mayRun?: number
  /** The value that is right, where only one is. */
  readonly expected?: string
  /** The value that it gets from a stream in which replies were forged or removed. */
  readonly forged?: string
  /** Errors that the server answers without running it: one of these texts is in the message. */
  readonly refusal?: string | readonly string[]
  /** How often it ran, by the data when all is over; default: what the server says that it runs. */
  readonly countRuns?: () => Promise<number>
}

interface OpenCommand extends Expectation {
  readonly name: string
  readonly key: string
  readonly events: CommandEvent[]
  said: Said
  ran: number
  isOverdue: boolean
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Writes down what happens in one performance, from outside of the client. */
export class Recorder {
  readonly #commands = new Map<string, OpenCommand>()
  readonly #links = new Map<number, Writable<LinkTrace>>()
  readonly #statuses: Note[] = []
  readonly #faults: Note[] = []
  readonly #wire: WireEvent[] = []
  readonly #findings: Finding[] = []
  readonly #began = performance.now()
  #death: Note | undefined

  /** Milliseconds since the beginning, to hundredths. */
  now(): Moment {
    return Math.round((performance.now() - this.#began) * 100) / 100
  }

  /** Watches every link of the proxy. */
  watch(proxy: FaultProxy): void {
    const taps = new Map<number, LinkTap>()
    proxy.on('link', (link) => {
      this.#links.set(link.id, { id: link.id, openedAt: this.now() })
      taps.set(
        link.id,
        new LinkTap({
          onSent: (name, key) => this.#note(name, key, 'sent', link.id),
          onAnswered: (name, key) => this.#note(name, key, 'answered', link.id),
        }),
      )
    })
    proxy.on('close', (link) => this.#onClose(link))
    proxy.on('request', (link, chunk) => {
      this.#onBytes(link, 'client', chunk)
      taps.get(link.id)?.request(chunk)
    })
    proxy.on('reply', (link, chunk) => {
      this.#onBytes(link, 'server', chunk)
      taps.get(link.id)?.reply(chunk)
    })
  }

  /** A hook for the proxy that writes down what the given one does. */
  noting(hook: Hook): Hook {
    return (chunk, link) => {
      const fault = hook(chunk, link)
      if (fault.do !== 'pass') {
        this.fault(describe(fault))
        const last = this.#wire.at(-1) as Writable<WireEvent> | undefined
        if (last !== undefined) last.fault = describeFully(fault)
      }
      return fault
    }
  }

  /**
   * Follows a command from its call to its end.
   * @returns what was said of it
   * @throws Error when another command of the performance has the same name and key: they could not be told apart
   */
  async call(name: string, key: string, run: () => Promise<unknown>, expectation: Expectation = {}): Promise<Said> {
    const id = idOf(name, key)
    if (this.#commands.has(id)) throw new Error(`there is a ${id} already`)
    const command: OpenCommand = {
      ...expectation,
      name,
      key,
      events: [],
      said: { settled: 'never' },
      ran: 0,
      isOverdue: false,
    }
    this.#commands.set(id, command)
    command.events.push({ at: this.now(), what: 'called' })
    command.said = await saidOf(run)
    command.events.push({ at: this.now(), what: 'settled' })
    return command.said
  }

  /** Nobody waits for the command any more. What is said of it after that is written down all the same. */
  giveUp(name: string, key: string): void {
    const command = this.#commands.get(idOf(name, key))
    if (command !== undefined) command.isOverdue = true
  }

  /** The server has run something. */
  ran({ name, key }: Ran): void {
    const command = this.#note(name, key, 'ran')
    if (command !== undefined && command.countRuns === undefined) command.ran += 1
  }

  status(text: string): void {
    this.#statuses.push({ at: this.now(), text })
  }

  fault(text: string): void {
    this.#faults.push({ at: this.now(), text })
  }

  find(text: string, isGood: boolean): void {
    this.#findings.push({ text, isGood })
  }

  /** An exception that nobody caught, which ends a process. The first one counts. */
  die(error: unknown): void {
    this.#death ??= { at: this.now(), text: String(error) }
  }

  /** Counts what can only be counted when all is over. */
  async conclude(): Promise<void> {
    for (const command of this.#commands.values()) {
      if (command.countRuns !== undefined) command.ran = await command.countRuns()
    }
  }

  /** Everything that was written down. */
  performance(scenario: string, client: string): Performance {
    return {
      scenario,
      client,
      durationMs: this.now(),
      commands: [...this.#commands.values()].map(close),
      links: [...this.#links.values()],
      statuses: this.#statuses,
      faults: this.#faults,
      wire: this.#wire,
      findings: this.#findings,
      death: this.#death,
    }
  }

  #note(name: string, key: string, what: CommandEvent['what'], link?: number): OpenCommand | undefined {
    const command = this.#commands.get(idOf(name, key))
    command?.events.push({ at: this.now(), what, ...(link !== undefined && { link }) })
    return command
  }

  #onClose({ id }: Link): void {
    const link = this.#links.get(id)
    if (link !== undefined) link.closedAt = this.now()
    for (const command of this.#commands.values()) {
      const isOpen = command.said.settled === 'never'
      const last = command.events.findLast(({ what }) => what === 'sent')
      if (isOpen && last?.link === id) command.events.push({ at: this.now(), what: 'lost', link: id })
    }
  }

  #onBytes(link: Link, from: WireEvent['from'], chunk: Buffer): void {
    this.#wire.push({ at: this.now(), link: link.id, from, bytes: chunk.length, text: escapeBytes(chunk) })
  }
}

const idOf = (name: string, key: string): string => `${name} ${key}`

const close = ({
  name,
  key,
  events,
  said,
  ran,
  mayRun,
  expected,
  forged,
  refusal,
  isOverdue,
}: OpenCommand): CommandTrace => ({
  name,
  key,
  // Of one moment, in the order in which things happen: the monitor may be told sooner than the proxy reads.
  events: events.toSorted((a, b) => a.at - b.at),
  said,
  ran,
  mayRun,
  expected,
  forged,
  refusal,
  isOverdue,
})

async function saidOf(run: () => Promise<unknown>): Promise<Said> {
  try {
    return { settled: 'value', value: JSON.stringify(await run()) }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) }
    const fate = typeof error === 'object' && error !== null && 'fate' in error ? String(error.fate) : undefined
    return { settled: 'error', name, message, fate }
  }
}

/** More bytes than this are only shown on the wire. */
const mostDescribed = 200

/** With all bytes, as they are shown on the wire. */
function describeFully(fault: Fault): string {
  if (fault.do === 'replace') return `replaced by ${escapeBytes(Buffer.from(fault.bytes))}`
  if (fault.do === 'answer') return `answered in place of the server: ${escapeBytes(Buffer.from(fault.bytes))}`
  return describe(fault)
}

function describe(fault: Fault): string {
  switch (fault.do) {
    case 'cut':
      return `${fault.how === 'reset' ? 'RST' : 'FIN'} after ${fault.after} bytes`
    case 'replace':
      return fault.bytes.length > mostDescribed ? `replaced by ${fault.bytes.length} bytes` : describeFully(fault)
    case 'answer':
      return describeFully(fault)
    default:
      return fault.do
  }
}
