import type { Socket } from 'node:net'

/** How slowly bytes are delivered. */
export interface Pace {
  /** How many at a time. */
  readonly bytes: number
  /** Milliseconds between them; 0: the next turn of the event loop. */
  readonly delayMs: number
}

/** Bytes to deliver, and the chunk of the sender that they are from: bytes of the proxy are from none. */
interface Delivery {
  readonly bytes: Buffer
  readonly of: Buffer | undefined
}

type Step = Delivery | { readonly then: () => void }

/** If more bytes than this are held, the proxy stops reading from their sender, so that its writes block as on a real network. */
const mostHeldBytes = 262_144

interface Arrival {
  resolve(chunk: Buffer): void
  reject(error: Error): void
}

/** Bytes of one direction of a link, held between the socket they came from and the one they go to. */
export class Direction {
  /** Bytes received from the sender. */
  received = 0
  /** Bytes passed to the receiver. */
  delivered = 0
  readonly #from: Socket
  readonly #to: Socket
  readonly #onArrived: (chunk: Buffer, bytes: number) => void
  #held = 0
  #steps: Step[] = []
  #arrivals: Arrival[] = []
  #pace: Pace | undefined
  #timer: NodeJS.Timeout | undefined
  #isStalled = false
  #isBlackHole = false
  /** A write, or the pause after it, is in progress: later bytes wait. */
  #isBusy = false
  #isOver = false

  /** @param onArrived called for bytes that were passed to the receiver: how many, and the chunk of the sender that they are from */
  constructor(from: Socket, to: Socket, onArrived: (chunk: Buffer, bytes: number) => void) {
    this.#from = from
    this.#to = to
    this.#onArrived = onArrived
  }

  /** Resolves with the next bytes of the sender, once the hook has seen them. Rejects if the link ends first. */
  arrival(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) reject(new Error('the link has ended'))
      else this.#arrivals.push({ resolve, reject })
    })
  }

  /** Holds all bytes from now on. */
  stall(): void {
    this.#isStalled = true
  }

  /** Delivers the held bytes, and all later ones. */
  resume(): void {
    this.#isStalled = false
    this.#deliver()
  }

  /** Bytes and ends are dropped, including held bytes. They stay lost when the black hole ends. */
  get isBlackHole(): boolean {
    return this.#isBlackHole
  }

  set isBlackHole(value: boolean) {
    this.#isBlackHole = value
    if (!value) return
    this.#steps = []
    this.#hold(-this.#held)
  }

  /** Delivers a few bytes at a time; `{ bytes: 1, delayMs: 0 }` is byte by byte. Undefined: as they arrive. */
  slow(pace: Pace | undefined): void {
    this.#pace = pace
  }

  /** Resolves what waits for an arrival. */
  announce(chunk: Buffer): void {
    this.received += chunk.length
    const arrivals = this.#arrivals
    this.#arrivals = []
    for (const { resolve } of arrivals) resolve(chunk)
  }

  /**
   * Delivers bytes after all earlier ones.
   * @param of the chunk of the sender that they are from; undefined: the proxy sends them in its place
   */
  push(bytes: Buffer, of?: Buffer): void {
    if (bytes.length === 0 || this.#isBlackHole || this.#isOver) return
    this.#hold(bytes.length)
    this.#add({ bytes, of })
  }

  /** Calls a function when all earlier bytes are delivered. */
  after(then: () => void): void {
    this.#add({ then })
  }

  /** The link has ended: nothing more is delivered. */
  close(): void {
    this.#isOver = true
    this.#steps = []
    clearTimeout(this.#timer)
    for (const { reject } of this.#arrivals) reject(new Error('the link has ended'))
    this.#arrivals = []
  }

  #hold(change: number): void {
    this.#held += change
    if (this.#held > mostHeldBytes) this.#from.pause()
    else if (this.#from.isPaused()) this.#from.resume()
  }

  #add(step: Step): void {
    if (this.#isBlackHole || this.#isOver) return
    this.#steps.push(step)
    this.#deliver()
  }

  #deliver(): void {
    if (this.#isStalled || this.#isBusy || this.#isOver) return
    const step = this.#steps.shift()
    if (step === undefined) return
    if ('then' in step) {
      step.then()
      this.#deliver()
      return
    }
    const now = this.#pace === undefined ? step.bytes : step.bytes.subarray(0, this.#pace.bytes)
    if (now.length < step.bytes.length) this.#steps.unshift({ bytes: step.bytes.subarray(now.length), of: step.of })
    this.#isBusy = true
    this.delivered += now.length
    if (step.of !== undefined) this.#onArrived(step.of, now.length)
    this.#hold(-now.length)
    // The callback means that the operating system has the bytes: a later cut can't overtake them.
    this.#to.write(now, () => this.#pause())
  }

  #pause(): void {
    const next = (): void => {
      this.#isBusy = false
      this.#deliver()
    }
    if (this.#pace === undefined || this.#isOver) next()
    else this.#timer = setTimeout(next, this.#pace.delayMs)
  }
}
