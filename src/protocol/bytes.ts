/** The special bytes of RESP, with the names of the specification. */

export const CR = 0x0d
export const LF = 0x0a
export const PLUS = 0x2b
export const MINUS = 0x2d
/** Sent instead of a length: the value is streamed, and ends with an end mark. */
export const QUESTION_MARK = 0x3f
export const ZERO = 0x30

export const SIMPLE_STRING = 0x2b // +
export const SIMPLE_ERROR = 0x2d // -
export const INTEGER = 0x3a // :
export const BULK_STRING = 0x24 // $
export const ARRAY = 0x2a // *
export const NULL = 0x5f // _
export const BOOLEAN = 0x23 // #
export const DOUBLE = 0x2c // ,
export const BIG_NUMBER = 0x28 // (
export const BULK_ERROR = 0x21 // !
export const VERBATIM_STRING = 0x3d // =
export const MAP = 0x25 // %
export const SET = 0x7e // ~
export const ATTRIBUTE = 0x7c // |
export const PUSH = 0x3e // >
/** One part of a streamed string; not a value of its own. */
export const STRING_PART = 0x3b // ;
/** The end of a streamed aggregate; not a value of its own. */
export const STREAM_END = 0x2e // .

// The forms of what follows a type byte.
/** The byte is not a type byte. */
export const NOT_A_TYPE = 0
/** A length, then that many bytes or elements. */
export const HAS_LENGTH = 1
/** Text up to CR LF. */
export const HAS_LINE = 2
/** Digits up to CR LF. */
export const HAS_INTEGER = 3

/** For each byte that begins a value or ends a streamed aggregate, the form of what follows it; NOT_A_TYPE for other bytes. */
export const formOfType: Uint8Array = new Uint8Array(256)
for (const type of [BULK_STRING, ARRAY, BULK_ERROR, VERBATIM_STRING, MAP, SET, ATTRIBUTE, PUSH]) {
  formOfType[type] = HAS_LENGTH
}
for (const type of [SIMPLE_STRING, SIMPLE_ERROR, NULL, BOOLEAN, DOUBLE, BIG_NUMBER, STREAM_END]) {
  formOfType[type] = HAS_LINE
}
formOfType[INTEGER] = HAS_INTEGER
