import { word } from '../commands/words.js'
import type { Argument } from '../protocol/types.js'

/** What CLIENT REPLY takes. */
const modes: ReadonlySet<string> = new Set(['ON', 'OFF', 'SKIP'])

/**
 * How the server replies on a connection of one's own, by what has been sent on it: told of every command as it is sent, in
 * their order, since what was withdrawn before has changed nothing.
 */
export class ReplyMode {
  #isOff = false
  #skips = false
  #isQueuing = false
  #noted = 0

  /** How many commands have been sent. */
  get noted(): number {
    return this.#noted
  }

  /** What is sent next may get no reply. */
  get isSilenced(): boolean {
    return this.#isOff || this.#skips
  }

  /**
   * MULTI was sent, and neither EXEC nor DISCARD since: commands are queued by the server, and run later or never. Should it
   * have refused that MULTI, they are answered as ever.
   */
  get isQueuing(): boolean {
    return this.#isQueuing
  }

  /**
   * A command is being sent. Server documentation: CLIENT REPLY, MULTI.
   * @returns whether it gets no reply
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
        // It is answered itself, unless SKIP was said of it.
        this.#isOff = false
        break
      case 'CLIENT REPLY': {
        // With any other arguments the server refuses it, and goes on as before.
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
