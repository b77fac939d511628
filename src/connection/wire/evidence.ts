import type { ReplyPart } from '../request/fate.js'
import type { LostRequest } from '../request/lost-request.js'
import type { Request } from '../request/request.js'

/** A slot of the ledger whose reply nobody waits for: the connection's own PING. */
export const pingSlot = Symbol('ping')

export type Slot = Request | typeof pingSlot

/** What is known of the stream when it ended. */
export interface StreamEnd {
  /** At its end, so many bytes provably never left; of those before them nothing is known. */
  readonly unsentBytes: number
  /** Of them, frames that get no reply, behind the last one that is owed one. */
  readonly silentBytes: number
  /** Length of the connection's own PING. */
  readonly pingBytes: number
  /** What was seen of the reply that came next. */
  readonly partOfReply: ReplyPart
}

/**
 * What is known of each request that was owed a reply when its connection ended.
 *
 * ```
 *   stream   │ frame of a │ frame of b      │ frame of c │
 *                               unsent ──────┴────────────┤     b was cut, and of c nothing left;
 *                               ▲ nothing behind this left      a may have left whole
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
    behind += slot.frameBytes
    lost.push({
      request: slot,
      neverSent: unsentOfFrame > 0 && slot.provesNotRun(unsentOfFrame),
      wasBegun: unsentOfFrame < slot.frameBytes,
      replySeen: slot.evidenceOf(index === 0 ? stream.partOfReply : 'none'),
    })
  }
  return lost.reverse()
}
