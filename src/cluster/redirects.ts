import { prefixOf } from '../errors.js'
import type { Redirect } from '../options/options.js'

/** `MOVED 3999 10.0.0.7:6379`. The host may be empty. An IPv6 address has no brackets. */
const place = /^(MOVED|ASK) (\d+) (.*):(\d+)$/

const nowhere = { slot: -1, host: '', port: 0 }

/** Reads an error reply as a redirection; returns undefined for other errors. Redis cluster specification. */
export function redirectOf(text: string): Redirect | undefined {
  const [, word, slot, host = '', port] = place.exec(text) ?? []
  if (word !== undefined) {
    return { to: word === 'ASK' ? 'ask' : 'moved', slot: Number(slot), host, port: Number(port) }
  }
  const prefix = prefixOf(text)
  if (prefix === 'TRYAGAIN') return { to: 'later', ...nowhere }
  const isOwnerGone = prefix === 'CLUSTERDOWN' || prefix === 'READONLY' || /^UNBLOCKED .*state changed/.test(text)
  return isOwnerGone ? { to: 'owner', ...nowhere } : undefined
}
