import { Buffer as NodeBuffer } from 'node:buffer'

/** Node's own: the global may be missing, or replaced. One constant, because bundles can shorten its name. */
export const Buffer: typeof NodeBuffer = NodeBuffer
