import { Buffer as NodeBuffer } from 'node:buffer'

/**
 * Node's own `Buffer`, because the global one may be missing or replaced. It is a constant, because bundlers can
 * shorten the name of a constant.
 */
export const Buffer: typeof NodeBuffer = NodeBuffer
