import type { Reply } from '../protocol/types.js'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What a sentinel knows of the master. */
export interface MasterView extends Address {
  /** It counts failovers: of two views, the one with the higher epoch is newer. */
  readonly epoch: number
}

export const isSame = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port

export const textOf = ({ host, port }: Address): string => `${host}:${port}`

/**
 * Reads the reply to SENTINEL MASTER: a map with RESP3, names and values in turn with RESP2.
 * @returns undefined if it has no address
 */
export function masterView(reply: Reply): MasterView | undefined {
  const fields = new Map(
    Array.isArray(reply)
      ? reply.flatMap((name, index) => (index % 2 === 0 ? [[name, reply[index + 1]] as const] : []))
      : Object.entries((reply ?? {}) as Readonly<Record<string, Reply>>),
  )
  const host = fields.get('ip')
  const port = Number(fields.get('port'))
  const epoch = Number(fields.get('config-epoch'))
  if (typeof host !== 'string' || host === '' || !Number.isInteger(port) || port < 1) return undefined
  return { host, port, epoch: Number.isNaN(epoch) ? 0 : epoch }
}

/** Reads a message of the channel +switch-master: `name old-host old-port new-host new-port`. */
export function switchMessage(message: string): (Address & { readonly name: string }) | undefined {
  const words = message.split(' ')
  const [host, port] = words.slice(-2)
  // The name is the first word: a sentinel accepts none with a space.
  const [name] = words
  if (words.length !== 5 || name === undefined || host === undefined) return undefined
  return { name, host, port: Number(port) }
}
