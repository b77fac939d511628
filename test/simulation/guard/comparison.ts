import type { RecordedRun } from './recording.js'

/** How many differing runs are shown line by line. */
const mostShown = 5

/** What a line that differs is about. */
type Kind = 'bytes on a connection' | 'a settlement' | 'an event' | 'the end of the run'

/** Where two runs of one seed part. */
interface Difference {
  readonly seed: number
  /** Index of the first line that differs. */
  readonly index: number
  readonly kind: Kind
  /** Both runs have the same lines, in another order. */
  readonly isOrderOnly: boolean
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Compares runs with those of a recording, seed by seed. */
export class Comparison {
  #compared = 0
  readonly #context: number
  readonly #differing: Omit<Difference, 'before' | 'after'>[] = []
  readonly #shown: Difference[] = []

  /** @param context lines that are shown before and after the first difference */
  constructor(context = 3) {
    this.#context = context
  }

  get hasDifferences(): boolean {
    return this.#differing.length > 0
  }

  add(before: RecordedRun, after: RecordedRun): void {
    this.#compared += 1
    if (before.digest === after.digest) return
    const difference = firstDifference(before, after)
    const { seed, index, kind, isOrderOnly } = difference
    this.#differing.push({ seed, index, kind, isOrderOnly })
    if (this.#shown.length < mostShown) this.#shown.push(difference)
  }

  /** What people read. */
  report(): string {
    const identical = this.#compared - this.#differing.length
    const lines = [`${identical} of ${this.#compared} seeds are identical`]
    if (!this.hasDifferences) return lines.join('\n')
    const counts = new Map<Kind, number>()
    for (const { kind } of this.#differing) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const kinds = [...counts].map(([kind, count]) => `${kind} (${count})`).join(', ')
    lines.push(`${this.#differing.length} differ, at first in: ${kinds}`)
    const reordered = this.#differing.filter(({ isOrderOnly }) => isOrderOnly).length
    if (reordered > 0) lines.push(`${reordered} of them have the same lines in another order`)
    lines.push(`seeds: ${listOf(this.#differing.map(({ seed }) => seed))}`)
    for (const difference of this.#shown) lines.push('', ...this.#show(difference))
    return lines.join('\n')
  }

  *#show({ seed, index, before, after }: Difference): Generator<string> {
    yield `seed ${seed}, line ${index + 1}: "-" was recorded, "+" is new`
    for (const line of before.slice(Math.max(0, index - this.#context), index)) yield `    ${line}`
    for (const line of before.slice(index, index + this.#context)) yield `  - ${line}`
    if (index >= before.length) yield '  - (nothing more)'
    for (const line of after.slice(index, index + this.#context)) yield `  + ${line}`
    if (index >= after.length) yield '  + (nothing more)'
  }
}

function firstDifference(before: RecordedRun, after: RecordedRun): Difference {
  let index = 0
  while (index < before.lines.length && before.lines[index] === after.lines[index]) index += 1
  const line = before.lines[index] ?? after.lines[index] ?? ''
  const isOrderOnly = [...before.lines].sort().join('\n') === [...after.lines].sort().join('\n')
  return { seed: before.seed, index, kind: kindOf(line), isOrderOnly, before: before.lines, after: after.lines }
}

function kindOf(line: string): Kind {
  const text = line.slice(line.indexOf(' ') + 1)
  if (text.startsWith('connection ')) return 'bytes on a connection'
  if (text.startsWith('client emits ') || /^#\S+ .*? calls back /.test(text)) return 'an event'
  return text.startsWith('the run ') ? 'the end of the run' : 'a settlement'
}

function listOf(seeds: readonly number[]): string {
  return seeds.slice(0, 20).join(', ') + (seeds.length > 20 ? ' ...' : '')
}
