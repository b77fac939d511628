/** Promises of the client that must settle, other than those of the calls in the execution log. */
export class Promises {
  readonly #pending = new Map<string, number>()
  #settled = 0

  /** @returns the same promise; it must settle before the end, either way */
  expect<Result>(title: string, promise: Promise<Result>): Promise<Result> {
    this.#pending.set(title, (this.#pending.get(title) ?? 0) + 1)
    const onSettled = (): void => {
      this.#settled += 1
      const left = (this.#pending.get(title) as number) - 1
      if (left === 0) this.#pending.delete(title)
      else this.#pending.set(title, left)
    }
    promise.then(onSettled, onSettled)
    return promise
  }

  get pending(): string[] {
    return [...this.#pending.keys()]
  }

  get settled(): number {
    return this.#settled
  }
}
