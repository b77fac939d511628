import process from 'node:process'
import { lookup } from '../commands/catalogue.js'
import { checkArguments } from '../commands/check-arguments.js'
import type { CommandDescriptor } from '../commands/descriptor.js'
import { usage } from '../commands/usage.js'
import { bytesOf } from '../commands/words.js'
import { CommandRequest } from '../dispatch/command-request.js'
import type { OnceClient, OnceCode } from '../dispatch/once-calls.js'
import type { OnceRequest } from '../dispatch/once-request.js'
import { ScriptRequest } from '../dispatch/script-request.js'
import type { ResolvedCallOptions } from '../options/options.js'
import type { Argument } from '../protocol/types.js'
import { mayHaveRun, ReceiptCall } from './once-call.js'
import { type Receipt, readReceipt } from './receipt.js'
import { receiptName } from './receipt-name.js'
import { ServerTime } from './server-time.js'

/** The state that all calls with `once` of a client share. It is loaded with the first such call. */
export class Once implements OnceCode<Receipt> {
  readonly #client: OnceClient
  readonly #time: ServerTime
  /** 72 random bits. It is short, because the server's time grows with the length of the receipt's name. */
  readonly #origin: string
  #count = 0

  constructor(client: OnceClient) {
    this.#client = client
    this.#origin = randomText(client) + randomText(client)
    this.#time = new ServerTime(client, () => void this.#warnOfEviction())
  }

  make(request: OnceRequest): ReceiptCall {
    const { onceTtl: ttl, oncePrefix: prefix } = this.#client.options
    const { once } = request.settings
    return new ReceiptCall(request, {
      time: this.#time,
      ttl,
      prefix,
      id: typeof once === 'string' ? once : this.#id(),
    })
  }

  /** A first try needs the server's time. */
  isHeld(request: OnceRequest): boolean {
    return !this.#time.isKnown && !mayHaveRun(request)
  }

  onReady(): void {
    this.#time.ask()
  }

  async receipt(request: OnceRequest): Promise<Receipt> {
    const call = callOf(request)
    return readReceipt(call, call.receipt, this.#reader(request.settings))
  }

  async receiptOf(id: unknown, key: Argument | undefined): Promise<Receipt> {
    if (typeof id !== 'string') {
      throw usage('receipt', 'expected the error of a call with the option once, or an id and a key')
    }
    if (key !== undefined) checkArguments('receipt', ['', id, key])
    // The name is made of bytes, in which another character would take its place.
    if ([id, key].some((text) => typeof text === 'string' && !text.isWellFormed())) {
      throw usage('receipt', "half of a surrogate pair can't be sent")
    }
    const { options, settings } = this.#client
    const name =
      key === undefined
        ? options.oncePrefix + id
        : receiptName(Buffer.concat([Buffer.from(options.keyPrefix), bytesOf(key)]), id)
    return readReceipt(undefined, name, this.#reader(settings))
  }

  /** Returns an id that no other process creates. */
  #id(): string {
    this.#count += 1
    return `${this.#origin}${this.#count.toString(36)}`
  }

  #reader(settings: ResolvedCallOptions) {
    return (descriptor: CommandDescriptor, args: readonly Argument[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const { script } = descriptor
        const request =
          script === undefined
            ? new CommandRequest(resolve, reject, settings, descriptor, args)
            : new ScriptRequest(resolve, reject, settings, { descriptor, args, script })
        this.#client.enqueue(request, undefined)
      })
  }

  /** Warns if the server may evict receipts. Server documentation: INFO, memory; key eviction. */
  async #warnOfEviction(): Promise<void> {
    const args = ['INFO', 'memory']
    // With `routing`, a cluster would refuse a command for one node if no node is named. So any master gets it.
    const read = this.#reader({ ...this.#client.settings, routing: undefined })
    // If the user may not run INFO, there is no warning.
    const text = await read(lookup(args), args)
      .then(String)
      .catch(() => '')
    const policy = /^maxmemory_policy:(\S+)/m.exec(text)?.[1]
    if (policy === undefined || policy === 'noeviction' || /^maxmemory:0\s/m.test(text)) return
    process.emitWarning(
      `the server may evict the receipts of calls with 'once' (maxmemory-policy ${policy}); a call whose receipt is gone can run again`,
      { type: 'RespiteWarning', code: 'RESPITE_ONCE_EVICTION' },
    )
  }
}

/** @throws UsageError with the reason why the call can't run once: it was rejected before it had a receipt */
function callOf(request: OnceRequest): ReceiptCall {
  try {
    // `make` above has created it.
    return request.call as ReceiptCall
  } catch (error) {
    throw usage('receipt', `there is none of ${request.name}: ${(error as Error).message}`, error)
  }
}

/** Seven random characters. */
function randomText({ random }: OnceClient): string {
  return Math.floor(random() * 36 ** 7)
    .toString(36)
    .padStart(7, '0')
}
