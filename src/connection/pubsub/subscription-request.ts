import type { Encoder } from '../../protocol/encoder.js'
import type { Argument } from '../../protocol/types.js'
import { OwnRequest } from '../request/own-request.js'
import type { Topic, TopicKind } from './topics.js'

/** SUBSCRIBE and related commands. The server sends confirmations between the messages, not as replies. */
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

  override conclude(): void {}
}

/**
 * Names of up to this many bytes in total are sent in one command, and a longer name in a separate one. A single
 * command for all names could exceed what a server accepts, and the server would then end every connection.
 */
export const commandBytes = 16 * 1024

/** Splits the topics (there must be at least one) into groups, one group for each command. */
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
  /**
   * How many of the topics are confirmed. This is a number, because removing the first of many thousands moves all
   * others.
   */
  confirmed: number
  /** The number of PINGs that were sent on the connection before this command. */
  pingsBefore: number
}
