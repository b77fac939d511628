import { command, config, helloReply, info, ping, role, time, unknownSubcommand } from './about.js'
import { ArgumentError, at, indexOf, keyOf, wordOf } from './arguments.js'
import { auth, authenticate, helloOptions, helloUnauthenticated } from './authentication.js'
import { type BlockingCommand, blockingCommands } from './blocking.js'
import { type ClientState, client, isPrintable, setName } from './client-command.js'
import type { Connection } from './connections.js'
import type { Killer, OnExecuted, OnRefused, Peer, ServerModel } from './model.js'
import { refusalByPermissions } from './permissions.js'
import { subscriptionVerbs } from './pubsub.js'
import { array, bulk, error, integer, noArray, ok, type ServerReply, simple } from './reply.js'
import { type ProtocolVersion, writeReply } from './reply-writer.js'
import { RequestError, RequestParser } from './request-parser.js'
import { scan } from './scanning.js'
import { noScript, script } from './scripts.js'
import { type SessionCommand, sessionCommands } from './session-commands.js'
import { refusalOf, Store } from './store.js'
import { Watches } from './watches.js'

interface Transaction {
  readonly commands: Buffer[][]
  /** A command could not be queued: EXEC will run none. */
  isBroken: boolean
}

/** Who is told about the commands of a connection. */
interface SessionListeners {
  readonly onExecuted: OnExecuted
  readonly onRefused: OnRefused
  readonly send: (bytes: Buffer) => void
}

/** The addresses of a connection, and who is told when the server closes it. */
type KnownPeer = Required<Peer>

/** The server's side of one connection, without a socket: bytes in, bytes out. Created by `ServerModel.connect`. */
export class ServerSession implements Connection {
  readonly id: number
  readonly localAddress: string
  #address: string
  /** The address of the peer, once the server has looked it up. */
  #isAddressKnown = false
  readonly #onKilled: (by: Killer) => void
  #bytesIn = 0
  #bytesOut = 0
  #commands = 0
  #isGone = false
  readonly #model: ServerModel
  readonly #onExecuted: OnExecuted
  readonly #onRefused: OnRefused
  readonly #parser = new RequestParser()
  readonly #watches: Watches
  #protocol: ProtocolVersion = 2
  #database = 0
  #isAuthenticated: boolean
  readonly #client: ClientState
  #transaction: Transaction | undefined
  #isClosed = false
  #isCut = false
  #isAsking = false
  /** READONLY was sent: in a cluster, a replica answers reads of its master's keys. */
  #mayReadCopies = false
  #hasFailedToAuthenticate = false
  #protocolError: string | undefined
  /** A blocking command waits: requests that arrive meanwhile are kept. */
  #isWaiting = false
  readonly #kept: Buffer[][] = []
  readonly #send: (bytes: Buffer) => void
  /** What is sent while bytes are being processed, in order. */
  #said: Buffer[] | undefined

  constructor(id: number, model: ServerModel, { onExecuted, onRefused, send }: SessionListeners, peer: KnownPeer) {
    this.id = id
    this.#address = peer.address
    this.localAddress = peer.localAddress
    this.#onKilled = peer.onKilled
    this.#client = { id, name: '', replies: 'on', describe: () => this.describe() }
    this.#send = send
    this.#onRefused = onRefused
    this.#model = model
    this.#onExecuted = (args, reply) => {
      this.#commands += 1
      onExecuted(args, reply)
      model.monitors.show(model.now(), this.#database, id, args)
    }
    this.#watches = new Watches(model.store)
    this.#isAuthenticated = model.users.size === 0
    model.connections.add(this)
  }

  /** Looked up when it is first needed: it is unknown if the peer is gone by then. */
  get address(): string {
    this.#isAddressKnown = true
    return this.#address
  }

