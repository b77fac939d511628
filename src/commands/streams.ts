import type { Argument } from '../protocol/types.js'
import { table } from './catalogue.js'
import { pairsOf } from './pairs.js'
import type { Text, Value } from './sender.js'
import { SortedSetCommands } from './sorted-sets.js'

/** An entry of a stream. */
export interface StreamEntry<Bulk> {
  readonly id: string
  /** In the order of XADD; a name may come twice. Null if the entry was deleted. */
  readonly fields: [field: Bulk, value: Bulk][] | null
}

/** Commands on streams. What all methods have in common is said at `CommandExecutor`. */
export abstract class StreamCommands<Bulk extends string | Buffer> extends SortedSetCommands<Bulk> {
  /**
   * Appends an entry to a stream. Server documentation: XADD.
   *
   * @param id `'*'` lets the server choose
   * @returns the id of the entry
   */
  xadd(key: Text, id: Text, fields: Readonly<Record<string, Value>>): Promise<string> {
    return this.execute(table.XADD, ['XADD', key, id, ...pairsOf(fields)])
  }

  /**
   * The number of entries. Server documentation: XLEN.
   */
  xlen(key: Text): Promise<number> {
    return this.execute(table.XLEN, ['XLEN', key])
  }

  /**
   * Entries in a range of ids. Server documentation: XRANGE.
   *
   * @param start, end ids, inclusive; `'-'` and `'+'` are no bounds
   * @param count at most so many; default: all
   */
  xrange(key: Text, start: Text, end: Text, count?: number): Promise<StreamEntry<Bulk>[]> {
    return this.execute(
      table.XRANGE,
      count === undefined ? ['XRANGE', key, start, end] : ['XRANGE', key, start, end, 'COUNT', count],
    )
  }

  /**
   * Entries of streams after given ids. With `block` it waits for some on a pooled connection, and is unblocked if
   * aborted or timed out. Server documentation: XREAD.
   *
   * @param streams the id after which to read, by key; `'$'`: only what comes from now on
   * @param options.count at most so many of each; default: all
   * @param options.block milliseconds to wait for entries; 0: without end; default: not at all
   * @returns entries by key (a Map with `maps: 'map'`); null when there are none
   */
  xread(
    streams: Readonly<Record<string, string>>,
    options: { readonly count?: number; readonly block?: number } = {},
  ): Promise<Record<string, StreamEntry<Bulk>[]> | null> {
    return this.execute(table.XREAD, ['XREAD', ...readOptions(options), ...streamsOf(streams)])
  }

  /**
   * Entries that a consumer is given as a member of a group, waiting for them as {@link xread}. Server documentation: XREADGROUP.
   *
   * @param streams `'>'` for entries given to nobody yet, or an id for those given to this consumer, by key
   * @param options.count at most so many of each; default: all
   * @param options.block milliseconds to wait for entries; 0: without end; default: not at all
   * @param options.noAck entries count as acknowledged; default false
   * @returns entries by key (a Map with `maps: 'map'`); null when there are none
   */
  xreadgroup(
    group: Text,
    consumer: Text,
    streams: Readonly<Record<string, string>>,
    options: { readonly count?: number; readonly block?: number; readonly noAck?: boolean } = {},
  ): Promise<Record<string, StreamEntry<Bulk>[]> | null> {
    const { noAck = false } = options
    return this.execute(table.XREADGROUP, [
      'XREADGROUP',
      'GROUP',
      group,
      consumer,
      ...readOptions(options),
      ...(noAck ? ['NOACK'] : []),
      ...streamsOf(streams),
    ])
  }

  /**
   * Makes a group of consumers of a stream, and the stream if need be. Server documentation: XGROUP CREATE.
   *
   * @param id the last entry that counts as given; `'$'`: the last there is
   */
  xgroupCreate(key: Text, group: Text, id: Text): Promise<'OK'> {
    return this.execute(table['XGROUP CREATE'], ['XGROUP', 'CREATE', key, group, id, 'MKSTREAM'])
  }

  /**
   * Deletes entries. Server documentation: XDEL.
   *
   * @returns how many there were
   */
  xdel(key: Text, ...ids: Text[]): Promise<number> {
    return this.execute(table.XDEL, ['XDEL', key, ...ids])
  }

  /**
   * Acknowledges entries that a group was given. Server documentation: XACK.
   *
   * @returns how many were pending
   */
  xack(key: Text, group: Text, ...ids: Text[]): Promise<number> {
    return this.execute(table.XACK, ['XACK', key, group, ...ids])
  }
}

function readOptions({ count, block }: { readonly count?: number; readonly block?: number }): Argument[] {
  return [...(count === undefined ? [] : ['COUNT', count]), ...(block === undefined ? [] : ['BLOCK', block])]
}

function streamsOf(streams: Readonly<Record<string, string>>): Argument[] {
  return ['STREAMS', ...Object.keys(streams), ...Object.values(streams)]
}
