import type { ServerModel } from '../../lab/server/model.js'
import type { Chance } from './chance.js'
import { contended, queues, streams } from './operations/data.js'

/** Channels that are published to. */
export const channels = ['news:a', 'news:b', 'other'] as const

/** What other clients of the server do: they push elements, change watched keys, publish, and have scripts forgotten. */
export class World {
  /** Messages published so far, by channel: each says its number. */
  readonly published = new Map<string, number>(channels.map((channel) => [channel, 0]))
  /** When each message was published, by channel: that of number n at n - 1. */
  readonly publishedAt = new Map<string, number[]>(channels.map((channel) => [channel, []]))
  readonly #servers: { readonly models: readonly ServerModel[] }
  readonly #chance: Chance
  readonly #note: (text: () => string) => void
  #elements = 0

  readonly #now: () => number

  /** @param servers all of them have the same data; the first is the one that takes writes */
  constructor(
    servers: { readonly models: readonly ServerModel[] },
    chance: Chance,
    now: () => number,
    note: (text: () => string) => void,
  ) {
    this.#servers = servers
    this.#now = now
    this.#chance = chance
    this.#note = note
  }

  get #model(): ServerModel {
    return this.#servers.models[0] as ServerModel
  }

  /** Does something. */
  stir(): void {
    const kind = this.#chance.pick(['push', 'push', 'append', 'change', 'publish', 'publish', 'publish', 'forget'])
    if (kind === 'push') this.#push()
    else if (kind === 'append') this.#append()
    else if (kind === 'change') this.#model.store.execute(['INCR', this.#chance.pick(contended)], 0)
    else if (kind === 'forget') this.#model.scripts.clear()
    else this.publish(this.#chance.pick(channels))
  }

  publish(channel: string): void {
    const number = (this.published.get(channel) ?? 0) + 1
    this.published.set(channel, number)
    this.publishedAt.get(channel)?.push(this.#now())
    this.#note(() => `somebody publishes ${number} to ${channel}`)
    this.#model.broadcasts.publish(Buffer.from(channel), Buffer.from(String(number)))
    this.#model.broadcasts.publishToShard(Buffer.from(channel), Buffer.from(String(number)))
  }

  #append(): void {
    const stream = this.#chance.pick(streams)
    this.#note(() => `somebody appends to ${stream}`)
    this.#model.store.execute(['XADD', stream, '*', 'field', 'value'], 0)
    for (const model of this.#servers.models) model.waitingRoom.serve()
  }

  #push(): void {
    const queue = this.#chance.pick(queues)
    this.#elements += 1
    this.#note(() => `somebody pushes element ${this.#elements} to ${queue}`)
    this.#model.store.execute(['RPUSH', queue, `element ${this.#elements}`], 0)
    this.#model.waitingRoom.serve()
  }
}
