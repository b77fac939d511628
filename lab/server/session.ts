import { command, config, info, ping, serverVersion, time } from './about.js'
import { ArgumentError, at, indexOf, keyOf, wordOf } from './arguments.js'
import { type BlockingCommand, blockingCommands, waitOf } from './blocking.js'
import { type ClientState, client, isPrintable, setName } from './client-command.js'
import type { OnExecuted, ServerModel } from './model.js'
import { subscriptionVerbs } from './pubsub.js'
import { array, bulk, error, errors, integer, map, noArray, ok, type ServerReply, simple } from './reply.js'
import { type ProtocolVersion, writeReply } from './reply-writer.js'
import { RequestError, RequestParser } from './request-parser.js'
import { type SessionCommand, sessionCommands } from './session-commands.js'
import { refusalOf, Store } from './store.js'
import { Watches } from './watches.js'

interface Transaction {
  readonly commands: Buffer[][]
  /** A command was refused when it should have been queued: EXEC will run none. */
  isBroken: boolean
}

/** One connection as the server sees it, bytes in and bytes out: no socket. Made by `ServerModel.connect`. */
export class ServerSession {
  readonly id: number
  readonly #model: ServerModel
  readonly #onExecuted: OnExecuted
  readonly #parser = new RequestParser()
  readonly #watches: Watches
  #protocol: ProtocolVersion = 2
  #database = 0
  #isAuthenticated: boolean
  readonly #client: ClientState
  #transaction: Transaction | undefined
  #isClosed = false
  /** Waits for something to be had: requests that come meanwhile are kept. */
  #isWaiting = false
  readonly #kept: Buffer[][] = []
  readonly #send: (bytes: Buffer) => void
  /** What is said while bytes are being received, in its order. */
  #said: Buffer[] | undefined

  constructor(id: number, model: ServerModel, onExecuted: OnExecuted, send: (bytes: Buffer) => void) {
    this.id = id
    this.#client = { id, name: '' }
    this.#send = send
    this.#model = model
    this.#onExecuted = (args, reply) => {
      onExecuted(args, reply)
      model.monitors.show(model.now(), this.#database, id, args)
    }
    this.#watches = new Watches(model.store)
    this.#isAuthenticated = model.users.size === 0
  }

