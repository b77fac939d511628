import type { Request } from '../connection/request/request.js'
import type { Encoder } from '../protocol/encoder.js'
import type { Argument, Reply } from '../protocol/types.js'

const frame: readonly Argument[] = ['ASKING']

const asked = new WeakSet<Request>()
const prepared = new WeakSet<Request>()

/** Notes that a request is no longer for the node that imports its slot. ASKING is still sent before it, which does no harm. */
export const forgetAsking = (request: Request): boolean => asked.delete(request)

/** Whether a request is for a node that imports its slot. */
export const isAsking = (request: Request): boolean => asked.has(request)

/**
 * From now on, the request is sent together with ASKING before it, and has one more reply. A server that does not import the slot
 * ignores ASKING.
 *
 * Redis cluster specification: ASK redirection.
 *
 * @param isRejected called immediately before the request is written, and rejects it if it must not be sent any more
 */
export function askFirst(request: Request, isRejected?: () => boolean): void {
  asked.add(request)
  if (prepared.has(request)) return
  prepared.add(request)
  const prototype = Object.getPrototypeOf(request) as Request
  // These methods of the request may already be replaced, if the request is traced.
  const { encode, collect } = request
  let isAnswered = false
  // These are properties of this object, so that the classes of requests don't need to know about ASKING.
  Object.defineProperties(request, {
    replyCount: { get: (): number => (Reflect.get(prototype, 'replyCount', request) as number) + 1 },
    encode: {
      value: (encoder: Encoder, known: Set<string>): void => {
        if (isAsking(request) && isRejected?.()) throw new Error()
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
