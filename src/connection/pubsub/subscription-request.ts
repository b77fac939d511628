import type { Encoder } from '../../protocol/encoder.js'
import type { Argument } from '../../protocol/types.js'
import { OwnRequest } from '../request/own-request.js'
import type { Topic, TopicKind } from './topics.js'

/** SUBSCRIBE and related commands. The server confirms them between the messages, not by a reply. */
export class SubscriptionRequest extends OwnRequest {
  readonly #args: readonly Argument[]

  constructor(args: readonly Argument[]) {
    super(
      () => {},
      () => {},
    )
    this.#args = args
  }

  override get name(): string {
    return String(this.#args[0])
  }

  override get replyCount(): number {
    return 0
  }

  override encode(encoder: Encoder): void {
    encoder.append(this.#args)
  }

  override refusedForNow(): undefined {}

  override collect(): void {}

  override conclude(): void {}
}

/**
 * Names of up to this many bytes are one command; a longer name is one by itself. A command that held all of them could exceed what a
 * server accepts: then it would end every connection.
 */
export const commandBytes = 16 * 1024

/** The topics of each command that is needed for these, of which there is at least one. */
export function* inParts(topics: readonly Topic[]): Generator<readonly Topic[]> {
  let first = 0
  let bytes = 0
  for (const [next, { name }] of topics.entries()) {
    bytes += name.length
    if (bytes <= commandBytes || next === first) continue
    yield topics.slice(first, next)
    first = next
    bytes = name.length
  }
  yield topics.slice(first)
}

/** A pending command, and the topics that the server will confirm for it, in this order. */
export interface Asked {
  readonly action: 'subscribe' | 'unsubscribe'
  readonly kind: TopicKind
  readonly topics: readonly Topic[]
  /** How many of them are confirmed. A number, because removing the first of many thousands moves all others. */
  confirmed: number
  /** PINGs that were sent on its connection before it. */
  pingsBefore: number
}
