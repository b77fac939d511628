import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import type { IRedisClient } from 'bullmq'
import * as respite from 'respite'

type Options = Omit<respite.ClientOptions, 'url' | 'buffers' | 'maps' | 'sets' | 'integers' | 'protocol' | 'keyPrefix'>

/**
 * The option `connection` of BullMQ's Queue, Worker, FlowProducer and QueueEvents. Whoever makes it ends it with `quit`.
 * @param options `maxAttempts` is 20 by default: what runs once may be repeated
 */
export function connectionFor(url: string, options: Options = {}): IRedisClient {
  const client = respite.createClient(url, { maxAttempts: 20, ...options, protocol: 2 }) as respite.Client
  return new Connection(client) as unknown as IRedisClient
}

// biome-ignore lint/suspicious/noExplicitAny: BullMQ knows what its commands and scripts return
type Answer = any
type Word = respite.Argument
type Trim = { readonly MAXLEN?: number; readonly approximate?: boolean }
type Scripts = Map<string, { readonly script: respite.Script<Answer>; readonly keys: number }>
/** A command, or a script of BullMQ with its keys and arguments. */
type Step = { readonly words: [name: string, ...Word[]] } | { readonly run: [respite.Script<Answer>, string[], Word[]] }

/** Flattens the arguments of a command. Objects hold options, or fields with their values. */
function wordsOf(args: Answer[]): Word[] {
  const wordsOfField = ([name, value]: [string, Answer]): Word[] =>
    value === false ? [] : value === true ? [name] : [name, value]
  return args.flatMap((arg) => {
    if (arg === undefined) return []
    return typeof arg === 'object' ? Object.entries<Answer>(arg).flatMap(wordsOfField) : [arg]
  })
}

const trim = (most: Word | undefined, approximate = true): Word[] =>
  most === undefined ? [] : ['MAXLEN', approximate ? '~' : '=', most]

/** The commands that BullMQ uses, and what is sent for them. Most are sent as they are. */
const commands = new Map<string, (...args: Answer[]) => Word[]>([
  ['xadd', (key, id, fields, to: Trim = {}) => [key, ...trim(to.MAXLEN, to.approximate), id, ...wordsOf([fields])]],
  ['xtrim', (key, _maxlen, most, to: Trim = {}) => [key, ...trim(most, to.approximate)]],
])
const others =
  'get set del hget hmget hgetall hset hdel hexists hscan smembers sscan zrange zrevrange zcard zscore lrange llen ltrim lpos scan'
for (const name of others.split(' ')) commands.set(name, (...args) => wordsOf(args))

/** A pipeline or a transaction: collects commands and scripts until `exec`. */
class Batch {
  readonly #steps: Step[] = []
  readonly #scripts: Scripts
  readonly #run: (steps: Step[]) => Promise<[Error | null, Answer][]>

  constructor(scripts: Scripts, run: (steps: Step[]) => Promise<[Error | null, Answer][]>) {
    this.#scripts = scripts
    this.#run = run
  }

  add(step: Step): this {
    this.#steps.push(step)
    return this
  }

