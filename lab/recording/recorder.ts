import type { Fault } from '../proxy/fault.js'
import type { Hook } from '../proxy/proxy.js'
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

/** What is known about a command before it is called. */
export interface Expectation {
  /** How often it may run; default: any number of times. */
  readonly mayRun?: number
  /** The only right value, if there is only one. */
  readonly expected?: string
  /** The value that it gets from a stream in which replies were forged or removed. */
  readonly forged?: string
  /** The server refuses the command with an error that contains one of these texts. */
  readonly refusal?: string | readonly string[]
  /** Finds out from the data how often it ran, at the end; default: MONITOR tells. */
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

interface Numbered {
  readonly id: number
  /** The server that it leads to, if there are several. */
  readonly node?: string
}

/** Emits an event for each link, and for all bytes on it. */
export interface Watched {
  on(event: 'link' | 'close', listener: (link: Numbered) => void): unknown
  on(event: 'request' | 'reply', listener: (link: Numbered, chunk: Buffer) => void): unknown
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Records what happens in one run, from outside of the client. */
export class Recorder {
  readonly #commands = new Map<string, OpenCommand>()
  readonly #links = new Map<number, Writable<LinkTrace>>()
  readonly #statuses: Note[] = []
  readonly #faults: Note[] = []
  readonly #wire: WireEvent[] = []
  readonly #findings: Finding[] = []
  readonly #clock: () => number
  readonly #began: number
  #death: Note | undefined

  /** @param clock milliseconds; default: the clock of the system */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
    this.#began = clock()
  }

  /** Milliseconds since the beginning, with two decimals. */
  now(): Moment {
    return Math.round((this.#clock() - this.#began) * 100) / 100
  }

  /** Watches every link of the proxy, or of what stands in for it. */
  watch(proxy: Watched): void {
    const taps = new Map<number, LinkTap>()
    proxy.on('link', (link) => {
      const { id, node } = link
      this.#links.set(id, { id, openedAt: this.now(), ...(node !== undefined && { node }) })
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

  /** Wraps a hook of the proxy, and records what it does. */
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
   * @returns what its caller was told
   * @throws Error if another command of the run has the same name and key: they could not be distinguished
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

  /** Nobody waits for the command any more. What its caller is told later is still recorded. */
  giveUp(name: string, key: string): void {
    const command = this.#commands.get(idOf(name, key))
    if (command !== undefined) command.isOverdue = true
  }

  /** The server has run a command. */
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

  /** An uncaught exception, which would end a process. The first one counts. */
  die(error: unknown): void {
    this.#death ??= { at: this.now(), text: String(error) }
  }

  /** Counts what can only be counted at the end. */
  async conclude(): Promise<void> {
    for (const command of this.#commands.values()) {
      if (command.countRuns !== undefined) command.ran = await command.countRuns()
    }
  }

  /** Everything that was recorded. */
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

  #onClose({ id }: Numbered): void {
    const link = this.#links.get(id)
    if (link !== undefined) link.closedAt = this.now()
    for (const command of this.#commands.values()) {
      const isOpen = command.said.settled === 'never'
      const last = command.events.findLast(({ what }) => what === 'sent')
      if (isOpen && last?.link === id) command.events.push({ at: this.now(), what: 'lost', link: id })
    }
  }

  #onBytes(link: Numbered, from: WireEvent['from'], chunk: Buffer): void {
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
  // In order of time: the monitor may report a command before the proxy has read it.
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

/** Faults with more bytes than this are shown without them in the list of faults. */
const mostDescribed = 200

/** A fault with all its bytes, for the table of bytes. */
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
