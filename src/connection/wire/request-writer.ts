import type { Argument } from '../../protocol/types.js'
import type { Ledger } from '../request/ledger.js'
import type { RequestQueue } from '../request/queue.js'
import { unencodable } from '../request/rejections.js'
import type { Request } from '../request/request.js'
import type { WriteBuffer } from '../transport/write-buffer.js'
import { pingSlot, type Slot } from './evidence.js'

/**
 * The number of bytes in one write. It is large enough to make the system call worthwhile, and not larger, because
 * requests that are already written can't be withdrawn.
 */
const batchBytes = 128 * 1024

const pingFrame: readonly Argument[] = ['PING']

/** Length of a PING frame: `*1\r\n$4\r\nPING\r\n`. */
export const pingBytes = 14

/** Encodes requests in batches, writes them, and adds the requests whose replies are pending to the ledger. */
export class RequestWriter {
  readonly #ledger: Ledger<Slot>
  readonly #writeBuffer: WriteBuffer
  /** The scripts that the server has stored because of requests on this connection. */
  readonly #known = new Set<string>()
  #silentBytes = 0
  /** Whether `silentBytes` counts commands of callers, to which the server may not reply after CLIENT REPLY OFF or SKIP. */
  wentSilent = false
  /**
   * Whether the requests with pending replies are questions: see `Request.asksFurther`. While they are, only questions
   * are sent, so that no other request overtakes the requests that continue after these replies.
   */
  #isAsking = false
  /** A request that was sent alone and is not answered yet. Nothing else is sent until then. */
  lone: Request | undefined
  /** Whether the transport has refused requests that have replies. If so, it is about to end. */
  wasRefused = false

  constructor(ledger: Ledger<Slot>, writeBuffer: WriteBuffer) {
    this.#ledger = ledger
    this.#writeBuffer = writeBuffer
  }

  /** Whether `send` can pass anything to the transport. */
  get isWritable(): boolean {
    return !this.#writeBuffer.isPending && this.lone === undefined
  }

  /** Whether everything is sent, and the server replies to the only pending request by closing the connection. */
  get awaitsClose(): boolean {
    return this.lone?.isAnsweredByClose === true && !this.#writeBuffer.isPending
  }

  /** The number of bytes in frames without a reply that were written since the last frame with a reply. */
  get silentBytes(): number {
    return this.#silentBytes
  }

  /**
   * Passes requests from the queue to the transport, until the transport takes no more.
   * @param most how many at most
   * @returns how many were passed on
   */
  send(queue: RequestQueue, most = Infinity): number {
    let total = 0
    while (this.isWritable) {
      const count = this.#encodeBatch(queue, most - total)
      if (count === 0 && this.#writeBuffer.encoder.length === 0) break
      total += count
      const result = this.#writeBuffer.write()
      if (result !== 'refused') continue
      // The system took no byte of the batch, so this does not count as an attempt.
      this.wasRefused ||= count > 0
      const refused = this.#ledger.takeNewest(count) as Request[]
      for (const request of refused) {
        request.state = 'queued'
        if (!request.asksFurther) request.attempts -= 1
      }
      queue.putBack(refused.filter((request) => request.state === 'queued'))
      total -= count
    }
    return total
  }

  /** Sends the connection's own PING. @returns whether it was sent */
  ping(): boolean {
    this.#writeBuffer.encoder.append(pingFrame)
    this.#ledger.push(pingSlot)
    if (this.#writeBuffer.write() !== 'refused') return true
    this.#ledger.takeNewest(1)
    return false
  }

  #encodeBatch(queue: RequestQueue, most: number): number {
    const { encoder } = this.#writeBuffer
    const ledger = this.#ledger
    let count = 0
    while (encoder.length < batchBytes && count < most) {
      const request = queue.shift()
      if (request === undefined) break
      const isAlone = request.isSentAlone
      if ((isAlone && request.isHeld) || (ledger.length > 0 && (isAlone || request.asksFurther !== this.#isAsking))) {
        queue.putBack([request])
        break
      }
      const before = encoder.length
      if (!this.#encode(request)) continue
      request.state = 'sent'
      this.#isAsking = request.asksFurther
      if (!request.asksFurther) request.attempts += 1
      request.repliesOwed = request.replyCount
      const frameBytes = encoder.length - before
      if (request.repliesOwed === 0) {
        this.#silentBytes += frameBytes
        this.wentSilent ||= !request.isOwn
        // The server was told not to reply, so nothing more will be known about this request.
        request.answer(null, false)
        continue
      }
      request.frameBytes = this.#silentBytes + frameBytes
      this.#silentBytes = 0
      this.wentSilent = false
      ledger.push(request)
      count += 1
      if (request.isSentAlone) {
        this.lone = request
        break
      }
    }
    return count
  }

  /** Appends all of the request's frames, or none. @returns false if encoding failed and the request was rejected */
  #encode(request: Request): boolean {
    const { encoder } = this.#writeBuffer
    encoder.mark()
    encoder.mayReference = !request.mayBeAbandoned
    try {
      request.encode(encoder, this.#known)
      return true
    } catch (cause) {
      encoder.rollBack()
      request.fail('not-executed', unencodable(cause))
      return false
    }
  }
}
