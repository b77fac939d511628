import { HandshakeError, type HandshakeStep, type RespiteError } from '../../errors.js'
import { withoutArguments } from '../../protocol/quoted-arguments.js'
import { type Argument, ErrorReply, type Reply } from '../../protocol/types.js'
import { Identity, type Question, questions } from '../fence/identity.js'
import { saysNotNow } from '../request/passing-refusals.js'
import { connectError } from './connect-failure.js'

/** The settings that the handshake applies before the first command. */
export interface HandshakeSettings {
  readonly protocol: 2 | 3
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
  readonly clientName: string | undefined
  /** Whether a server that is not a master is refused. */
  readonly wantsMaster: boolean
  /**
   * What to ask about the connection and its server. If this list is not empty, the ID of the connection is asked for
   * too.
   */
  readonly questions: readonly Question[]
  /** The values for CLIENT SETINFO. If undefined, it is not sent. */
  readonly library: { readonly name: string; readonly version: string } | undefined
}

/** One command of the handshake. */
export interface Step {
  readonly name: HandshakeStep
  readonly args: readonly Argument[]
}

/** State of the handshake after a reply. */
export type Progress =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'more'; readonly steps: readonly Step[] }
  | { readonly kind: 'done'; readonly protocol: 2 | 3 }
  | { readonly kind: 'failed'; readonly error: RespiteError }

const waiting: Progress = { kind: 'waiting' }

/**
 * Sets up a connection: HELLO 3 with AUTH and SETNAME, SELECT, CLIENT SETINFO, CLIENT INFO and INFO in one round trip.
 * A server without RESP3 gets AUTH, CLIENT SETNAME and CLIENT ID instead of HELLO in a second one, and PING if there is
 * nothing else to send. It does no I/O itself: it receives replies, and returns steps or a result.
 *
 * Server documentation: HELLO, AUTH, SELECT, CLIENT SETNAME, CLIENT ID, CLIENT SETINFO, CLIENT INFO, INFO, PING.
 */
export class Handshake {
  readonly #settings: HandshakeSettings
  readonly #owed: Step[] = []
  #protocol: 2 | 3
  #fallBack = false
  /** The server's refusal of HELLO, if RESP2 was tried after it. */
  refusal: string | undefined
  /** What the server has reported about the connection and itself. */
  readonly identity: Identity

  constructor(settings: HandshakeSettings) {
    this.#settings = settings
    this.#protocol = settings.protocol
    this.identity = new Identity(settings.username ?? '')
  }

  /** The step whose reply comes next. */
  get awaited(): HandshakeStep | undefined {
    return this.#owed[0]?.name
  }

  /** The first steps, sent in one write. */
  begin(): readonly Step[] {
    return this.#send(this.#protocol === 3 ? [this.#hello()] : this.#resp2())
  }

