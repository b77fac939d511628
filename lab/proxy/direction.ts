import type { Socket } from 'node:net'

/** How slowly bytes are delivered. */
export interface Pace {
  /** How many at a time. */
  readonly bytes: number
  /** Milliseconds between them; 0: the next turn of the event loop. */
  readonly delayMs: number
}

type Step = { readonly bytes: Buffer } | { readonly then: () => void }

/** With so many bytes held, the side they come from is not read from: its writes come to a stand as on a real link. */
const mostHeldBytes = 262_144

interface Arrival {
  resolve(chunk: Buffer): void
  reject(error: Error): void
}

/** Bytes of one direction of a link, held between the socket they came from and the one they go to. */
export class Direction {
  /** Bytes that have come from the one side. */
  received = 0
  /** Bytes handed to the other side. */
  delivered = 0
  readonly #from: Socket
  readonly #to: Socket
  #held = 0
  #steps: Step[] = []
  #arrivals: Arrival[] = []
  #pace: Pace | undefined
  #timer: NodeJS.Timeout | undefined
  #isStalled = false
  #isBlackHole = false
  /** A write, or a pause between two of them, is under way: what follows waits for it. */
  #isBusy = false
  #isOver = false

  constructor(from: Socket, to: Socket) {
    this.#from = from
    this.#to = to
  }

  /** Resolves with the next bytes that come from the one side, at the moment when the hook has seen them; rejects when the link ends first. */
  arrival(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) reject(new Error('the link has ended'))
      else this.#arrivals.push({ resolve, reject })
    })
  }

  /** Holds what comes from now on. */
  stall(): void {
    this.#isStalled = true
  }

  /** Delivers what was held, and goes on. */
  resume(): void {
    this.#isStalled = false
    this.#deliver()
  }

  /** Bytes and ends are swallowed, what is held included, and stay lost when it is over. */
  get isBlackHole(): boolean {
    return this.#isBlackHole
  }

  set isBlackHole(value: boolean) {
    this.#isBlackHole = value
    if (!value) return
    this.#steps = []
    this.#hold(-this.#held)
  }

  /** Delivers a few bytes at a time; `{ bytes: 1, delayMs: 0 }` is byte by byte. Without a pace: as they come. */
  slow(pace: Pace | undefined): void {
    this.#pace = pace
  }

  /** Tells those who wait that bytes have come. */
  announce(chunk: Buffer): void {
    this.received += chunk.length
    const arrivals = this.#arrivals
    this.#arrivals = []
    for (const { resolve } of arrivals) resolve(chunk)
  }

  /** Bytes to be delivered, after those before them. */
  push(bytes: Buffer): void {
    if (bytes.length === 0 || this.#isBlackHole || this.#isOver) return
    this.#hold(bytes.length)
    this.#add({ bytes })
  }

  /** What is to happen when all bytes before it are out. */
  after(then: () => void): void {
    this.#add({ then })
  }

  /** The link is over: nothing is delivered any more. */
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
    if (now.length < step.bytes.length) this.#steps.unshift({ bytes: step.bytes.subarray(now.length) })
    this.#isBusy = true
    this.delivered += now.length
    this.#hold(-now.length)
    // The callback of the write says that the operating system has the bytes: a cut that follows can't overtake them.
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
