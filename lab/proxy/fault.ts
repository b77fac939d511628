/** How a link is cut: by RST or by FIN. */
export type Cut = 'reset' | 'end'

/** What a hook tells the proxy to do with the bytes that have just arrived from one side. */
export type Fault =
  /** Pass them on. */
  | { readonly do: 'pass' }
  /** Drop them. */
  | { readonly do: 'drop' }
  /** Pass other bytes instead, such as garbage or a forged reply. */
  | { readonly do: 'replace'; readonly bytes: Uint8Array }
  /** Only for bytes of the client: the server does not get them, and the client gets others, as if the server had answered. */
  | { readonly do: 'answer'; readonly bytes: Uint8Array }
  /** Pass the first bytes, then cut the connection to the client. Nothing after that passes. */
  | { readonly do: 'cut'; readonly after: number; readonly how: Cut }
  /** Hold these bytes and all later ones in this direction, until `Direction.resume`. */
  | { readonly do: 'stall' }
  /** Drop these bytes and all later ones in both directions, and ends too: see `Link.isBlackHole`. */
  | { readonly do: 'black hole' }

export const pass: Fault = { do: 'pass' }
export const drop: Fault = { do: 'drop' }
export const stall: Fault = { do: 'stall' }
export const blackHole: Fault = { do: 'black hole' }
export const replace = (bytes: Uint8Array | string): Fault => ({ do: 'replace', bytes: Buffer.from(bytes) })
export const answer = (bytes: Uint8Array | string): Fault => ({ do: 'answer', bytes: Buffer.from(bytes) })
export const resetAfter = (bytes: number): Fault => ({ do: 'cut', after: bytes, how: 'reset' })
export const endAfter = (bytes: number): Fault => ({ do: 'cut', after: bytes, how: 'end' })
