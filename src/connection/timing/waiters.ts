/** One promise shared by all waiters. After it is settled, the next waiter gets a new one. */
export class Waiters {
  #promise: Promise<void> | undefined
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}
  /** Called once, when the current promise settles. */
  onSettled: (() => void) | undefined

  /** Undefined while there are no waiters. */
  get promise(): Promise<void> | undefined {
    return this.#promise
  }

  wait(): Promise<void> {
    this.#promise ??= new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    return this.#promise
  }

  resolve(): void {
    if (this.#take()) this.#resolve()
  }

  reject(error: Error): void {
    if (this.#take()) this.#reject(error)
  }

  #take(): boolean {
    if (this.#promise === undefined) return false
    this.#promise = undefined
    const { onSettled } = this
    this.onSettled = undefined
    onSettled?.()
    return true
  }
}
