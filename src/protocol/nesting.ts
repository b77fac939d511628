import { ATTRIBUTE, MAP, SET } from './bytes.js'
import { buildMap, setProto } from './entries.js'
import type { Limits } from './limits.js'
import type { Source } from './source.js'
import { arrayMode, type DecodeMode, ErrorReply, type Reply, textMode } from './types.js'

// What a string is decoded to.
export const AS_TEXT = 0
export const AS_BUFFER = 1
/** A key of a plain object, which is text even if values are Buffers. */
export const AS_KEY = 2
/** A name in a published message (its kind, channel or pattern), decoded as Latin-1. */
export const AS_NAME = 3
export type StringForm = typeof AS_TEXT | typeof AS_BUFFER | typeof AS_KEY | typeof AS_NAME

/** Used in frames. The form depends on the position, because keys and values alternate, or names come first. */
const BY_PLACE = 4

/** Names at the start of a message: see `DecodeMode.afterNames`. */
const nameCount = 2

/** An incomplete aggregate. Frames are reused, so that nesting allocates only containers. */
interface Frame {
  type: number
  /** For maps, keys and values alternate. */
  items: Reply[]
  /** Number of items still to come. In a streamed aggregate, a negative number: -3 after three items. */
  remaining: number
  mode: DecodeMode
  /** What strings are decoded to in this frame. */
  strings: StringForm | typeof BY_PLACE
}

/** Used instead of a number of elements for a streamed aggregate, which ends with an end mark. */
export const STREAMED = -1

/**
 * The stack of incomplete aggregates. It replaces recursion, so that the depth is limited and can't overflow the call
 * stack.
 */
export class Nesting {
  readonly #limits: Limits
  readonly #source: Source
  /** The first frame represents the stream itself; its mode is the mode of the current reply. */
  readonly #frames: Frame[]
  #depth = 0
  #frame: Frame
  #resultType = 0
  #result: Reply = null

  constructor(limits: Limits, source: Source) {
    this.#limits = limits
    this.#source = source
    this.#frame = createFrame()
    this.#frames = [this.#frame]
  }

  /** Number of incomplete aggregates. */
  get depth(): number {
    return this.#depth
  }

  /** Type byte of the outermost aggregate, after `add`, `open` or `endStream` has completed it. */
  get resultType(): number {
    return this.#resultType
  }

  /** What to decode the next string to. */
  get formOfString(): StringForm {
    const { strings } = this.#frame
    return strings === BY_PLACE ? this.#formByPlace() : strings
  }

  /** Elements still to come in the innermost aggregate, if all its strings are decoded to text; otherwise 0. */
  get textsLeft(): number {
    const { strings, remaining } = this.#frame
    return strings === AS_TEXT ? remaining : 0
  }

  /** The items of the innermost aggregate. A caller may add items, except the last one, and then calls `noteAdded`. */
  get items(): Reply[] {
    return this.#frame.items
  }

  noteAdded(count: number): void {
    this.#frame.remaining -= count
  }

