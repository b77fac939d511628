import type { Client } from './client.js'
import type { ReplyOptions } from './commands/types/replies.js'
import { clientBrand } from './core/client-brand.js'

/**
 * Whether a value is a {@link Client}. Unlike `instanceof Client`, this is also true for a client of another copy of the package,
 * such as the CommonJS build beside the ES modules. It is false for what `with` returns, for sessions, and for the clients of
 * `respite/core` and `respite/cluster`.
 *
 * @param value any value
 *
 * @example
 * import { createClient, isClient } from 'respite'
 * const clientOf = (given: unknown) => (isClient(given) ? given : createClient(String(given)))
 */
export function isClient(value: unknown): value is Client<ReplyOptions> {
  return Object(value)[clientBrand] === true
}
