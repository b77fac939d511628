import { type Refusal, Request } from '../../src/connection/request/request.js'
import { type DecodeMode, type ErrorReply, textMode } from '../../src/protocol/types.js'

/** The least that a request can be: for tests of what carries requests without knowing what they say. */
export class TestRequest extends Request {
  /** What its caller was told; undefined until then. */
  outcome: { readonly value: unknown } | { readonly error: unknown } | undefined

  constructor() {
    super(
      (value) => {
        this.outcome = { value }
      },
      (error) => {
        this.outcome = { error }
      },
    )
  }

  override get name(): string {
    return 'TEST'
  }

  override get mode(): DecodeMode {
    return textMode
  }

  override get replyCount(): number {
    return 1
  }

  override get timeout(): number {
    return 0
  }

  override get maxAttempts(): number {
    return 3
  }

  override encode(): void {}

  override mayReplay(): boolean {
    return true
  }

  override refusedForNow(_reply: ErrorReply): Refusal | undefined {
    return undefined
  }

  override conclude(reply: unknown): unknown {
    return reply
  }

  /** Its reply comes. */
  succeed(): void {
    this.answer('OK', false)
  }
}
