import type { Fate } from '../../src/index.js'
import type { Fault } from '../proxy/fault.js'
import type { Hook } from '../proxy/proxy.js'
import { escapeBytes } from './escape.js'
import { LinkTap } from './link-tap.js'
import { Mask } from './mask.js'
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
import { UncancelledError } from './uncancelled-error.js'

/** What is known about a command before it is called. */
export interface Expectation {
  /** How often it may run; default: any number of times. */
  readonly mayRun?: number
  /** The only right value, if there is only one. */
  readonly expected?: string
  /** The value that it gets if it ended without running. */
  readonly vain?: string
  /** The value that it gets from a stream in which replies were forged or removed. */
  readonly forged?: string
  /**
   * With which fates it may fail here. Default: none, because nothing in the scenario is a reason to fail. What the server refuses
   * may also fail as `refused` or `not-executed`. `any`: nothing is said about that.
   */
  readonly mayFail?: readonly Fate[] | 'any'
  /** A fault hides its result from clients whose errors have no fate. Default: whether it may fail. */
  readonly isHidden?: boolean
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

/** Emits events for each link, and for all bytes on it: see `ProxyEvents`. */
export interface Watched {
  on(event: 'link' | 'leave' | 'close', listener: (link: Numbered) => void): unknown
  on(event: 'request' | 'reply', listener: (link: Numbered, chunk: Buffer) => void): unknown
  on(event: 'arrived', listener: (link: Numbered, chunk: Buffer, bytes: number) => void): unknown
}

/** Bytes that were sent at once, and how many of them have arrived. */
interface Sending {
  readonly row: Writable<WireEvent>
  /** Them, without what a client authenticates with. */
  readonly shown: Buffer
  arrived: number
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Records what happens in one run, from outside of the client. */
export class Recorder {
  readonly #commands = new Map<string, OpenCommand>()
  readonly #links = new Map<number, Writable<LinkTrace>>()
  readonly #statuses: Note[] = []
  readonly #faults: Note[] = []
  /** By chunk, in order of time. */
  readonly #wire = new Map<Buffer, Sending>()
  #last: Sending | undefined
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
    const masks = new Map<number, Mask>()
    proxy.on('link', (link) => {
      const { id, node } = link
      this.#links.set(id, { id, openedAt: this.now(), ...(node !== undefined && { node }) })
      masks.set(id, new Mask())
      taps.set(
        link.id,
        new LinkTap({
          onSent: (name, key) => this.#note(name, key, 'sent', link.id),
          onAnswered: (name, key) => this.#note(name, key, 'answered', link.id),
        }),
      )
    })
    proxy.on('leave', ({ id }) => {
      const link = this.#links.get(id)
      if (link === undefined || link.closedAt !== undefined) return
      link.leftAt = this.now()
      this.#loseCommandsOn(id)
    })
    proxy.on('close', ({ id }) => {
      const link = this.#links.get(id)
      if (link === undefined) return
      link.closedAt = this.now()
      if (link.leftAt === undefined) this.#loseCommandsOn(id)
    })
    proxy.on('arrived', (_link, chunk, bytes) => {
      const sending = this.#wire.get(chunk)
      if (sending !== undefined) sending.arrived += bytes
    })
    proxy.on('request', (link, chunk) => {
      this.#onBytes(link, 'client', chunk, masks.get(link.id)?.hide(chunk))
      taps.get(link.id)?.request(chunk)
    })
    proxy.on('reply', (link, chunk) => {
      this.#onBytes(link, 'server', chunk)
      taps.get(link.id)?.reply(chunk)
    })
  }

  /** Wraps a hook of the proxy for requests or replies, and records what it does. */
  noting(side: 'onRequest' | 'onReply', hook: Hook): Hook {
    const what = side === 'onRequest' ? 'requests' : 'replies'
    return (chunk, link) => {
      const fault = hook(chunk, link)
      if (fault.do !== 'pass') {
        this.fault(describe(fault, what, chunk.length))
        if (this.#last !== undefined) this.#last.row.fault = describeFully(fault, what, chunk.length)
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

  /** @param at default: now */
  fault(text: string, at: Moment = this.now()): void {
    this.#faults.push({ at, text })
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
      faults: this.#faults.toSorted((a, b) => a.at - b.at),
      wire: [...this.#wire.values()].map(({ row, shown, arrived }) => ({
        ...row,
        ...(arrived < shown.length && { missing: escapeBytes(shown.subarray(arrived)) }),
      })),
      findings: this.#findings,
      death: this.#death,
    }
  }

  #note(name: string, key: string, what: CommandEvent['what'], link?: number): OpenCommand | undefined {
    const command = this.#commands.get(idOf(name, key))
    command?.events.push({ at: this.now(), what, ...(link !== undefined && { link }) })
    return command
  }

