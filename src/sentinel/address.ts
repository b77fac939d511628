import type { Reply } from '../protocol/types.js'

/** The address of a server. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What a sentinel knows about the master. */
export interface MasterView extends Address {
  /** Grows with each failover, so the view with the higher epoch is the newer one. */
  readonly epoch: number
}

export const isSame = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port

/**
 * Returns whether a view is at least as new as the known one. An epoch that ends in .5 marks a view from a failover that has not
 * finished. If both views have the same address, a view whose epoch is lower by only this .5 counts as equally new.
 */
export function isAsNew(view: MasterView, known: MasterView | undefined): boolean {
  if (known === undefined || view.epoch >= known.epoch) return true
  return isSame(view, known) && view.epoch >= Math.floor(known.epoch)
}

export const textOf = ({ host, port }: Address): string => `${host}:${port}`

/** Reads an address. @returns undefined if it is none */
function addressOf(host: unknown, port: unknown): Address | undefined {
  const number = Number(port)
  // The number must have 16 bits.
  const isPort = number > 0 && (number & 65_535) === number
  return typeof host === 'string' && host !== '' && isPort ? { host, port: number } : undefined
}

/**
 * Reads the replies to SENTINEL GET-MASTER-ADDR-BY-NAME and SENTINEL MASTER. While a replica is being promoted, the first reply
 * already has its address, and the second does not. Such a view is newer than other views with the same epoch.
 *
 * @param master a map with RESP3, a flat list of names and values with RESP2
 * @returns undefined if there is no address, or an epoch that can't be one: it would count as newer than all others
 */
export function masterView(address: Reply, master: Reply): MasterView | undefined {
  const known = Array.isArray(address) ? addressOf(address[0], address[1]) : undefined
  if (known === undefined) return undefined
  const field = (name: string): Reply | undefined =>
    Array.isArray(master)
      ? master.find((_, i) => i % 2 === 1 && master[i - 1] === name)
      : (master as Readonly<Record<string, Reply>> | null)?.[name]
  const epoch = Number(field('config-epoch') ?? 0)
  if (!(epoch < 2 ** 53)) return undefined
  const isPromoting = known.host !== field('ip') || known.port !== Number(field('port'))
  return { ...known, epoch: isPromoting ? epoch + 0.5 : epoch }
}

/** Reads a message of the channel +switch-master: `name old-host old-port new-host new-port`. */
export function switchMessage(message: string): (Address & { readonly name: string }) | undefined {
  const words = message.split(' ')
  // The name contains no space, because sentinels refuse such names.
  const [name, , , host, port] = words
  const address = addressOf(host, port)
  return words.length === 5 && address !== undefined ? { name: name as string, ...address } : undefined
}

/**
 * Reads a message of the channel +promoted-slave: `slave replica host port @ name host port`.
 * @returns the name of the master that is replaced
 */
export function promotionOf(message: string): string | undefined {
  const words = message.split(' ')
  return words[4] === '@' ? words[5] : undefined
}
