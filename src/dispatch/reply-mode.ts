import { word } from '../commands/words.js'
import type { Argument } from '../protocol/types.js'

/** Arguments of CLIENT REPLY. */
const modes: ReadonlySet<string> = new Set(['ON', 'OFF', 'SKIP'])
const silences: ReadonlySet<string> = new Set(['OFF', 'SKIP'])

/**
 * Whether the server replies to commands on a session's connection. Commands are recorded when they are sent, not when they are
 * called, because a command that is cancelled while it is queued changes nothing.
 */
export class ReplyMode {
  #isOff = false
  #skips = false
  #isQueuing = false
  #noted = 0

  /** Number of commands sent. */
  get noted(): number {
    return this.#noted
  }

  /** Whether the next command may get no reply. */
  get isSilenced(): boolean {
    return this.#isOff || this.#skips
  }

  /** Whether the next command may get no reply, or is queued in a transaction. */
  get isQuiet(): boolean {
    return this.isSilenced || this.#isQueuing
  }

  /** Whether this command would now turn replies off. The server would then not reply to the command itself either. */
  isEndedBy(name: string, args: readonly Argument[]): boolean {
    return !this.isSilenced && name === 'CLIENT REPLY' && args.length === 3 && silences.has(word(args[2]))
  }

  /**
   * Whether MULTI was sent, and no EXEC or DISCARD after it. The server then queues commands, unless it refused MULTI.
   */
  get isQueuing(): boolean {
    return this.#isQueuing
  }

  /**
   * Records a command that is being sent. Server documentation: CLIENT REPLY, MULTI.
   * @returns whether the command gets no reply
   */
  note(name: string, args: readonly Argument[]): boolean {
    this.#noted += 1
    switch (name) {
      case 'MULTI':
        this.#isQueuing = true
        break
      case 'EXEC':
      case 'DISCARD':
        this.#isQueuing = false
        break
      case 'RESET':
        this.#isQueuing = false
        // RESET turns replies on, and gets a reply itself unless CLIENT REPLY SKIP was sent before it.
        this.#isOff = false
        break
      case 'CLIENT REPLY': {
        // The server refuses other arguments, and its mode stays the same.
        const mode = args.length === 3 ? word(args[2]) : ''
        if (modes.has(mode)) return this.#reply(mode)
      }
    }
    const isSilent = this.#isOff || this.#skips
    this.#skips = false
    return isSilent
  }

  #reply(mode: string): boolean {
    this.#isOff = mode === 'OFF' || (mode === 'SKIP' && this.#isOff)
    this.#skips = mode === 'SKIP' && !this.#isOff
    return mode === 'OFF' || mode === 'SKIP'
  }
}
