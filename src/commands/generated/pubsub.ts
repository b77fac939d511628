// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface PubsubCommands<C extends CallContext> {
  /**
   * Publishes a message, and returns how many connections to this server got it. Server documentation: PUBLISH.
   *
   * O(N+M); since Redis 2.0.0. Resolves to `number`.
   */
  publish(channel: Value, message: Value): Sent<C, number>

  /**
   * Lists the channels that have subscribers. Server documentation: PUBSUB CHANNELS.
   *
   * O(N); since Redis 2.8.0. Resolves to `Bulk[]`.
   */
  pubsubChannels(...pattern: [] | [pattern: Text]): Sent<C, Bulk<C>[]>

  /**
   * Describes the subcommands of PUBSUB. Server documentation: PUBSUB HELP.
   *
   * O(1); since Redis 6.2.0. Resolves to `string[]`.
   */
  pubsubHelp(): Sent<C, string[]>

  /**
   * Counts the patterns that are subscribed to. Server documentation: PUBSUB NUMPAT.
   *
   * O(1); since Redis 2.8.0. Resolves to `number`.
   */
  pubsubNumpat(): Sent<C, number>

  /**
   * Counts the subscribers of channels: channel and count in turn. Server documentation: PUBSUB NUMSUB.
   *
   * O(N); since Redis 2.8.0. Resolves to `(Bulk | number)[]`.
   */
  pubsubNumsub(...channels: ZeroOrMore<Value>): Sent<C, (Bulk<C> | number)[]>

  /**
   * Lists the shard channels that have subscribers. Server documentation: PUBSUB SHARDCHANNELS.
   *
   * O(N); since Redis 7.0.0. Resolves to `Bulk[]`.
   */
  pubsubShardchannels(...pattern: [] | [pattern: Text]): Sent<C, Bulk<C>[]>

  /**
   * Counts the subscribers of shard channels: channel and count in turn. Server documentation: PUBSUB SHARDNUMSUB.
   *
   * O(N); since Redis 7.0.0. Resolves to `(Bulk | number)[]`.
   */
  pubsubShardnumsub(...shardchannels: ZeroOrMore<Value>): Sent<C, (Bulk<C> | number)[]>

  /**
   * Publishes a message to a shard channel, and returns how many connections to this server got it. Server documentation: SPUBLISH.
   *
   * O(N); since Redis 7.0.0. Resolves to `number`.
   */
  spublish(shardchannel: Value, message: Value): Sent<C, number>
}
