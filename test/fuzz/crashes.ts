/** Collects uncaught errors, unhandled rejections and warnings of the process. */
export class Crashes {
  #seen: unknown[] = []
  readonly #note = (error: unknown): void => {
    this.#seen.push(error)
  }

  watch(): void {
    process.on('uncaughtException', this.#note)
    process.on('unhandledRejection', this.#note)
    process.on('warning', this.#note)
  }

  stop(): void {
    process.off('uncaughtException', this.#note)
    process.off('unhandledRejection', this.#note)
    process.off('warning', this.#note)
  }

  take(): unknown[] {
    const seen = this.#seen
    this.#seen = []
    return seen
  }
}
