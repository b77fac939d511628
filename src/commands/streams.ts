import { pairsOf } from './pairs.js'
import type { Text, Value } from './sender.js'
import { SortedSetCommands } from './sorted-sets.js'
import { table } from './table.js'

/** An entry of a stream: its id and its fields; null where the entry has been deleted. */
export type StreamEntry<Bulk> = [id: string, fields: Record<string, Bulk> | null]

/** Commands on streams. What all methods have in common is said at `Sender`. */
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
   * Entries of streams after given ids. Server documentation: XREAD.
   *
   * @param streams the id after which to read, by key
   * @param count at most so many of each; default: all
   * @returns entries by key (a Map with `maps: 'map'`); null when there are none
   */
  xread(
    streams: Readonly<Record<string, string>>,
    count?: number,
  ): Promise<Record<string, StreamEntry<Bulk>[]> | null> {
    return this.execute(
      table.XREAD,
      count === undefined
        ? ['XREAD', 'STREAMS', ...Object.keys(streams), ...Object.values(streams)]
        : ['XREAD', 'COUNT', count, 'STREAMS', ...Object.keys(streams), ...Object.values(streams)],
    )
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