  /** Accepts the reply to the oldest pending step. There must be one. */
  receive(reply: Reply): Progress {
    const step = this.#owed.shift() as Step // see `awaited`
    const { name } = step
    if (reply instanceof ErrorReply) {
      const { message } = reply
      const needsPassword = message.startsWith('NOAUTH')
      // Some proxies answer NOAUTH even to a HELLO that has the password, and accept it in AUTH.
      if (name === 'HELLO' && (needsPassword ? this.#settings.password !== undefined : !refusesClient(message))) {
        this.#fallBack = true
        this.refusal = `refused HELLO: ${withoutArguments(message, step.args)}`
      }
      // After NOAUTH, the server would refuse every command.
      else if (!this.#fallBack && (needsPassword || !dispensable.has(name))) return refusal(step, message)
    }
    if (this.#fallBack) {
      // Steps after a refused HELLO ran without it. Their replies say nothing about the user, and they are sent again.
      if (this.#owed.length > 0) return waiting
      this.#fallBack = false
      this.#protocol = 2
      return { kind: 'more', steps: this.#send(this.#resp2()) }
    }
    // This can't be the reply to HELLO. If the client continued, every later reply would be taken for the reply to the
    // wrong command.
    if (name === 'HELLO' && !isMap(reply)) return failsNow('the reply to HELLO is not a map')
    const role = this.#settings.wantsMaster ? roleOf(name, reply) : 'master'
    // Sentinels may report a server that has been demoted, or that is not promoted yet.
    if (role !== 'master') return failsNow(`the server is not a master: its role is ${role}`)
    if (name === 'HELLO' || name === 'ID') this.identity.id = serverIdOf(reply)
    else if (name === 'CLIENT INFO' || name === 'INFO') this.identity.take(name, reply)
    return this.#owed.length > 0 ? waiting : { kind: 'done', protocol: this.#protocol }
  }

  /** Adds the steps that both versions have. No step is owed yet. */
  #send(first: readonly Step[]): readonly Step[] {
    const { database, library, questions: asked } = this.#settings
    const all: Step[] = [...first]
    if (database !== 0) all.push({ name: 'SELECT', args: ['SELECT', database] })
    if (library !== undefined) {
      all.push(
        { name: 'SETINFO', args: ['CLIENT', 'SETINFO', 'LIB-NAME', library.name] },
        { name: 'SETINFO', args: ['CLIENT', 'SETINFO', 'LIB-VER', library.version] },
      )
    }
    for (const name of asked) all.push({ name, args: questions[name] })
    // The first reply shows that this is such a server, so there must be one.
    if (all.length === 0) all.push({ name: 'PING', args: ['PING'] })
    this.#owed.push(...all)
    return all
  }

  #hello(): Step {
    const { username, password, clientName } = this.#settings
    const args: Argument[] = ['HELLO', '3']
    if (password !== undefined) args.push('AUTH', username ?? 'default', password)
    if (clientName !== undefined) args.push('SETNAME', clientName)
    return { name: 'HELLO', args }
  }

  #resp2(): Step[] {
    const { username, password, clientName } = this.#settings
    const steps: Step[] = []
    if (password !== undefined) {
      steps.push({ name: 'AUTH', args: username === undefined ? ['AUTH', password] : ['AUTH', username, password] })
    }
    if (clientName !== undefined) steps.push({ name: 'SETNAME', args: ['CLIENT', 'SETNAME', clientName] })
    if (this.#settings.wantsMaster) steps.push({ name: 'ROLE', args: ['ROLE'] })
    if (this.#settings.questions.length > 0) steps.push({ name: 'ID', args: ['CLIENT', 'ID'] })
    return steps
  }
}

/** Steps that may fail, unless a password is required. */
const dispensable: ReadonlySet<HandshakeStep> = new Set<HandshakeStep>(['SETINFO', 'ID', 'CLIENT INFO', 'INFO', 'PING'])

/** The ID in a reply to HELLO (a map) or CLIENT ID. */
function serverIdOf(reply: Reply): number | undefined {
  const id = (reply as { readonly id?: Reply } | null)?.id ?? reply // only null has no members
  return typeof id === 'number' ? id : undefined
}

/** The role in a reply to HELLO (a map) or ROLE (a list). No other reply says that it is not `master`. */
function roleOf(step: HandshakeStep, reply: Reply): string {
  if (step === 'HELLO') return String((reply as Readonly<Record<string, Reply>>).role)
  return step === 'ROLE' ? String([reply].flat()[0]) : 'master'
}

/**
 * Whether a refusal of HELLO, other than NOAUTH, is about the client: its credentials, its address, or the load of the
 * server. Any other refusal means that HELLO, or version 3, is not known. Redis before version 6 and proxies have
 * different error texts for that.
 */
function refusesClient(message: string): boolean {
  return /^(WRONGPASS|DENIED) /.test(message) || passes(message)
}

/** Whether another attempt may succeed. A full server uses the general prefix ERR. */
function passes(message: string): boolean {
  return saysNotNow(message) || /^ERR max number of clients/i.test(message)
}

function refusal({ name, args }: Step, message: string): Progress {
  const text = `the server refused ${name}: ${withoutArguments(message, args.slice(1))}`
  if (passes(message)) return failsNow(text)
  return { kind: 'failed', error: new HandshakeError(text, { fate: 'not-executed', step: name }) }
}

/** The attempt has failed, but another one may succeed. */
const failsNow = (why: string): Progress => ({ kind: 'failed', error: connectError(why) })

/** HELLO returns a map. */
const isMap = (reply: Reply): boolean => typeof reply === 'object' && reply !== null && !Array.isArray(reply)
