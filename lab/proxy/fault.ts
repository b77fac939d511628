/** How a link is cut: by RST, or in good order by FIN. */
export type Cut = 'reset' | 'end'

/** What is to become of the bytes that have just come from one side, in answer to a hook of the proxy. */
export type Fault =
  /** They go on to the other side. */
  | { readonly do: 'pass' }
  /** They vanish. */
  | { readonly do: 'drop' }
  /** Others go on in their place: garbage, a forged reply. */
  | { readonly do: 'replace'; readonly bytes: Uint8Array }
  /** Only for bytes of the client: the server does not get them, and the client gets others, as if the server had answered. */
  | { readonly do: 'answer'; readonly bytes: Uint8Array }
  /** So many of them pass, and when they are out, the client's connection is cut. None of what follows passes. */
  | { readonly do: 'cut'; readonly after: number; readonly how: Cut }
  /** Nothing passes in this direction from these bytes on, until `Direction.resume`. */
  | { readonly do: 'stall' }
  /** Both directions swallow all bytes from these on, and neither side is told of the other's end: see `Link.isBlackHole`. */
  | { readonly do: 'black hole' }

export const pass: Fault = { do: 'pass' }
export const drop: Fault = { do: 'drop' }
export const stall: Fault = { do: 'stall' }
export const blackHole: Fault = { do: 'black hole' }
export const replace = (bytes: Uint8Array | string): Fault => ({ do: 'replace', bytes: Buffer.from(bytes) })
export const answer = (bytes: Uint8Array | string): Fault => ({ do: 'answer', bytes: Buffer.from(bytes) })
export const resetAfter = (bytes: number): Fault => ({ do: 'cut', after: bytes, how: 'reset' })
export const endAfter = (bytes: number): Fault => ({ do: 'cut', after: bytes, how: 'end' })
