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

/** Commands that were sent together, and what to do with their replies. */
interface Asked {
  readonly commands: readonly (readonly Argument[])[]
  /** @returns whether to ask again later */
  take(replies: readonly Reply[]): boolean
}

/**
 * Fences all lost connections that the current connection can: asks first what the current connection could not be told in
 * its handshake, then has the server close the lost ones. If the server refuses for now, it is sent again before anything
 * else.
 */
export class FenceRequest extends OwnRequest {
  readonly #fence: Fence
  readonly #current: () => Identity | undefined
  #asked: Asked[] = []
  #replies: Reply[] = []
  /** EXEC was refused, and left its transaction open: the connection can't be used any more. */
  isInTransaction = false
  /** Only some of several were refused for now: the rest is to be asked again. */
  isIncomplete = false
  readonly #mustWait: boolean

  /**
   * @param current who the connection is that it is sent on
   * @param mustWait nothing may be sent before it is answered
   * @param onOver called once, when it has done what can be done
   */
  constructor(fence: Fence, current: () => Identity | undefined, mustWait: boolean, onOver: () => void) {
    super(
      () => onOver(),
      // Its connection was lost. The next one gets another.
      () => {},
    )
    this.#fence = fence
    this.#current = current
    this.#mustWait = mustWait
  }

  override get asksFurther(): boolean {
    // Then its answer may make further questions possible. Others share a write with what follows.
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
    // Some may be possible only now that the server has told who the current connection is.
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
      // The transaction shows what the server had read when it closed the connection. Without the right to a part of it, the
      // server discards it: the second kill does not depend on it.
      commands: isLooked ? [['MULTI'], ['CLIENT', 'LIST', 'ID', id as number], kill, ['EXEC'], kill] : [kill],
      take: (replies) => {
        const [multi, list, , exec] = replies
        // EXEC was refused, and has not ended its transaction.
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

/** How many bytes the server had read from a connection, if EXEC shows that it found and closed that very connection. */
function bytesReadOf({ id, address }: Identity, exec: Reply | undefined): number | undefined {
  const [list, killed] = Array.isArray(exec) ? exec : []
  if (!Buffer.isBuffer(list) || killed !== 1) return undefined
  const line = lineOf(list)
  if (line === undefined || address === undefined) return undefined
  return line.id === id && line.address.equals(address) ? line.bytesRead : undefined
}
