import { Buffer } from './buffer.js'
/** For larger allocations, allocators map new pages, which the kernel must clear first. */
export const segmentBytes = 64 * 1024

/** 4 MB in total: enough for a value of 8 MB. */
const mostSpare = 64

const spare: Buffer[] = []

/**
 * Returns `segmentBytes` of memory for a part of a payload, reused from any decoder if possible. Mapping the pages of
 * new memory costs more than copying the data into them: a sixth of the time of a GET of 1 MB.
 */
export function takeSegment(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafe(segmentBytes)
}

/** Returns a segment that is no longer used. */
export function returnSegment(segment: Buffer): void {
  if (spare.length < mostSpare) spare.push(segment)
}
