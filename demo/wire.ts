import type { FaultProxy } from '../lab/proxy/proxy.js'
import { RequestParser } from '../lab/server/request-parser.js'

/** Counts the requests that leave the client, by what they say: a witness of its attempts that shares no code with it. */
export class Wire {
  readonly #counts = new Map<string, number>()

  constructor(proxy: FaultProxy) {
    const parsers = new Map<number, RequestParser>()
    proxy.on('link', (link) => parsers.set(link.id, new RequestParser()))
    proxy.on('close', (link) => parsers.delete(link.id))
    proxy.on('request', (link, chunk) => {
      for (const args of parsers.get(link.id)?.push(chunk) ?? []) {
        const id = idOf(String(args[0]), String(args[1]))
        this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
      }
    })
  }

  /** How often a command with this first key was sent whole. */
  count(name: string, key: string): number {
    return this.#counts.get(idOf(name, key)) ?? 0
  }
}

const idOf = (name: string, key: string): string => `${name.toUpperCase()} ${key}`
