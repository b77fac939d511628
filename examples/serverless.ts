import { type Client, createClient } from 'respite'

let client: Client | undefined

/**
 * A function that is frozen between calls. The client is kept: the next call uses its connection if that still stands, and a new one
 * otherwise. A PING would not be sent while frozen, so it is off; a connection that the server closed meanwhile is found when the process
 * goes on, before or with the first command, and reads and idempotent writes are then sent again.
 */
export async function handler(event: { readonly url: string; readonly key: string }): Promise<string | null> {
  client ??= createClient(event.url, { pingInterval: 0, stallTimeout: 1_000, connectDeadline: 2_000 })
  return client.with({ timeout: 2_500 }).get(event.key)
}