  runCommand(name: string, args: Answer[]): this {
    return this.add(scriptStep(this.#scripts, name, args))
  }

  exec(): Promise<[Error | null, Answer][]> {
    return this.#run(this.#steps)
  }
}

/** What BullMQ calls a client: a connection that can be ended and connected again. */
class Connection extends EventEmitter {
  readonly isCluster = false
  readonly options = {}
  readonly #scripts: Scripts
  #client: respite.Client
  /** For blocking commands: they take pooled connections, and BullMQ counts the connections that have the name of a worker. */
  #waiting: respite.Client | undefined
  #isEnded = false

  constructor(client: respite.Client, scripts: Scripts = new Map()) {
    super()
    this.#scripts = scripts
    this.#client = client
    this.#watch(client)
  }

  get status(): string {
    if (this.#isEnded) return 'end'
    return this.#client.status === 'idle' ? 'wait' : this.#client.status
  }

  /** BullMQ sets it to `end` after it has closed the connection. */
  set status(value: string) {
    this.#isEnded = value === 'end'
  }

  /** Connects until it succeeds or is ended: a queue whose first connect has failed would be unusable for good. */
  async connect(): Promise<void> {
    if (this.#isEnded) {
      this.#replace()
      this.#waiting = undefined
    }
    const client = this.#client
    for (;;) {
      try {
        return await client.connect()
      } catch (error) {
        if (this.#isEnded || client !== this.#client || error instanceof respite.HandshakeError) throw translated(error)
        this.#report(error)
      }
    }
  }

  disconnect(): void {
    this.#end(1_000)
  }

  async quit(): Promise<string> {
    await this.#end(5_000)
    return 'OK'
  }

  duplicate({ connectionName }: { connectionName?: string } = {}): Connection {
    return new Connection(this.#client.duplicate({ clientName: connectionName }), this.#scripts)
  }

  async clientSetName(clientName: string): Promise<string> {
    const previous = this.#client
    this.#replace(clientName)
    await previous.close()
    return 'OK'
  }

  defineCommand(name: string, { numberOfKeys, lua }: { numberOfKeys: number; lua: string }): void {
    if (!this.#scripts.has(name)) this.#scripts.set(name, { script: respite.script(lua), keys: numberOfKeys })
  }

  runCommand(name: string, args: Answer[]): Promise<Answer> {
    return this.perform(scriptStep(this.#scripts, name, args))
  }

  /** Whatever changes something runs once, however often it is sent. */
  async perform(step: Step): Promise<Answer> {
    const once = this.#client.with({ once: true, raw: true })
    try {
      return 'run' in step ? await once.run(...step.run) : shaped(step, await once.call(...step.words))
    } catch (error) {
      throw translated(error)
    }
  }

  pipeline(): Batch {
    const settled = (step: Step): Promise<[Error | null, Answer]> =>
      this.perform(step).then(
        (reply) => [null, reply],
        (error) => [error, null],
      )
    return new Batch(this.#scripts, (steps) => Promise.all(steps.map(settled)))
  }

  /** Scripts can't run once within a transaction: if its reply is lost, `exec` rejects, and the error has its fate. */
  multi(): Batch {
    const transaction = this.#client.with({ raw: true }).multi()
    return new Batch(this.#scripts, async (steps) => {
      for (const step of steps) 'run' in step ? transaction.run(...step.run) : transaction.call(...step.words)
      const replies: Answer[] = await transaction.exec()
      return replies.map((reply, i) => [null, shaped(steps[i], reply)])
    })
  }

  /** A marker only wakes a worker. If one may have been taken with a lost connection, the worker is to look for jobs. */
  bzpopmin(key: string, timeout: number): Promise<Answer> {
    return this.#wait(['BZPOPMIN', key, timeout], [key, '0', '0'])
  }

  xread(streams: readonly { key: string; id: string }[], options: object = {}): Promise<Answer> {
    const [keys, ids] = [streams.map(({ key }) => key), streams.map(({ id }) => id)]
    return this.#wait(['XREAD', ...wordsOf([options]), 'STREAMS', ...keys, ...ids])
  }

  scanStream({ match, count }: { match: string; count?: number }): Readable {
    const options = count === undefined ? { match } : { match, count }
    return Readable.from(this.#client.scanIterator(options)).map((key) => [key])
  }

  info = (): Promise<string> => this.#client.info()
  clientList = (): Promise<Answer> => this.#client.call('CLIENT', 'LIST')
  clientInfo = (): Promise<Answer> => this.#client.call('CLIENT', 'INFO')

  async #wait(words: [name: string, ...Word[]], ifLost?: Answer): Promise<Answer> {
    if (this.#isEnded) throw closed()
    if (this.#waiting === undefined) {
      this.#waiting = this.#client.duplicate({ clientName: undefined })
      this.#waiting.on('error', (error) => this.#report(error))
    }
    try {
      return await this.#waiting.with({ raw: true }).call(...words)
    } catch (error) {
      const isLost = error instanceof respite.ConnectionLostError && error.fate !== 'not-executed'
      if (isLost && ifLost !== undefined) return ifLost
      throw translated(error)
    }
  }

  async #end(timeout: number): Promise<void> {
    this.#isEnded = true
    await Promise.all([this.#client.close({ timeout }), this.#waiting?.close({ timeout })])
    this.emit('close')
    this.emit('end')
  }

  #replace(clientName?: string): void {
    this.#isEnded = false
    this.#client = this.#client.duplicate(clientName === undefined ? {} : { clientName })
    this.#watch(this.#client)
  }

  #watch(client: respite.Client): void {
    client.on('error', (error) => this.#report(error))
    client.on('status', (status) => {
      if (client !== this.#client) return
      if (status === 'ready') this.emit('ready')
      if (status === 'reconnecting') this.emit('close')
    })
  }

  #report(error: unknown): void {
    if (this.listenerCount('error') > 0) this.emit('error', error)
  }
}

for (const [name, words] of commands) {
  const step = (args: Answer[]): Step => ({ words: [name, ...words(...args)] })
  Object.assign(Connection.prototype, {
    [name](this: Connection, ...args: Answer[]) {
      return this.perform(step(args))
    },
  })
  Object.assign(Batch.prototype, {
    [name](this: Batch, ...args: Answer[]) {
      return this.add(step(args))
    },
  })
}

function scriptStep(scripts: Scripts, name: string, given: Answer[]): Step {
  const found = scripts.get(name)
  if (found === undefined) throw new Error(`BullMQ has not defined ${name}`)
  const args = given.flat(1).map((arg) => (Buffer.isBuffer(arg) ? arg : String(arg ?? '')))
  return { run: [found.script, args.slice(0, found.keys) as string[], args.slice(found.keys)] }
}

/** HGETALL gives a flat list with RESP2, and BullMQ reads an object. */
function shaped(step: Step | undefined, reply: Answer): Answer {
  if (step === undefined || 'run' in step || step.words[0] !== 'hgetall') return reply
  return Object.fromEntries(reply.flatMap((name: string, i: number) => (i % 2 === 0 ? [[name, reply[i + 1]]] : [])))
}

/** BullMQ repeats what failed with this message. */
const closed = (cause?: unknown): Error => new Error('Connection is closed.', { cause })

/** What certainly did not run, for want of a connection, may be repeated. */
function translated(error: unknown): unknown {
  const isRepeatable =
    error instanceof respite.RespiteError &&
    error.fate === 'not-executed' &&
    !(error instanceof respite.ReplyError || error instanceof respite.UsageError)
  return isRepeatable ? closed(error) : error
}