  #loseCommandsOn(id: number): void {
    for (const command of this.#commands.values()) {
      const isOpen = command.said.settled === 'never'
      const last = command.events.findLast(({ what }) => what === 'sent')
      if (isOpen && last?.link === id) command.events.push({ at: this.now(), what: 'lost', link: id })
    }
  }

  #onBytes(link: Numbered, from: WireEvent['from'], chunk: Buffer, shown = chunk): void {
    const row = { at: this.now(), link: link.id, from, bytes: chunk.length, text: escapeBytes(shown) }
    this.#last = { row, shown, arrived: 0 }
    this.#wire.set(chunk, this.#last)
  }
}

const idOf = (name: string, key: string): string => `${name} ${key}`

const close = ({
  name,
  key,
  events,
  said,
  ran,
  vain,
  mayRun,
  expected,
  forged,
  mayFail = [],
  isHidden,
  refusal,
  isOverdue,
}: OpenCommand): CommandTrace => ({
  name,
  key,
  events: inOrder(events, said),
  said,
  ran,
  ...(vain !== undefined && { vain }),
  mayRun,
  expected,
  forged,
  ...(mayFail !== 'any' && { mayFail }),
  ...(isHidden !== undefined && { isHidden }),
  refusal,
  isOverdue,
})

/**
 * Events in order of time. The monitor may report a command before the proxy has read it, or after the proxy has read its reply:
 * the server ran it before it replied. A reply that comes together with the end of its link comes before it.
 */
function inOrder(events: readonly CommandEvent[], said: Said): CommandEvent[] {
  const ordered = events.toSorted((a, b) => a.at - b.at)
  let hasRun = false
  for (const [i, { what, at }] of ordered.entries()) {
    if (what === 'ran' || what === 'sent') hasRun = what === 'ran'
    if (what !== 'answered' || hasRun) continue
    const next = ordered.findIndex((each, k) => k > i && (each.what === 'ran' || each.what === 'sent'))
    const late = ordered[next]
    if (late?.what !== 'ran') continue
    ordered.splice(next, 1)
    ordered.splice(i, 0, { ...late, at })
  }
  const [last, end] = ordered.slice(-2)
  const hasCome = last?.what === 'lost' && end?.what === 'settled' && last.at === end.at && said.settled === 'value'
  return hasCome ? ordered.toSpliced(-2, 1) : ordered
}

async function saidOf(run: () => Promise<unknown>): Promise<Said> {
  try {
    return { settled: 'value', value: JSON.stringify(await run()) }
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) }
    const fate = typeof error === 'object' && error !== null && 'fate' in error ? String(error.fate) : undefined
    return { settled: 'error', name, message, fate, ...(error instanceof UncancelledError && { isUncancelled: true }) }
  }
}

/** Faults with more bytes than this are shown without them in the list of faults. */
const mostDescribed = 200

/** A fault with all its bytes, for the table of bytes. */
function describeFully(fault: Fault, what: string, length: number): string {
  if (fault.do === 'replace') return `the ${what} are replaced by "${escapeBytes(Buffer.from(fault.bytes))}"`
  if (fault.do === 'answer') {
    return `the server does not get them: the proxy answers "${escapeBytes(Buffer.from(fault.bytes))}"`
  }
  return describe(fault, what, length)
}

/** @param length of what the fault changes, in bytes */
function describe(fault: Fault, what: string, length: number): string {
  switch (fault.do) {
    case 'pass':
      return 'nothing'
    case 'cut':
      return `${fault.how === 'reset' ? 'RST' : 'FIN'} after ${Math.min(fault.after, length)} of ${length} bytes of ${what}`
    case 'replace':
      return fault.bytes.length > mostDescribed
        ? `the ${what} are replaced by ${fault.bytes.length} bytes`
        : describeFully(fault, what, length)
    case 'answer':
      return describeFully(fault, what, length)
    case 'stall':
      return `the ${what} are held back from now on`
    case 'drop':
      return `the ${what} are dropped`
    case 'black hole':
      return 'black hole: all bytes in both directions are dropped from now on, and neither side is told'
  }
}
