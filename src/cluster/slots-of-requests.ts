import { lookup } from '../commands/catalogue.js'
import { prefixKeys } from '../commands/key-prefix.js'
import { slotOf, slotOfKey, slotOfOneKey } from '../commands/slots.js'
import type { TransactionEntry } from '../commands/transaction-entries.js'
import { usage } from '../commands/usage.js'
import type { Request } from '../connection/request/request.js'
import { ConfiguredRequest } from '../dispatch/configured-request.js'
import { UsageError } from '../errors.js'
import type { Argument } from '../protocol/types.js'

/** The slot of commands without keys, which any master can run. */
export const anySlot = -1

/** Slots that a server has named for requests whose keys this client does not know. */
const corrected = new WeakMap<Request, number>()

/** Notes the slot that a server has named for a request. It is only used if this client does not know the keys. */
export function noteSlot(request: Request, slot: number): void {
  if (slot < 0 || !(request instanceof ConfiguredRequest)) return
  if (request.commands.some(isGuess)) corrected.set(request, slot)
}

/**
 * Returns the slot of a request.
 * @param keyPrefix the prefix of the cluster
 * @returns undefined if the request is not for the router, and stays on its connection
 * @throws UsageError if its keys have different slots, or if it concerns one node and no node is named
 */
export function slotOfRequest(request: ConfiguredRequest, keyPrefix: string): number | undefined {
  const { routing } = request.settings
  if (!routing) return undefined
  const { commands } = request
  if (routing.route === undefined && commands.length === 1) {
    const { descriptor, args } = commands[0] as TransactionEntry
    const slot = slotOfOneKey(descriptor, args)
    if (slot !== anySlot) return slot
  }
  return slotOfAll(request, routing.route, keyPrefix)
}

function slotOfAll(request: ConfiguredRequest, route: Argument | undefined, keyPrefix: string): number {
  const known = corrected.get(request)
  if (known !== undefined) return known
  let slot = route === undefined ? anySlot : slotOfRoute(route, keyPrefix)
  let guess = anySlot
  for (const entry of request.commands) {
    const other = slotOfCommand(entry, slot !== anySlot)
    if (other === anySlot) continue
    if (isGuess(entry)) {
      if (guess === anySlot) guess = other
    } else if (slot !== anySlot && other !== slot) throw crossSlot(request.name)
    else slot = other
  }
  return slot === anySlot ? guess : slot
}

/**
 * Whether a request is for a replica: its caller allows it, and each of its commands does nothing but read keys, whatever its
 * arguments are. Servers don't run other commands on a replica. The effect of TOUCH is only wanted on the master.
 */
export function isForReplica(request: ConfiguredRequest): boolean {
  return request.settings.routing?.readFrom === 'replica' && request.commands.every(readsKeys)
}

const readsKeys = (entry: TransactionEntry): boolean => {
  const { descriptor, args } = entry
  const { name, retryClass } = descriptor
  return retryClass === 'read' && name !== 'TOUCH' && !isGuess(entry) && slotOf(descriptor, args) !== 'none'
}

/** Returns the slot of a key that the caller passes without prefix. */
export function slotOfRoute(key: Argument, keyPrefix: string): number {
  if (keyPrefix === '') return slotOfKey(key)
  const [, prefixed] = prefixKeys(lookup(['GET']), ['GET', key], keyPrefix)
  return slotOfKey(prefixed as Argument)
}

const isGuess = ({ descriptor }: TransactionEntry): boolean => descriptor.keys === 'unknown'

function slotOfCommand({ descriptor, args }: TransactionEntry, isRouted: boolean): number {
  const slot = slotOf(descriptor, args)
  if (slot === 'cross') throw crossSlot(descriptor.name)
  if (slot !== 'none') return slot
  const { route } = descriptor
  if (route === 'never') throw usage(descriptor.name, 'a cluster has no use for it')
  if (route === 'node' && !isRouted) throw usage(descriptor.name, 'use cluster.node(node) or with({ route: key })')
  return anySlot
}

/** The error for keys, or shard channels, that have different slots. */
export function crossSlot(
  command: string,
  advice = 'its keys have different slots: give them one hash tag, as in {tag}key',
): UsageError {
  return new UsageError(`${command}: ${advice}`, { fate: 'not-executed', command, code: 'CROSS_SLOT' })
}
