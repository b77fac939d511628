import { array, bulk, encodeReply, error, integer, map, ok, type ServerReply, simple } from './replies.js'
import { RequestParser } from './requests.js'
import type { Store } from './store.js'

/** What all sessions of a server share. */
export interface SessionContext {
  readonly databases: readonly Store[]
  /** Asked of clients when given. */
  readonly password: string | undefined
  /** Told of every command that has run, at the moment it has. */
  onExecuted(connection: number, args: readonly Buffer[]): void
}

/** One connection's state on the server, bytes in and bytes out: no sockets. */
export class Session {
  readonly #id: number
  readonly #context: SessionContext
  readonly #parser = new RequestParser()
  #protocol: 2 | 3 = 2
  #database = 0
  #isAuthenticated: boolean
  #name = ''
  /** Commands since MULTI; undefined outside a transaction. */
  #queued: Buffer[][] | undefined
  #isTransactionBroken = false

  constructor(id: number, context: SessionContext) {
    this.#id = id
    this.#context = context
    this.#isAuthenticated = context.password === undefined
  }

  /** @returns the replies to the requests that are complete with these bytes, one Buffer each */
  receive(chunk: Buffer): Buffer[] {
    return this.#parser.push(chunk).map((args) => {
      const reply = this.#answer(args)
      return encodeReply(reply, this.#protocol)
    })
  }

  #answer(args: Buffer[]): ServerReply {
    const name = String(args[0] ?? '').toUpperCase()
    if (name === 'HELLO') return this.#hello(args)
    if (name === 'AUTH') return this.#authenticate(String(args[args.length - 1]))
    if (!this.#isAuthenticated) return error('NOAUTH Authentication required.')
    if (name === 'EXEC') return this.#execute()
    if (this.#queued !== undefined && name !== 'DISCARD') return this.#enqueue(args)
    switch (name) {
      case 'SELECT':
        return this.#select(Number(args[1]))
      case 'CLIENT':
        return this.#client(args)
      case 'MULTI':
        this.#queued = []
        this.#isTransactionBroken = false
        return ok
      case 'DISCARD':
        if (this.#queued === undefined) return error('ERR DISCARD without MULTI')
        this.#queued = undefined
        return ok
      default:
        return this.#run(args)
    }
  }

  #run(args: readonly Buffer[]): ServerReply {
    const store = this.#context.databases[this.#database] as Store
    const refusal = store.refuses(args)
    if (refusal !== undefined) return refusal
    const reply = store.execute(args)
    this.#context.onExecuted(this.#id, args)
    return reply
  }

  #hello(args: readonly Buffer[]): ServerReply {
    const version = args[1] === undefined ? this.#protocol : Number(args[1])
    if (version !== 2 && version !== 3) return error('NOPROTO unsupported protocol version')
    for (let i = 2; i < args.length; i += 1) {
      const option = String(args[i]).toUpperCase()
      if (option === 'AUTH') {
        const answer = this.#authenticate(String(args[i + 2]))
        if (answer.type === 'error') return answer
        i += 2
      } else if (option === 'SETNAME') {
        this.#name = String(args[i + 1])
        i += 1
      } else {
        return error(`ERR Syntax error in HELLO option '${option.toLowerCase()}'`)
      }
    }
    if (!this.#isAuthenticated) return error('NOAUTH HELLO must be called with the client already authenticated')
    this.#protocol = version
    return map([
      [bulk('server'), bulk('respite-lab')],
      [bulk('version'), bulk('7.0.0')],
      [bulk('proto'), integer(version)],
      [bulk('id'), integer(this.#id)],
      [bulk('mode'), bulk('standalone')],
      [bulk('role'), bulk('master')],
      [bulk('modules'), array([])],
    ])
  }

  #authenticate(password: string): ServerReply {
    if (this.#context.password === undefined) return ok
    if (password !== this.#context.password) {
      return error('WRONGPASS invalid username-password pair or user is disabled.')
    }
    this.#isAuthenticated = true
    return ok
  }

  #select(database: number): ServerReply {
    if (this.#context.databases[database] === undefined) return error('ERR DB index is out of range')
    this.#database = database
    return ok
  }

  #client(args: readonly Buffer[]): ServerReply {
    switch (String(args[1]).toUpperCase()) {
      case 'ID':
        return integer(this.#id)
      case 'SETNAME':
        this.#name = String(args[2])
        return ok
      case 'GETNAME':
        return bulk(this.#name)
      case 'SETINFO':
        return ok
      default:
        return error(`ERR unknown subcommand '${String(args[1])}'`)
    }
  }

  #enqueue(args: Buffer[]): ServerReply {
    const refusal = (this.#context.databases[this.#database] as Store).refuses(args)
    if (refusal !== undefined) {
      this.#isTransactionBroken = true
      return refusal
    }
    this.#queued?.push(args)
    return simple('QUEUED')
  }

  #execute(): ServerReply {
    const queued = this.#queued
    if (queued === undefined) return error('ERR EXEC without MULTI')
    this.#queued = undefined
    if (this.#isTransactionBroken) return error('EXECABORT Transaction discarded because of previous errors.')
    return array(queued.map((args) => this.#run(args)))
  }
}
