import { Decoder, type DecoderOptions } from '../../src/protocol/decoder.js'
import type { Limits } from '../../src/protocol/limits.js'
import { type DecodeMode, type Reply, textMode } from '../../src/protocol/types.js'

/** What a handler received. */
export type Event =
  | { readonly reply: Reply; readonly attributes?: unknown; readonly nestedErrors?: true }
  | { readonly push: Reply[]; readonly attributes?: unknown }

/** A decoder, and the list of what it has passed to its handler. */
export function collector(
  mode: DecodeMode = textMode,
  limits: Partial<Limits> = {},
  options: DecoderOptions = {},
): { readonly decoder: Decoder; readonly events: Event[] } {
  const events: Event[] = []
  const attributes = () => (decoder.attributes === undefined ? {} : { attributes: decoder.attributes })
  const decoder = new Decoder(
    {
      modeOfNext: () => mode,
      onReply: (reply) => {
        events.push({ reply, ...attributes(), ...(decoder.nestedErrors ? { nestedErrors: true } : {}) })
      },
      onPush: (push) => {
        events.push({ push, ...attributes() })
      },
    },
    limits,
    options,
  )
  return { decoder, events }
}

/** The bytes in chunks of equal size. */
export function inChunks(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
  return chunks
}

/** Everything that these chunks decode to. Each chunk is overwritten after use, as its owner may do. */
export function decodeAll(chunks: readonly Buffer[], mode?: DecodeMode, limits?: Partial<Limits>): Event[] {
  const { decoder, events } = collector(mode, limits)
  for (const chunk of chunks) {
    const borrowed = Buffer.from(chunk)
    decoder.decode(borrowed)
    borrowed.fill(0xee)
  }
  return events
}

/** Only the replies. */
export function replies(bytes: Buffer, mode?: DecodeMode, limits?: Partial<Limits>): Reply[] {
  return decodeAll([bytes], mode, limits).map((event) => {
    if (!('reply' in event)) throw new Error('a push came where only replies were expected')
    return event.reply
  })
}
