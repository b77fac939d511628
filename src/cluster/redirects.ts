import type { Redirect } from '../options/options.js'

/** `MOVED 3999 10.0.0.7:6379`. The host may be empty. An IPv6 address has no brackets. */
const place = /^(MOVED|ASK) (\d+) (.*):(\d+)$/

/** The node can't serve the slot, or a master was demoted while a command was blocked. */
const isOwnerGone = /^(CLUSTERDOWN|READONLY|UNBLOCKED .*state changed)\b/

/** Reads an error reply as a redirection; returns undefined for other errors. Redis cluster specification. */
export function redirectOf(text: string): Redirect | undefined {
  const [, word, slot, host = '', port] = place.exec(text) ?? []
  // A node that does not know the address of the owner names `?`.
  if (word !== undefined && host !== '?') {
    return { to: word.toLowerCase() as 'moved' | 'ask', slot: Number(slot), host, port: Number(port) }
  }
  const to = /^TRYAGAIN\b/.test(text) ? 'later' : word !== undefined || isOwnerGone.test(text) ? 'owner' : undefined
  return to && { to, slot: -1, host, port: 0 }
}