  /** Whether the next value is inside an attribute, at any depth. */
  get isInAttribute(): boolean {
    for (let depth = this.#depth; depth > 0; depth--) {
      if ((this.#frames[depth] as Frame).type === ATTRIBUTE) return true
    }
    return false
  }

  /** Begins a value outside all aggregates. */
  begin(mode: DecodeMode): void {
    const frame = this.#frame
    frame.mode = mode
    frame.strings = formIn(mode)
  }

  /**
   * Opens an aggregate.
   * @param count number of elements, or STREAMED
   * @returns whether this completed the outermost aggregate; an empty aggregate is complete immediately
   */
  open(type: number, count: number): boolean {
    if (count > this.#limits.elements)
      throw this.#source.errorBeyondLimit(`more than ${this.#limits.elements} elements`)
    if (this.#depth === this.#limits.depth)
      throw this.#source.errorBeyondLimit(`nested deeper than ${this.#limits.depth}`)
    const outer = this.#frame
    const mode =
      type === ATTRIBUTE
        ? textMode
        : hasPairs(outer.type) && this.formOfString === AS_KEY
          ? arrayMode // see `keyText`
          : this.#depth === 1 && outer.mode.ofElement !== undefined
            ? outer.mode.ofElement(outer.items.length)
            : outer.mode
    this.#depth++
    let frame = this.#frames[this.#depth]
    if (frame === undefined) {
      frame = createFrame()
      this.#frames.push(frame)
    }
    frame.type = type
    frame.mode = mode
    frame.strings = this.#isByPlace(type, mode) ? BY_PLACE : formIn(mode)
    frame.items = []
    this.#frame = frame
    if (count === STREAMED) {
      frame.remaining = 0
      return false
    }
    frame.remaining = hasPairs(type) ? 2 * count : count
    return count === 0 && this.#close()
  }

  /**
   * Adds a value to the innermost aggregate; there must be one.
   * @param at position of the value's token in the chunk, for errors
   * @returns whether this completed the outermost aggregate
   */
  add(value: Reply, at: number): boolean {
    const frame = this.#frame
    frame.items.push(value)
    return --frame.remaining <= 0 && this.#filled(at)
  }

  /**
   * Handles the mark that ends a streamed aggregate.
   * @returns whether this completed the outermost aggregate
   */
  endStream(): boolean {
    const frame = this.#frame
    if (this.#depth === 0 || frame.remaining > 0)
      throw this.#source.errorInToken('end mark outside a streamed aggregate')
    if (hasPairs(frame.type) && (frame.items.length & 1) === 1) {
      throw this.#source.errorInToken('a streamed map ends after a key')
    }
    return this.#close()
  }

  /** Returns the outermost aggregate once it is complete. Attributes are plain objects. */
  takeResult(): Reply {
    const result = this.#result
    this.#result = null
    return result
  }

  #isByPlace(type: number, mode: DecodeMode): boolean {
    if (hasPairs(type)) return mode.maps === 'object'
    return mode.afterNames !== undefined && this.#depth === 1
  }

  #formByPlace(): StringForm {
    const frame = this.#frame
    const { items, mode } = frame
    if (hasPairs(frame.type)) return (items.length & 1) === 0 ? AS_KEY : formIn(mode)
    if (items.length < nameCount || mode.afterNames === undefined) return AS_NAME
    frame.mode = mode.afterNames(items[0] as Reply, items[1] as Reply)
    const form = formIn(frame.mode)
    frame.strings = form
    return form
  }

  #filled(at: number): boolean {
    this.#source.beginToken(at)
    const frame = this.#frame
    if (frame.remaining === 0) return this.#close()
    const elements = hasPairs(frame.type) ? frame.items.length >> 1 : frame.items.length
    if (elements > this.#limits.elements)
      throw this.#source.errorBeyondLimit(`more than ${this.#limits.elements} elements`)
    return false
  }

  /** Closes the innermost aggregate, and the outer aggregates that this completes. */
  #close(): boolean {
    for (;;) {
      const { type, items, mode } = this.#frame
      this.#frame.items = none
      this.#depth--
      this.#frame = this.#frames[this.#depth] as Frame // frames up to the depth exist
      if (this.#depth === 0) {
        this.#resultType = type
        this.#result = this.#build(type, items, mode)
        return true
      }
      if (type === ATTRIBUTE) return false
      const outer = this.#frame
      outer.items.push(this.#build(type, items, mode))
      outer.remaining--
      if (outer.remaining > 0) return false
      if (outer.remaining < 0) return this.#filled(this.#source.tokenAt)
    }
  }

  #build(type: number, items: Reply[], mode: DecodeMode): Reply {
    // Attributes always become objects, because their mode is `textMode`.
    if (hasPairs(type) ? mode.maps === 'array' : type !== SET || mode.sets === 'array') return items
    try {
      if (type === SET) return new Set(items)
      return mode.maps === 'map' ? buildMap(items) : buildObject(items)
    } catch (cause) {
      // In V8, Map and Set hold about 2^24 entries, fewer than the limits may allow.
      throw this.#source.errorBeyondLimit('too large for JavaScript', { cause })
    }
  }
}

/** Assigned as the items of unused frames, so that these do not keep old values in memory. */
const none: Reply[] = []

function createFrame(): Frame {
  return { type: 0, items: none, remaining: 0, mode: textMode, strings: AS_TEXT }
}

function formIn(mode: DecodeMode): typeof AS_TEXT | typeof AS_BUFFER {
  return mode.buffers ? AS_BUFFER : AS_TEXT
}

/** Whether keys and values alternate in an aggregate of this type. */
function hasPairs(type: number): boolean {
  return type === MAP || type === ATTRIBUTE
}

/** If a key occurs twice, the last value is used. */
function buildObject(items: readonly Reply[]): { [key: string]: Reply } {
  const object: { [key: string]: Reply } = {}
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i] as Reply
    const value = items[i + 1] as Reply
    const name = typeof key === 'string' ? key : keyText(key)
    if (name === '__proto__') setProto(object, value)
    else object[name] = value
  }
  return object
}

/**
 * The text of a key. RESP3 allows any value as a key, but a plain object only strings. An aggregate consists of lists only, even
 * if it has maps. If it had objects, the text of one key could be part of another key, and each time, escaping could double it.
 */
function keyText(key: Reply): string {
  if (key instanceof ErrorReply) return key.message
  if (typeof key !== 'object' || key === null) return String(key)
  return JSON.stringify(key, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
}
