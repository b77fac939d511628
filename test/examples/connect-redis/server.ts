import { startServer, type TestServer } from '../../support/server.js'

/** What the tests of connect-redis import as `./testdata/server`. */

let server: TestServer
export let port: number

export async function connect(): Promise<void> {
  server = await startServer()
  port = server.port
}

export async function disconnect(): Promise<void> {
  await server.stop()
}
