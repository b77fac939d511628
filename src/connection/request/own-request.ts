import { bufferMode, type DecodeMode, type ErrorReply } from '../../protocol/types.js'
import { type ChangedKeys, type Refusal, Request } from './request.js'

/** A request of the client itself, which no caller waits for. It has no time limit, and is never sent again. */
export abstract class OwnRequest extends Request {
  override get isOwn(): boolean {
    return true
  }

  override get isRead(): boolean {
    return true
  }

  override changedKeys(): ChangedKeys {
    return new Set<string>()
  }

  override get mode(): DecodeMode {
    return bufferMode
  }

  /** Infinity, because the request waits without a limit. */
  override get queuedAt(): number {
    return Infinity
  }

  override set queuedAt(_: number) {}

  override get timeout(): number {
    return 0
  }

  override get maxAttempts(): number {
    return 1
  }

  override mayReplay(): boolean {
    return false
  }

  override refusedForNow(_reply: ErrorReply): Refusal | undefined {
    return undefined
  }
}