  /** The server is done with this connection (QUIT, or bytes that are no request): to be closed once the replies are out. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  get protocol(): ProtocolVersion {
    return this.#protocol
  }

  /** Runs the requests that are complete with these bytes. @returns what is said in answer, and what else is told meanwhile */
  receive(chunk: Uint8Array): Buffer[] {
    const said: Buffer[] = []
    if (this.#isClosed) return said
    this.#said = said
    try {
      this.#parser.feed(chunk, (args) => {
        if (this.#isClosed) return
        if (this.#isWaiting) this.#kept.push(args)
        else this.#handle(args)
      })
    } catch (cause) {
      if (!(cause instanceof RequestError)) throw cause
      this.#isClosed = true
      this.tell(error(cause.message))
    }
    this.#said = undefined
    return said
  }

  /** The connection is gone, from wherever it was ended: it waits for nothing, and listens to nothing. */
  disconnect(): void {
    this.#isClosed = true
    this.#model.waitingRoom.leave(this.id)
    this.#model.broadcasts.forget(this)
    this.#model.monitors.forget(this)
  }

  /** Says something to the client. */
  tell(reply: ServerReply): void {
    // In the version of this moment: HELLO is answered in the one that it asked for.
    const bytes = writeReply(reply, this.#protocol)
    if (this.#said === undefined) this.#send(bytes)
    else this.#said.push(bytes)
  }

  #handle(args: Buffer[]): void {
    const reply = this.#answer(args)
    if (reply !== undefined) this.tell(reply)
    this.#model.waitingRoom.serve()
  }

  #answer(args: Buffer[]): ServerReply | undefined {
    const name = wordOf(at(args, 0))
    const command = sessionCommands[name]
    const refusal = this.#refuses(name, args, command)
    if (refusal !== undefined) return this.#refuse(name, refusal)
    if (this.#transaction !== undefined && command?.inTransaction !== 'runs') {
      this.#transaction.commands.push(args)
      return simple('QUEUED')
    }
    if (blockingCommands[name] !== undefined) return this.#block(name, args)
    if (subscriptionVerbs[name] !== undefined) {
      this.#model.broadcasts.carryOut(name, args.slice(1), this)
      this.#onExecuted(args, ok)
      return undefined
    }
    return this.#run(name, args)
  }

  /** Takes what there is at once, or waits for it, and has no answer until then. */
  #block(name: string, args: readonly Buffer[]): ServerReply | undefined {
    const command = blockingCommands[name] as BlockingCommand
    const database = this.#database
    const attempt = (): ServerReply | undefined => {
      const reply = command.take(this.#model.store, database, args)
      if (reply !== undefined) this.#onExecuted(args, reply)
      return reply
    }
    try {
      const until = this.#model.now() + waitOf(command, args)
      const reply = attempt()
      if (reply !== undefined) return reply
      this.#isWaiting = true
      this.#model.waitingRoom.enter({
        id: this.id,
        until,
        // Whatever it would have answered at once.
        none: noArray,
        attempt,
        deliver: (late) => this.#wake(late),
      })
      return undefined
    } catch (cause) {
      if (!(cause instanceof ArgumentError)) throw cause
      return cause.reply
    }
  }

  #wake(reply: ServerReply): void {
    this.#isWaiting = false
    this.tell(reply)
    while (!this.#isWaiting && !this.#isClosed) {
      const args = this.#kept.shift()
      if (args === undefined) return
      this.#handle(args)
    }
  }

  /** In the order in which real servers ask. */
  #refuses(name: string, args: readonly Buffer[], command: SessionCommand | undefined): ServerReply | undefined {
    const malformed = refusalOf(name, args, command?.arity ?? Store.arityOf(name))
    if (malformed !== undefined) return malformed
    if (!this.#isAuthenticated && command?.runsUnauthenticated !== true) return error('NOAUTH Authentication required.')
    if (this.#transaction !== undefined && command?.inTransaction === 'is refused') {
      return error('ERR Command not allowed inside a transaction')
    }
    if (this.#protocol === 2 && !mayRunSubscribed.has(name) && this.#model.broadcasts.countOf(this) > 0) {
      return error(
        `ERR Can't execute '${name.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      )
    }
    // An EXEC is what its commands are.
    const names = name === 'EXEC' ? (this.#transaction?.commands ?? []).map((queued) => wordOf(at(queued, 0))) : [name]
    if (this.#model.isReadonly && names.some((each) => Store.writes(each) || sessionCommands[each]?.writes === true)) {
      return error("READONLY You can't write against a read only replica.")
    }
    if (this.#model.isLoading && names.some((queued) => sessionCommands[queued]?.runsWhileLoading !== true)) {
      return error('LOADING Redis is loading the dataset in memory')
    }
    return undefined
  }

  #refuse(name: string, refusal: ServerReply): ServerReply {
    if (this.#transaction === undefined) return refusal
    if (name === 'EXEC' && refusal.type === 'error') {
      this.#endTransaction()
      return error(`EXECABORT Transaction discarded because of: ${refusal.text}`)
    }
    this.#transaction.isBroken = true
    return refusal
  }

  #run(name: string, args: readonly Buffer[]): ServerReply {
    let reply: ServerReply
    try {
      reply = Store.knows(name) ? this.#model.store.execute(args, this.#database) : this.#runOwn(name, args)
    } catch (cause) {
      if (!(cause instanceof ArgumentError)) throw cause
      reply = cause.reply
    }
    this.#onExecuted(args, reply)
    return reply
  }

  #runOwn(name: string, args: readonly Buffer[]): ServerReply {
    switch (name) {
      case 'HELLO':
        return this.#hello(args)
      case 'AUTH':
        return this.#auth(args)
      case 'SELECT':
        return this.#select(at(args, 1))
      case 'CLIENT':
        return client(this.#client, this.#model, args)
      case 'MULTI':
        if (this.#transaction !== undefined) return error('ERR MULTI calls can not be nested')
        this.#transaction = { commands: [], isBroken: false }
        return ok
      case 'EXEC':
        return this.#exec()
      case 'DISCARD':
        if (this.#transaction === undefined) return error('ERR DISCARD without MULTI')
        this.#endTransaction()
        return ok
      case 'WATCH':
        if (this.#transaction !== undefined) return error('ERR WATCH inside MULTI is not allowed')
        for (const key of args.slice(1)) this.#watches.add(this.#database, keyOf(key))
        return ok
      case 'UNWATCH':
        this.#watches.clear()
        return ok
      case 'MONITOR':
        this.#model.monitors.add(this)
        return ok
      case 'QUIT':
        this.#isClosed = true
        return ok
      case 'RESET':
        return this.#reset()
      case 'PING':
        return this.#ping(args)
      case 'ECHO':
        return bulk(at(args, 1))
      case 'INFO':
        return info(this.#model)
      case 'CONFIG':
        return config(this.#model, args)
      case 'TIME':
        return time(this.#model.now())
      case 'COMMAND':
        return command(args, Object.keys(sessionCommands).length + Store.count)
      case 'PUBLISH':
        return integer(this.#model.broadcasts.publish(at(args, 1), at(args, 2)))
      case 'SPUBLISH':
        return integer(this.#model.broadcasts.publishToShard(at(args, 1), at(args, 2)))
      case 'BLPOP':
      case 'BRPOP':
      case 'BLMOVE': {
        // Within a transaction nothing waits.
        const command = blockingCommands[name] as BlockingCommand
        return command.take(this.#model.store, this.#database, args) ?? command.none
      }
      default:
        throw new Error(`${name} is in the table of session commands and has no code`)
    }
  }

  #hello(args: readonly Buffer[]): ServerReply {
    const version = args[1] === undefined ? String(this.#protocol) : keyOf(args[1])
    if (!/^-?\d+$/.test(version)) return error('ERR Protocol version is not an integer or out of range')
    if (version !== '2' && version !== '3') return error('NOPROTO unsupported protocol version')
    let name: string | undefined
    for (let i = 2; i < args.length; i += 1) {
      const option = wordOf(at(args, i))
      if (option === 'AUTH' && args.length > i + 2) {
        const answer = this.#authenticate(keyOf(at(args, i + 1)), keyOf(at(args, i + 2)))
        if (answer.type === 'error') return answer
        i += 2
      } else if (option === 'SETNAME' && args.length > i + 1) {
        name = keyOf(at(args, i + 1))
        if (!isPrintable(name)) return setName(this.#client, name)
        i += 1
      } else {
        return error(`ERR Syntax error in HELLO option '${keyOf(at(args, i)).replace(/[\r\n]/g, ' ')}'`)
      }
    }
    if (!this.#isAuthenticated) {
      return error(
        'NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> ' +
          'option can be used to authenticate the client and select the RESP protocol version at the same time',
      )
    }
    this.#client.name = name ?? this.#client.name
    this.#protocol = version === '3' ? 3 : 2
    return map([
      [bulk('server'), bulk('redis')],
      [bulk('version'), bulk(serverVersion)],
      [bulk('proto'), integer(this.#protocol)],
      [bulk('id'), integer(this.id)],
      [bulk('mode'), bulk('standalone')],
      [bulk('role'), bulk(this.#model.isReadonly ? 'replica' : 'master')],
      [bulk('modules'), array([])],
    ])
  }

  #auth(args: readonly Buffer[]): ServerReply {
    if (args.length > 3) return errors.syntax
    if (args.length === 3) return this.#authenticate(keyOf(at(args, 1)), keyOf(at(args, 2)))
    if (!this.#model.users.has('default')) {
      return error(
        'ERR AUTH <password> called without any password configured for the default user. ' +
          'Are you sure your configuration is correct?',
      )
    }
    return this.#authenticate('default', keyOf(at(args, 1)))
  }

  #authenticate(user: string, password: string): ServerReply {
    const { users } = this.#model
    // Where nobody is asked, the user `default` is let in with any password, as by real servers.
    const isOpen = users.size === 0 && user === 'default'
    const expected = users.get(user)
    if (!isOpen && (expected === undefined || expected !== Buffer.from(password, 'latin1').toString())) {
      return error('WRONGPASS invalid username-password pair or user is disabled.')
    }
    this.#isAuthenticated = true
    return ok
  }

  #select(number: Buffer): ServerReply {
    const database = indexOf(number)
    if (database < 0 || database >= this.#model.store.size) return error('ERR DB index is out of range')
    this.#database = database
    return ok
  }

  #ping(args: readonly Buffer[]): ServerReply {
    const isListener = this.#protocol === 2 && this.#model.broadcasts.countOf(this) > 0
    return isListener ? array([bulk('pong'), bulk(args[1] ?? '')]) : ping(args)
  }

  #exec(): ServerReply {
    const transaction = this.#transaction
    if (transaction === undefined) return error('ERR EXEC without MULTI')
    const isStale = this.#watches.isBroken
    this.#endTransaction()
    if (transaction.isBroken) return error('EXECABORT Transaction discarded because of previous errors.')
    if (isStale) return noArray
    return array(transaction.commands.map((args) => this.#run(wordOf(at(args, 0)), args)))
  }

  #endTransaction(): void {
    this.#transaction = undefined
    this.#watches.clear()
  }

  #reset(): ServerReply {
    this.#endTransaction()
    this.#protocol = 2
    this.#database = 0
    this.#client.name = ''
    this.#model.broadcasts.forget(this)
    this.#model.monitors.forget(this)
    this.#isAuthenticated = this.#model.users.size === 0
    return simple('RESET')
  }
}

/** What a RESP2 connection may do that listens to something. */
const mayRunSubscribed: ReadonlySet<string> = new Set([...Object.keys(subscriptionVerbs), 'PING', 'QUIT', 'RESET'])
