import type { Request } from '../connection/request/request.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, Reply } from '../protocol/types.js'

const frame: readonly Argument[] = ['ASKING']

const asked = new WeakSet<Request>()
const prepared = new WeakSet<Request>()

/** The request is no longer for the node that imports its slot. That ASKING stays before it does no harm. */
export const forgetAsking = (request: Request): boolean => asked.delete(request)

/** Whether a request is for a node that imports its slot. */
export const isAsking = (request: Request): boolean => asked.has(request)

/**
 * From now on, the request is sent with ASKING before it, in one piece, and has one more reply. Where nothing is imported, a
 * server ignores ASKING.
 *
 * Redis cluster specification: ASK redirection.
 */
export function askFirst(request: Request): void {
  asked.add(request)
  if (prepared.has(request)) return
  prepared.add(request)
  const prototype = Object.getPrototypeOf(request) as Request
  // That of the request may be traced.
  const { encode, collect } = request
  let isAnswered = false
  // Properties of this object, so that requests outside clusters need not know of it.
  Object.defineProperties(request, {
    replyCount: { get: (): number => (Reflect.get(prototype, 'replyCount', request) as number) + 1 },
    encode: {
      value: (encoder: Encoder, known: Set<string>): void => {
        isAnswered = false
        encoder.append(frame)
        encode.call(request, encoder, known)
      },
    },
    collect: {
      value: (reply: Reply): void => {
        if (isAnswered) collect.call(request, reply)
        isAnswered = true
      },
    },
  })
}
