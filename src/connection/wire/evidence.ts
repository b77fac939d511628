import { BULK_ERROR, SIMPLE_ERROR } from '../../protocol/bytes.js'
import type { Decoder } from '../../protocol/decoder.js'
import { Doubt } from '../request/doubt.js'
import type { ReplyPart } from '../request/fate.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Request } from '../request/request.js'

/** A slot of the ledger for the connection's own PING, which has no caller. */
export const pingSlot = Symbol('ping')

export type Slot = Request | typeof pingSlot

/** What is known about the stream at its end. */
export interface StreamEnd {
  /** Bytes written, including those not sent. */
  readonly bytesWritten: number
  /** The number of bytes at the end of the stream that were provably not sent. Earlier bytes may have been sent. */
  readonly unsentBytes: number
  /** Bytes of frames without a reply, after the last one with a reply. */
  readonly silentBytes: number
  /** Length of a PING frame. */
  readonly pingBytes: number
  /** How much of the next reply was read. */
  readonly partOfReply: ReplyPart
  /** Whether the client ended the connection because of the next reply. */
  readonly isReplyAtFault: boolean
}

/**
 * What is known about each request with a pending reply when a connection ended.
 *
 * ```
 *   stream   │ frame of a │ frame of b      │ frame of c │
 *                               unsent ──────┴────────────┤     b was cut; c was not sent;
 *                               ▲ nothing after this was sent   a may be complete
 * ```
 *
 * @param slots oldest first
 */
export function evidenceOnLoss(slots: readonly Slot[], stream: StreamEnd): LostRequest[] {
  const lost: LostRequest[] = []
  let behind = stream.silentBytes
  for (let index = slots.length - 1; index >= 0; index -= 1) {
    const slot = slots[index] as Slot
    if (slot === pingSlot) {
      behind += stream.pingBytes
      continue
    }
    const unsentOfFrame = Math.min(stream.unsentBytes - behind, slot.frameBytes)
    const neverSent = unsentOfFrame >= slot.neededBytes
    const replySeen = slot.evidenceOf(index === 0 ? stream.partOfReply : 'none')
    const fault = !stream.isReplyAtFault ? 'none' : index === 0 ? 'own' : 'others'
    // Even if a part has run, as in a transaction that is run one by one, the rest may still run.
    const mayStillRun = !neverSent && (replySeen === 'none' || slot.repliesOwed > 1) && !slot.isOwn
    const doubt = mayStillRun ? new Doubt(stream.bytesWritten - behind - slot.neededBytes) : undefined
    lost.push({ request: slot, neverSent, wasBegun: unsentOfFrame < slot.frameBytes, replySeen, fault, doubt })
    behind += slot.frameBytes
  }
  return lost.reverse()
}

/**
 * How much of the reply to a slot was read when the stream ended. Of several replies, only the last one counts, which
 * is the reply to EXEC.
 */
export function partOfReplyTo(slot: Slot | undefined, decoder: Decoder): ReplyPart {
  if (slot === undefined || slot === pingSlot || slot.repliesOwed > 1 || !decoder.isMidReply) return 'none'
  const type = decoder.midReplyType
  return type === SIMPLE_ERROR || type === BULK_ERROR ? 'error' : 'value'
}
