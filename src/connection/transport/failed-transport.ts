import { setImmediate } from 'node:timers'
import type { Transport, TransportHandler, WriteResult } from './transport.js'

/** A stream that could not be created. It only reports its end. */
export class FailedTransport implements Transport {
  #isOver = false

  constructor(error: Error, handler: TransportHandler) {
    setImmediate(() => {
      if (!this.#isOver) handler.onEnd({ error, pendingWriteIncomplete: false })
    })
  }

  write(): WriteResult {
    return 'refused'
  }

  destroy(): boolean {
    this.#isOver = true
    return false
  }
}
