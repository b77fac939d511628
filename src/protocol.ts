/**
 * The RESP encoder and decoder.
 * @module respite/protocol
 */

export { DecodeError } from './protocol/decode-error.js'
export { type Attributes, Decoder, type DecoderOptions, type ReplyHandler } from './protocol/decoder.js'
export { Encoder, type EncoderOptions } from './protocol/encoder.js'
export { defaultLimits, type Limits } from './protocol/limits.js'
export {
  type Argument,
  bufferMode,
  type DecodeMode,
  ErrorReply,
  type Reply,
  textMode,
} from './protocol/types.js'
