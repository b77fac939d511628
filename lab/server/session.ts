import { command, config, info, ping, serverVersion, time, unknownSubcommand } from './about.js'
import { ArgumentError, at, indexOf, keyOf, wordOf } from './arguments.js'
import type { OnExecuted, ServerModel } from './model.js'
import { array, bulk, error, errors, integer, map, noArray, nothing, ok, type ServerReply, simple } from './reply.js'
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
  #name = ''
  #transaction: Transaction | undefined
  #isClosed = false

  constructor(id: number, model: ServerModel, onExecuted: OnExecuted) {
    this.id = id
    this.#model = model
    this.#onExecuted = onExecuted
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

  /** Runs the requests that are complete with these bytes. @returns their replies, one Buffer each */
  receive(chunk: Uint8Array): Buffer[] {
    const replies: Buffer[] = []
    if (this.#isClosed) return replies
    try {
      this.#parser.feed(chunk, (args) => {
        if (this.#isClosed) return
        const reply = this.#answer(args)
        // After the answer: HELLO is answered in the version that it asked for.
        replies.push(writeReply(reply, this.#protocol))
      })
    } catch (cause) {
      if (!(cause instanceof RequestError)) throw cause
      this.#isClosed = true
      replies.push(writeReply(error(cause.message), this.#protocol))
    }
    return replies
  }

  #answer(args: Buffer[]): ServerReply {
    const name = wordOf(at(args, 0))
    const command = sessionCommands[name]
    const refusal = this.#refuses(name, args, command)
    if (refusal !== undefined) return this.#refuse(name, refusal)
    if (this.#transaction !== undefined && command?.inTransaction !== 'runs') {
      this.#transaction.commands.push(args)
      return simple('QUEUED')
    }
    return this.#run(name, args)
  }

  /** In the order in which real servers ask. */
  #refuses(name: string, args: readonly Buffer[], command: SessionCommand | undefined): ServerReply | undefined {
    const malformed = refusalOf(name, args, command?.arity ?? Store.arityOf(name))
    if (malformed !== undefined) return malformed
    if (!this.#isAuthenticated && command?.runsUnauthenticated !== true) return error('NOAUTH Authentication required.')
    if (this.#transaction !== undefined && command?.inTransaction === 'is refused') {
      return error('ERR Command not allowed inside a transaction')
    }
    // An EXEC is what its commands are.
    const names = name === 'EXEC' ? (this.#transaction?.commands ?? []).map((queued) => wordOf(at(queued, 0))) : [name]
    if (this.#model.isReadonly && names.some(Store.writes)) {
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
        return this.#client(args)
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
      case 'QUIT':
        this.#isClosed = true
        return ok
      case 'RESET':
        return this.#reset()
      case 'PING':
        return ping(args)
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
        // Nobody can subscribe here: each message has no receiver.
        return integer(0)
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
        if (!isPrintable(name)) return unprintableName
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
    this.#name = name ?? this.#name
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

  #client(args: readonly Buffer[]): ServerReply {
    const subcommand = wordOf(at(args, 1))
    const arity = { ID: 2, GETNAME: 2, SETNAME: 3, SETINFO: 4 }[subcommand]
    if (arity === undefined) return unknownSubcommand('CLIENT', at(args, 1))
    if (args.length !== arity) return errors.arity(`client|${subcommand}`)
    if (subcommand === 'ID') return integer(this.id)
    if (subcommand === 'GETNAME') return this.#name === '' ? nothing : bulk(Buffer.from(this.#name, 'latin1'))
    if (subcommand === 'SETINFO') {
      const attribute = keyOf(at(args, 2))
      return /^lib-(name|ver)$/i.test(attribute) ? ok : error('ERR Unrecognized option for CLIENT SETINFO')
    }
    const name = keyOf(at(args, 2))
    if (!isPrintable(name)) return unprintableName
    this.#name = name
    return ok
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
    this.#name = ''
    this.#isAuthenticated = this.#model.users.size === 0
    return simple('RESET')
  }
}

const unprintableName = error('ERR Client names cannot contain spaces, newlines or special characters.')

const isPrintable = (name: string): boolean => /^[!-~]*$/.test(name)
