import { findServer, noServerMessage } from '../../scripts/find-server.js'

/** Without a server, tests fail and say what is missing, instead of being skipped silently. */
export function setup(): void {
  if (findServer() === undefined) throw new Error(noServerMessage)
}
