import { ATTRIBUTE, MAP, SET } from './bytes.js'
import type { Limits } from './limits.js'
import type { Source } from './source.js'
import { type DecodeMode, ErrorReply, type Reply, textMode } from './types.js'

// What a string becomes.
export const AS_TEXT = 0
export const AS_BUFFER = 1
/** The key of a plain object: text, even when values are Buffers. */
export const AS_KEY = 2
/** What a message is, or where it was published: Latin-1. */
export const AS_NAME = 3
export type StringForm = typeof AS_TEXT | typeof AS_BUFFER | typeof AS_KEY | typeof AS_NAME

/** For a frame: keys and values in turn, or names before anything else. */
const BY_PLACE = 4

/** Of a message. See `DecodeMode.afterNames`. */
const nameCount = 2

/** An aggregate under way. Frames are used again, so that nesting allocates only containers. */
interface Frame {
  type: number
  /** Maps collect keys and values in turn. */
  items: Reply[]
  /** Items still to come; in a streamed aggregate, minus those that came. */
  remaining: number
  mode: DecodeMode
  /** What strings become here: the same for all, or it depends on their place. */
  strings: StringForm | typeof BY_PLACE
}

/** In place of a number of elements: they end with a mark. */
export const STREAMED = -1

/** Aggregates within one another: an explicit stack, so that depth costs memory here and nowhere else, and is bounded. */
export class Nesting {
  readonly #limits: Limits
  readonly #source: Source
  /** The first stands for the stream itself: its mode is that of the reply under way. */
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

  /** Aggregates open now. */
  get depth(): number {
    return this.#depth
  }

  /** Type byte of the outermost aggregate, once `add`, `open` or `endStream` has said that it's complete. */
  get resultType(): number {
    return this.#resultType
  }

  /** What a string that comes next is to become. */
  get formOfString(): StringForm {
    const { strings } = this.#frame
    return strings === BY_PLACE ? this.#formByPlace() : strings
  }

  /** How many elements are to come to the innermost aggregate, when every string becomes text there; else 0. */
  get textsLeft(): number {
    const { strings, remaining } = this.#frame
    return strings === AS_TEXT ? remaining : 0
  }

  /** What has come to the innermost aggregate. More may be added to it, of which `noteAdded` is told; never the last. */
  get items(): Reply[] {
    return this.#frame.items
  }

  noteAdded(count: number): void {
    this.#frame.remaining -= count
  }

  /** Whether what comes next belongs to an attribute, however deep. */
  get isInAttribute(): boolean {
    for (let depth = this.#depth; depth > 0; depth--) {
      if ((this.#frames[depth] as Frame).type === ATTRIBUTE) return true
    }
    return false
  }

  /** A value outside all aggregates begins, to be decoded so. */
  begin(mode: DecodeMode): void {
    const frame = this.#frame
    frame.mode = mode
    frame.strings = formIn(mode)
  }

  /**
   * Opens an aggregate of `count` elements, or STREAMED.
   * @returns whether that completed the outermost one (an empty aggregate is complete at once)
   */
  open(type: number, count: number): boolean {
    if (count > this.#limits.elements) throw this.#source.errorInToken(`more than ${this.#limits.elements} elements`)
    if (this.#depth === this.#limits.depth) throw this.#source.errorInToken(`nested deeper than ${this.#limits.depth}`)
    const outer = this.#frame
    const mode = type === ATTRIBUTE ? textMode : outer.mode
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
   * @param at where its token began, in the chunk: for errors
   * @returns whether that completed the outermost one
   */
  add(value: Reply, at: number): boolean {
    const frame = this.#frame
    frame.items.push(value)
    return --frame.remaining <= 0 && this.#filled(at)
  }

  /**
   * The mark that ends a streamed aggregate.
   * @returns whether that completed the outermost one
   */
  endStream(): boolean {
    const frame = this.#frame
    if (this.#depth === 0 || frame.remaining > 0)
      throw this.#source.errorInToken('end mark outside a streamed aggregate')
    if (hasPairs(frame.type) && (frame.items.length & 1) === 1) {
      throw this.#source.errorInToken('end of a streamed map after a key without value')
    }
    return this.#close()
  }

  /** Hands out the outermost aggregate, complete. Attributes are plain objects. */
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
    if (elements > this.#limits.elements) throw this.#source.errorInToken(`more than ${this.#limits.elements} elements`)
    return false
  }

  /** The innermost aggregate is complete, and perhaps those around it with it. */
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
    if (!hasPairs(type) && (type !== SET || mode.sets === 'array')) return items
    try {
      if (type === SET) return new Set(items)
      return mode.maps === 'map' ? buildMap(items) : buildObject(items)
    } catch (cause) {
      // Map and Set hold some 2^24 entries in V8, fewer than the limits may allow.
      throw this.#source.errorInToken('an aggregate too large for its JavaScript container', { cause })
    }
  }
}

/** Placeholder for the items of frames not in use, so that they keep nothing alive. */
const none: Reply[] = []

function createFrame(): Frame {
  return { type: 0, items: none, remaining: 0, mode: textMode, strings: AS_TEXT }
}

function formIn(mode: DecodeMode): typeof AS_TEXT | typeof AS_BUFFER {
  return mode.buffers ? AS_BUFFER : AS_TEXT
}

/** Whether keys and values alternate in an aggregate of that type. */
function hasPairs(type: number): boolean {
  return type === MAP || type === ATTRIBUTE
}

/** Of a key that comes twice, the last value wins. */
function buildObject(items: readonly Reply[]): { [key: string]: Reply } {
  const object: { [key: string]: Reply } = {}
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i] as Reply
    const value = items[i + 1] as Reply
    const name = typeof key === 'string' ? key : keyText(key)
    // Plain assignment would set the prototype, not a property.
    if (name === '__proto__') {
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
    } else object[name] = value
  }
  return object
}

function buildMap(items: readonly Reply[]): Map<Reply, Reply> {
  const map = new Map<Reply, Reply>()
  for (let i = 0; i < items.length; i += 2) map.set(items[i] as Reply, items[i + 1] as Reply)
  return map
}

/** RESP3 allows any value as a key; a plain object, only text. */
function keyText(key: Reply): string {
  if (key instanceof ErrorReply) return key.message
  if (typeof key !== 'object' || key === null) return String(key)
  return JSON.stringify(key, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part))
}
