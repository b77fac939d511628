import type { Client } from '../../../src/index.js'
import { library, load } from '../libraries.js'

const respite = await library('respite/dist/index.js')
const { storeClient } = await load('session-store')

/** What the tests of connect-redis import as `redis`: a client of this project, with what the tests themselves call. */
export function createClient({ url }: { readonly url: string }) {
  const client: Client = respite.createClient(url)
  return {
    ...storeClient(client),
    connect: () => client.connect(),
    destroy: () => client.destroy(),
    ttl: (key: string) => client.ttl(key),
  }
}