  /** A line of CLIENT LIST, with the fields in the order of real servers. */
  describe(): string {
    const name = this.#client.name
    const flags = `${this.#isWaiting ? 'b' : ''}${this.#transaction === undefined ? '' : 'x'}` || 'N'
    const queued = this.#transaction?.commands.length ?? -1
    const totals = ` tot-net-in=${this.#bytesIn} tot-net-out=${this.#bytesOut} tot-cmds=${this.#commands}`
    return (
      `id=${this.id} addr=${this.address} laddr=${this.localAddress} fd=8 name=${name} age=0 idle=0 flags=${flags} ` +
      `db=${this.#database} sub=0 psub=0 ssub=0 multi=${queued} watch=0 qbuf=0 user=default resp=${this.#protocol}` +
      (this.#model.countsTraffic ? totals : '')
    )
  }

  /** The server closes the connection. */
  kill(by: Killer): void {
    if (this.#isGone) return
    this.disconnect()
    this.#onKilled(by)
  }

  /** The peer has ended the connection. The server still processes what arrived before. */
  peerHasGone(): void {
    if (!this.#isAddressKnown) this.#address = '?:0'
  }

  /** The connection must be closed after its replies are sent: QUIT, or an invalid request. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The server closed the connection without a reply: an incomplete request exceeded the limit. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** Whether a blocking command waits, such as BLPOP. */
  get isWaiting(): boolean {
    return this.#isWaiting
  }

  /** Whether CLIENT REPLY has turned off replies. Then errors are not sent either, not even to CLIENT REPLY ON (BUSY). */
  get isSilent(): boolean {
    return this.#client.replies === 'off'
  }

  /** Why received bytes were invalid; undefined if they were not. */
  get protocolError(): string | undefined {
    return this.#protocolError
  }

  get protocol(): ProtocolVersion {
    return this.#protocol
  }

  /** Runs the requests that these bytes complete. @returns the replies, and what else is sent meanwhile */
  receive(chunk: Uint8Array): Buffer[] {
    const said: Buffer[] = []
    if (this.#isClosed) return said
    this.#bytesIn += chunk.length
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
      this.#protocolError = cause.message
      this.tell(error(cause.message))
    }
    if (this.#parser.unfinishedBytes > this.#model.queryBufferLimit) {
      this.#isClosed = true
      this.#isCut = true
    }
    this.#said = undefined
    return said
  }

  /** The connection is closed, by either side: it waits for nothing, and has no subscriptions. */
  disconnect(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#isClosed = true
    this.#model.connections.remove(this)
    this.#model.waitingRoom.leave(this.id)
    this.#model.broadcasts.forget(this)
    this.#model.monitors.forget(this)
  }

  /** Sends something to the client. */
  tell(reply: ServerReply): void {
    // In the current version: HELLO gets its reply in the version that it sets.
    const bytes = writeReply(reply, this.#protocol)
    this.#bytesOut += bytes.length
    if (this.#said === undefined) this.#send(bytes)
    else this.#said.push(bytes)
  }

  #handle(args: Buffer[]): void {
    this.#hasFailedToAuthenticate = false
    if (this.#client.replies === 'skip-next') this.#client.replies = 'skip'
    const reply = this.#answer(args)
    const isDropped = this.#model.dropsAuthErrors && this.#hasFailedToAuthenticate && (this.#said?.length ?? 0) > 0
    if (reply !== undefined && !isDropped) this.#reply(reply)
    this.#model.waitingRoom.serve()
  }

  /** Replies to a command, unless CLIENT REPLY suppresses that. */
  #reply(reply: ServerReply): void {
    if (this.#client.replies === 'on') this.tell(reply)
    else if (this.#client.replies === 'skip') this.#client.replies = 'on'
  }

  #answer(args: Buffer[]): ServerReply | undefined {
    const name = wordOf(at(args, 0))
    const command = name === 'SENTINEL' && this.#model.sentinel === undefined ? undefined : sessionCommands[name]
    const refusal = this.#refuses(name, args, command)
    // It holds for one command, or one transaction.
    const isWithin = name === 'MULTI' || (this.#transaction !== undefined && name !== 'EXEC')
    this.#isAsking = name === 'ASKING' || (this.#isAsking && isWithin)
    if (refusal !== undefined) return this.#refuse(name, args, refusal)
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

  /** Takes an element at once, or waits for one; there is no reply until then. */
  #block(name: string, args: readonly Buffer[]): ServerReply | undefined {
    const command = blockingCommands[name] as BlockingCommand
    const database = this.#database
    const { store } = this.#model
    let hasTaken = false
    let begun = args
    const attempt = (): ServerReply | undefined => {
      const reply = command.take(store, database, begun)
      hasTaken = reply !== undefined
      if (reply !== undefined) this.#onExecuted(args, reply)
      return reply
    }
    try {
      const wait = command.wait(args)
      begun = command.begin?.(store, database, args) ?? args
      const reply = attempt()
      if (reply !== undefined) return reply
      if (wait === undefined) {
        this.#onExecuted(args, command.none)
        return command.none
      }
      this.#isWaiting = true
      this.#model.waitingRoom.enter({
        id: this.id,
        until: this.#model.now() + wait,
        // What it would have replied at once.
        none: noArray,
        attempt,
        misplaced: () => this.#model.cluster?.endsWait(args),
        deliver: (late) => {
          // A wait without a result counts as a command when it ends.
          if (!hasTaken) this.#commands += 1
          this.#wake(late)
        },
      })
      return undefined
    } catch (cause) {
      if (!(cause instanceof ArgumentError)) throw cause
      return cause.reply
    }
  }

  #wake(reply: ServerReply): void {
    this.#isWaiting = false
    this.#reply(reply)
    while (!this.#isWaiting && !this.#isClosed) {
      const args = this.#kept.shift()
      if (args === undefined) return
      this.#handle(args)
    }
  }

  /** The checks are in the order of real servers. */
  #refuses(name: string, args: readonly Buffer[], command: SessionCommand | undefined): ServerReply | undefined {
    const malformed = refusalOf(name, args, command?.arity ?? Store.arityOf(name))
    if (malformed !== undefined) return malformed
    if (!this.#isAuthenticated && command?.runsUnauthenticated !== true) return error('NOAUTH Authentication required.')
    const forbidden = refusalByPermissions(this.#model.denied, name, args[1])
    if (forbidden !== undefined) return forbidden
    if (this.#transaction !== undefined && command?.inTransaction === 'is refused') {
      return error('ERR Command not allowed inside a transaction')
    }
    if (this.#protocol === 2 && !mayRunSubscribed.has(name) && this.#model.broadcasts.countOf(this) > 0) {
      return error(
        `ERR Can't execute '${name.toLowerCase()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`,
      )
    }
    // An EXEC has the properties of its commands.
    const commands = name === 'EXEC' ? (this.#transaction?.commands ?? []) : [args]
    const names = commands.map((each) => wordOf(at(each, 0)))
    const isWrite = names.some((each) => Store.writes(each) || sessionCommands[each]?.writes === true)
    const misplaced = this.#model.cluster?.refuses(commands, this.#isAsking, this.#mayReadCopies && !isWrite)
    if (misplaced !== undefined) return misplaced
    if (this.#model.isBusy && command?.runsWhileBusy !== true) return busy
    if (this.#model.isReadonly && isWrite) return readonly
    if (this.#model.isLoading && names.some((queued) => sessionCommands[queued]?.runsWhileLoading !== true)) {
      return error('LOADING Redis is loading the dataset in memory')
    }
    if (name.startsWith('EVALSHA') && this.#transaction === undefined && !this.#model.scripts.has(keyOf(at(args, 1)))) {
      // It counts as a command that failed while it ran.
      this.#commands += 1
      return noScript
    }
    if (name === 'EXEC' && this.#transaction !== undefined && this.#model.busyExecs > 0) {
      this.#model.busyExecs -= 1
      return busy
    }
    return undefined
  }

  #refuse(name: string, args: readonly Buffer[], refusal: ServerReply): ServerReply {
    const transaction = this.#transaction
    for (const each of name === 'EXEC' ? (transaction?.commands ?? []) : [args]) this.#onRefused(each, refusal)
    if (name === 'EXEC' && refusal.type === 'error') {
      if (this.#model.leavesTransactionsOpen) return refusal
      this.#endTransaction()
      // A cluster answers an EXEC that belongs elsewhere by itself.
      if (/^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN|CROSSSLOT) /.test(refusal.text)) return refusal
      // Also outside of a transaction, if the user may not run it.
      return error(`EXECABORT Transaction discarded because of: ${refusal.text}`)
    }
    if (transaction !== undefined) transaction.isBroken = true
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
        return this.#admit(auth(this.#model.users, args))
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
      case 'ASKING':
        return this.#model.cluster === undefined ? noCluster : ok
      case 'READONLY':
      case 'READWRITE':
        if (this.#model.cluster === undefined) return noCluster
        this.#mayReadCopies = name === 'READONLY'
        return ok
      case 'CLUSTER':
        return this.#model.cluster?.run(args) ?? noCluster
      case 'PING':
        return this.#ping(args)
      case 'ECHO':
        return bulk(at(args, 1))
      case 'INFO':
        return info(this.#model, args)
      case 'ROLE':
        return role(this.#model)
      case 'SENTINEL':
        return this.#model.sentinel?.(args) ?? error('ERR this is no sentinel')
      case 'CONFIG':
        return config(this.#model, args)
      case 'TIME':
        return time(this.#model.now())
      case 'COMMAND':
        return command(args, Object.keys(sessionCommands).length + Store.count)
      case 'EVAL':
      case 'EVALSHA':
      case 'EVAL_RO':
      case 'EVALSHA_RO':
        return this.#model.scripts.run(
          name,
          args,
          (call) => this.#runInScript(call),
          (call) => {
            const refusal = this.#refusesInScript(call)
            if (refusal !== undefined) this.#onRefused(args, refusal)
            return refusal ?? this.#model.store.execute(call, this.#database)
          },
        )
      case 'SCRIPT': {
        const subcommand = at(args, 1)
        return script(this.#model.scripts, wordOf(subcommand), args) ?? unknownSubcommand('SCRIPT', subcommand)
      }
      case 'PUBLISH':
        return integer(this.#model.broadcasts.publish(at(args, 1), at(args, 2)))
      case 'SPUBLISH':
        return integer(this.#model.broadcasts.publishToShard(at(args, 1), at(args, 2)))
      case 'SCAN':
      case 'HSCAN':
      case 'SSCAN':
      case 'ZSCAN':
        return scan(name, args, this.#model.store.database(this.#database), this.#model.runId)
      case 'BLPOP':
      case 'BRPOP':
      case 'BLMOVE': {
        // Within a transaction, no command waits.
        const command = blockingCommands[name] as BlockingCommand
        return command.take(this.#model.store, this.#database, args) ?? command.none
      }
      default:
        throw new Error(`${name} is in the table of session commands and has no code`)
    }
  }

  #runInScript(args: readonly Buffer[]): ServerReply {
    return this.#refusesInScript(args) ?? this.#run(wordOf(at(args, 0)), args)
  }

  #refusesInScript(args: readonly Buffer[]): ServerReply | undefined {
    const name = wordOf(at(args, 0))
    const { denied, isReadonly } = this.#model
    const refusal = refusalOf(name, args, Store.arityOf(name)) ?? refusalByPermissions(denied, name, undefined)
    return refusal ?? (isReadonly && Store.writes(name) ? readonly : undefined)
  }

  #hello(args: readonly Buffer[]): ServerReply {
    const options = helloOptions(args)
    if ('type' in options) return options
    const { version, user, clientName } = options
    if (user !== undefined) {
      const answer = this.#admit(authenticate(this.#model.users, user.name, user.password))
      if (answer.type === 'error') return answer
    }
    if (clientName !== undefined && !isPrintable(clientName)) return setName(this.#client, clientName)
    if (!this.#isAuthenticated) return helloUnauthenticated
    this.#client.name = clientName ?? this.#client.name
    if (version !== undefined) this.#protocol = version === '3' ? 3 : 2
    return helloReply(this.#model, this.id, this.#protocol)
  }

  #admit(answer: ServerReply): ServerReply {
    if (answer === ok) this.#isAuthenticated = true
    else if (answer.type === 'error' && answer.text.startsWith('WRONGPASS')) this.#hasFailedToAuthenticate = true
    return answer
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
    if (transaction.isBroken) for (const args of transaction.commands) this.#onRefused(args, discarded)
    if (transaction.isBroken) return discarded
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
    this.#client.replies = 'on'
    this.#mayReadCopies = false
    this.#model.broadcasts.forget(this)
    this.#model.monitors.forget(this)
    this.#isAuthenticated = this.#model.users.size === 0
    return simple('RESET')
  }
}

const noCluster = error('ERR This instance has cluster support disabled')

const readonly = error("READONLY You can't write against a read only replica.")
const busy = error('BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.')
const discarded = error('EXECABORT Transaction discarded because of previous errors.')

/** Commands that a RESP2 connection with subscriptions may run. */
const mayRunSubscribed: ReadonlySet<string> = new Set([...Object.keys(subscriptionVerbs), 'PING', 'QUIT', 'RESET'])
