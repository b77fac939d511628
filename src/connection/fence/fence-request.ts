import { Buffer } from '../../protocol/buffer.js'
import type { Encoder } from '../../protocol/encoder.js'
import { type Argument, ErrorReply, type Reply } from '../../protocol/types.js'
import { OwnRequest } from '../request/own-request.js'
import type { Refusal } from '../request/request.js'
import type { Fence } from './fence.js'
import { type Identity, isPassing, lineOf, type Question, questions } from './identity.js'
import type { UnfencedConnection } from './unfenced-connection.js'

const again: Refusal = { retry: 'later', mayHaveRun: false }
const further: Refusal = { retry: 'now', mayHaveRun: false }

/** Commands that were sent together, and the function that handles their replies. */
interface Asked {
  readonly commands: readonly (readonly Argument[])[]
  /** @returns whether to ask again later */
  take(replies: readonly Reply[]): boolean
}

/**
 * Fences all lost connections that can be fenced over the current connection. First, it repeats the questions that were
 * not answered during the handshake of the current connection. Then it makes the server close the lost connections. If
 * the server refuses this request temporarily, it is sent again before any other request.
 */
export class FenceRequest extends OwnRequest {
  readonly #fence: Fence
  readonly #current: () => Identity | undefined
  #asked: Asked[] = []
  #replies: Reply[] = []
  /** Whether EXEC was refused and left its transaction open. In that case, the connection can't be used any more. */
  isInTransaction = false
  /** Whether some of several kills or questions were refused temporarily, and must be sent again. */
  isIncomplete = false
  readonly #mustWait: boolean

  /**
   * @param current returns the identity of the connection on which this request is sent
   * @param mustWait whether no other request may be sent before this one is answered
   * @param onOver called once, when nothing more can be done
   */
  constructor(fence: Fence, current: () => Identity | undefined, mustWait: boolean, onOver: () => void) {
    super(
      () => onOver(),
      // The connection of this request was lost. A new fence request is created for the next connection.
      () => {},
    )
    this.#fence = fence
    this.#current = current
    this.#mustWait = mustWait
  }

  override get asksFurther(): boolean {
    // If this request is sent alone, its reply may make further kills possible, and they are sent next. Otherwise, this
    // request is written together with the requests after it.
    return this.#mustWait
  }

  override get name(): string {
    return 'CLIENT KILL'
  }

  override get isSentAlone(): boolean {
    return this.#mustWait
  }

  override get replyCount(): number {
    return this.#asked.reduce((sum, { commands }) => sum + commands.length, 0)
  }

  override encode(encoder: Encoder): void {
    this.#replies = []
    const current = this.#current()
    this.#asked = current === undefined ? [] : [...this.#plan(current)]
    for (const { commands } of this.#asked) for (const command of commands) encoder.appendChecked(command)
  }

  override collect(reply: Reply): void {
    this.#replies.push(reply)
  }

  override refusedForNow(reply: ErrorReply): Refusal | undefined {
    return this.continueAfter(reply)
  }

  override continueAfter(last: Reply): Refusal | undefined {
    const isAgain = this.#take(last)
    if (this.isInTransaction) return undefined
    if (isAgain) return again
    const current = this.#current()
    // Some kills may have become possible, now that the server has reported the identity of the current connection.
    return current !== undefined && this.#fence.possible(current).length > 0 ? further : undefined
  }

  override conclude(last: Reply): void {
    this.isIncomplete = this.#take(last)
  }

  /** @returns whether to ask again later */
  #take(last: Reply): boolean {
    const replies = [...this.#replies, last]
    let isAgain = false
    for (const { commands, take } of this.#asked.splice(0)) {
      isAgain = take(replies.splice(0, commands.length)) || isAgain
    }
    return isAgain
  }

  *#plan(current: Identity): Generator<Asked> {
    for (const question of current.unanswered) yield this.#question(question, current)
    for (const unfenced of this.#fence.possible(current)) yield this.#kill(unfenced, current)
    if (current.unanswered.size > 0) return
    for (const unfenced of this.#fence.unfenced) if (unfenced.askedOn !== current) unfenced.release()
  }

  #question(question: Question, current: Identity): Asked {
    return {
      commands: [questions[question]],
      take: ([reply]) => {
        current.take(question, reply as Reply)
        this.#fence.note(current)
        return current.unanswered.has(question)
      },
    }
  }

  #kill(unfenced: UnfencedConnection, current: Identity): Asked {
    const fence = this.#fence
    const { id, address, countsBytes } = unfenced.identity
    const kill: readonly Argument[] = ['CLIENT', 'KILL', 'ID', id as number, 'ADDR', address as Buffer]
    const isLooked = countsBytes && fence.allows(current.user, 'CLIENT LIST')
    unfenced.askedOn = current
    fence.report(unfenced, 'tried')
    return {
      // The transaction shows what the server had read when it closed the connection. If the user may not run one of
      // its commands, the server discards the transaction. The second kill is outside the transaction, so it runs even
      // then.
      commands: isLooked ? [['MULTI'], ['CLIENT', 'LIST', 'ID', id as number], kill, ['EXEC'], kill] : [kill],
      take: (replies) => {
        const [multi, list, , exec] = replies
        // In this case, EXEC was refused and has not ended its transaction.
        if (multi === 'OK' && exec instanceof ErrorReply && !exec.message.startsWith('EXECABORT')) {
          this.isInTransaction = true
          unfenced.askedOn = undefined
          fence.noteRefused(current.user, 'CLIENT LIST')
          return false
        }
        if (list instanceof ErrorReply && !isPassing(list)) fence.noteRefused(current.user, 'CLIENT LIST')
        return this.#onKilled(unfenced, current, replies.at(-1) as Reply, bytesReadOf(unfenced.identity, exec))
      },
    }
  }

  #onKilled(unfenced: UnfencedConnection, current: Identity, reply: Reply, bytesRead: number | undefined): boolean {
    if (reply === 0 || reply === 1) {
      this.#fence.prove(unfenced, bytesRead)
      return false
    }
    unfenced.askedOn = undefined
    if (reply instanceof ErrorReply && isPassing(reply)) return true
    this.#fence.noteRefused(current.user, 'CLIENT KILL')
    unfenced.release()
    return false
  }
}

/**
 * The number of bytes that the server had read from a connection, if the reply to EXEC shows that the server found and
 * closed exactly that connection.
 */
function bytesReadOf({ id, address }: Identity, exec: Reply | undefined): number | undefined {
  const [list, killed] = Array.isArray(exec) ? exec : []
  if (!Buffer.isBuffer(list) || killed !== 1) return undefined
  const line = lineOf(list)
  if (line === undefined || address === undefined) return undefined
  return line.id === id && line.address.equals(address) ? line.bytesRead : undefined
}
