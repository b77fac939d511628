import { simulate } from '../../test/simulation/simulate.js'
import type { CommandEvent, LinkTrace, Note, Performance, Said } from '../recording/trace.js'

/** A run of the simulation, read from its trace. */
export interface SeedRun {
  /** What broke an invariant; empty if all held. */
  readonly violations: readonly string[]
  /** Everything that happened, with its time. */
  readonly lines: readonly Note[]
  readonly performance: Performance
}

interface OpenCommand {
  readonly name: string
  readonly events: CommandEvent[]
  said: Said
  ran: number
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Lines about a connection that are no faults. */
const ordinary = /is (dialled|open|destroyed by the client)$|takes a write|has taken the rest|refuses a write/

/** Runs a seed as `npm run sim -- --seed N` does. */
export async function runSeed(seed: number): Promise<SeedRun> {
  const { trace, violations } = await simulate(seed, undefined, true)
  return { violations, ...readTrace(trace) }
}

/** Makes a run of the trace of a simulation, as far as its lines tell. */
export function readTrace(trace: readonly string[]): Pick<SeedRun, 'lines' | 'performance'> {
  const lines = trace.map((line) => ({ at: Number(line.slice(0, 9)), text: line.slice(9).trim() }))
  const commands = new Map<string, OpenCommand>()
  const links = new Map<number, Writable<LinkTrace>>()
  const statuses: Note[] = []
  const faults: Note[] = []

  const end = (id: number, at: number): void => {
    const link = links.get(id)
    if (link === undefined || link.closedAt !== undefined) return
    link.closedAt = at
    for (const { said, events } of commands.values()) {
      const isOpen = said.settled === 'never'
      if (isOpen && events.findLast(({ what }) => what === 'sent')?.link === id) {
        events.push({ at, what: 'lost', link: id })
      }
    }
  }
  const settle = (command: OpenCommand, at: number, said: Said): void => {
    command.said = said
    command.events.push({ at, what: 'settled' })
  }

  for (const { at, text } of lines) {
    const [, number, rest = ''] = /^#(\d+) (.*)$/s.exec(text) ?? []
    if (number !== undefined) {
      const [, title, how = ''] = /^(.*?) (is called|is written to|is resolved|is rejected)/s.exec(rest) ?? []
      if (how === 'is called' && !commands.has(number)) {
        const name = `#${number} ${title}`
        commands.set(number, { name, events: [{ at, what: 'called' }], said: { settled: 'never' }, ran: 0 })
        continue
      }
      const command = commands.get(number)
      if (command === undefined) continue
      const [, link] = /is written to connection (\d+)$/.exec(rest) ?? []
      const [, fate, message = ''] = /is rejected, ([a-z-]+): (.*)$/s.exec(rest) ?? []
      if (link !== undefined) command.events.push({ at, what: 'sent', link: Number(link) })
      else if (fate !== undefined) settle(command, at, { settled: 'error', name: 'Error', message, fate })
      // Not that its fate is resolved, later.
      else if (rest.endsWith(' is resolved')) settle(command, at, { settled: 'value', value: rest })
      continue
    }
    const [, ran, on] = /^the server runs .*? of #(\d+) .* from connection (\d+)$/s.exec(text) ?? []
    if (ran !== undefined) {
      const command = commands.get(ran)
      if (command === undefined) continue
      command.ran += 1
      command.events.push({ at, what: 'ran', link: Number(on) })
      continue
    }
    const [, status] = /^the client is (\w+)$/.exec(text) ?? []
    if (status !== undefined) {
      statuses.push({ at, text: status })
      continue
    }
    const [, id, what = ''] = /^connection (\d+) (.*)$/s.exec(text) ?? []
    if (what === 'is open') links.set(Number(id), { id: Number(id), openedAt: at })
    if (what.startsWith('is destroyed') || what.startsWith('ends for')) end(Number(id), at)
    const isFault = id === undefined ? /^the (server|address|event loop|old|provider)/.test(text) : !ordinary.test(text)
    if (isFault && !what.startsWith('ends for')) faults.push({ at, text })
  }
  return {
    lines,
    performance: {
      scenario: 'seed',
      client: 'respite',
      durationMs: lines.at(-1)?.at ?? 0,
      commands: [...commands.values()].map(({ name, events, said, ran }) => ({
        name,
        key: '',
        events,
        said,
        // What a transaction or a session ran is named by its commands: a reply says that it ran.
        ran: said.settled === 'value' ? Math.max(1, ran) : ran,
      })),
      links: [...links.values()],
      statuses,
      faults,
      wire: [],
      findings: [],
    },
  }
}
