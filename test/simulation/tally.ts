/** How often each kind of thing occurred. */
export class Tally {
  readonly #counts = new Map<string, number>()

  note(kind: string, times = 1): void {
    if (times > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times)
  }

  countOf(kind: string): number {
    return this.#counts.get(kind) ?? 0
  }

  add(other: Tally): void {
    for (const [kind, count] of other.#counts) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count)
  }

  get kinds(): string[] {
    return [...this.#counts.keys()]
  }

  /** Lines of a table, the most frequent first. */
  lines(): string[] {
    const rows = [...this.#counts].sort(([, a], [, b]) => b - a)
    const width = Math.max(0, ...rows.map(([, count]) => String(count).length))
    return rows.map(([kind, count]) => `  ${String(count).padStart(width)}  ${kind}`)
  }
}
