import { findServer, noServerMessage } from '../../scripts/find-server.js'

/** Tests without a server would pass by saying nothing: they fail instead, and say what is missing. */
export function setup(): void {
  if (findServer() === undefined) throw new Error(noServerMessage)
}
