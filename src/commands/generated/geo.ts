// Made by `npm run generate`: not to be changed by hand. What it says: scripts/generate/README.md.

import type { AnyCase, AnyOrder, Digits, Numeric, Repeated, Spread, Text, Value, ZeroOrMore } from '../types/arguments.js'
import type { CallContext, Bulk, Sent } from '../types/replies.js'

export interface GeoCommands<C extends CallContext> {
  /**
   * Adds members with their positions, and returns how many are new. Server documentation: GEOADD.
   *
   * O(log(N)); since Redis 3.2.0. Resolves to `number`.
   */
  geoadd(key: Text, longitude: Digits, latitude: Numeric, member: Value, ...members: ZeroOrMore<Value>): Sent<C, number>
  /**
   * Adds members with their positions, and returns how many are new. Server documentation: GEOADD.
   *
   * O(log(N)); since Redis 3.2.0. Resolves to `number`.
   */
  geoadd(key: Text, option: 'NX' | 'XX' | 'CH', longitude: Digits, latitude: Numeric, member: Value, ...members: ZeroOrMore<Value>): Sent<C, number>
  /**
   * Adds members with their positions, and returns how many are new. Server documentation: GEOADD.
   *
   * O(log(N)); since Redis 3.2.0. Resolves to `number`.
   */
  geoadd(key: Text, ...args: [...AnyOrder<{ condition: [condition: 'NX' | 'XX']; change: ['CH'] }>, ...Repeated<[longitude: Numeric, latitude: Numeric, member: Value]>]): Sent<C, number>

  /**
   * Returns the distance between two members. Server documentation: GEODIST.
   *
   * O(1); since Redis 3.2.0. Resolves to `Bulk | null`.
   */
  geodist(key: Text, member1: Value, member2: Value, ...unit: [] | [unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>]): Sent<C, Bulk<C> | null>

  /**
   * Returns the positions of members as geohash strings. Server documentation: GEOHASH.
   *
   * O(1); since Redis 3.2.0. Resolves to `(Bulk | null)[]`.
   */
  geohash(key: Text, ...members: ZeroOrMore<Value>): Sent<C, (Bulk<C> | null)[]>

  /**
   * Returns the positions of members. Server documentation: GEOPOS.
   *
   * O(1); since Redis 3.2.0. Resolves to `([longitude: number, latitude: number] | null)[]`.
   */
  geopos(key: Text, ...members: ZeroOrMore<Value>): Sent<C, ([longitude: number, latitude: number] | null)[]>

  /**
   * Finds members within a radius of a position, or stores them. Server documentation: GEORADIUS.
   *
   * O(N+log(M)); since Redis 3.2.0. Resolves to `number | Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadius(key: Text, longitude: Numeric, latitude: Numeric, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...args: ('WITHCOORD' | 'WITHDIST' | 'WITHHASH' | 'COUNT' | Digits | 'ANY' | 'ASC' | 'DESC' | 'STORE' | Text | 'STOREDIST')[]): Sent<C, number | Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>

  /**
   * Finds members within a radius of a member, or stores them. Server documentation: GEORADIUSBYMEMBER.
   *
   * O(N+log(M)); since Redis 3.2.0. Resolves to `number | Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadiusbymember(key: Text, member: Value, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...args: ('WITHCOORD' | 'WITHDIST' | 'WITHHASH' | 'COUNT' | Digits | 'ANY' | 'ASC' | 'DESC' | 'STORE' | Text | 'STOREDIST')[]): Sent<C, number | Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>

  /**
   * Finds members within a radius of a member. Server documentation: GEORADIUSBYMEMBER_RO.
   *
   * O(N+log(M)); since Redis 3.2.10. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadiusbymemberRo(key: Text, member: Value, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...options: AnyOrder<{ countBlock: ['COUNT', count: Numeric, ...([] | ['ANY'])]; order: [order: 'ASC' | 'DESC'] }>): Sent<C, Bulk<C>[]>
  /**
   * Finds members within a radius of a member. Server documentation: GEORADIUSBYMEMBER_RO.
   *
   * O(N+log(M)); since Redis 3.2.10. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadiusbymemberRo(key: Text, member: Value, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...args: ('WITHCOORD' | 'WITHDIST' | 'WITHHASH' | 'COUNT' | Digits | 'ANY' | 'ASC' | 'DESC')[]): Sent<C, Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>

  /**
   * Finds members within a radius of a position. Server documentation: GEORADIUS_RO.
   *
   * O(N+log(M)); since Redis 3.2.10. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadiusRo(key: Text, longitude: Numeric, latitude: Numeric, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...options: AnyOrder<{ countBlock: ['COUNT', count: Numeric, ...([] | ['ANY'])]; order: [order: 'ASC' | 'DESC'] }>): Sent<C, Bulk<C>[]>
  /**
   * Finds members within a radius of a position. Server documentation: GEORADIUS_RO.
   *
   * O(N+log(M)); since Redis 3.2.10. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  georadiusRo(key: Text, longitude: Numeric, latitude: Numeric, radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>, ...args: ('WITHCOORD' | 'WITHDIST' | 'WITHHASH' | 'COUNT' | Digits | 'ANY' | 'ASC' | 'DESC')[]): Sent<C, Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>

  /**
   * Finds members within an area. Server documentation: GEOSEARCH.
   *
   * O(N+log(M)); since Redis 6.2.0. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  geosearch(key: Text, ...args: [...([] | ['FROMMEMBER', member: Value] | ['FROMLONLAT', longitude: Numeric, latitude: Numeric]), ...(['BYRADIUS', radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>] | ['BYBOX', width: Numeric, height: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>] | ['BYPOLYGON', numVertices: Numeric, ...Repeated<[longitude: Digits, latitude: Digits]>]), ...AnyOrder<{ order: [order: 'ASC' | 'DESC']; countBlock: ['COUNT', count: Numeric, ...([] | ['ANY'])] }>]): Sent<C, Bulk<C>[]>
  /**
   * Finds members within an area. Server documentation: GEOSEARCH.
   *
   * O(N+log(M)); since Redis 6.2.0. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  geosearch(key: Text, ...args: [...([] | ['FROMMEMBER', member: Value] | ['FROMLONLAT', longitude: Numeric, latitude: Numeric]), ...(['BYRADIUS', radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>] | ['BYBOX', width: Numeric, height: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>]), ...('ASC' | 'DESC' | 'COUNT' | Digits | 'ANY' | 'WITHCOORD' | 'WITHDIST' | 'WITHHASH')[]]): Sent<C, Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>
  /**
   * Finds members within an area. Server documentation: GEOSEARCH.
   *
   * O(N+log(M)); since Redis 6.2.0. Resolves to `Bulk[]`, `Bulk[] | [member: Bulk, ...(Bulk | number | [longitude: number, latitude: number])[]][]`.
   */
  geosearch(key: Text, ...args: [...([] | ['FROMMEMBER', member: Value] | ['FROMLONLAT', longitude: Numeric, latitude: Numeric]), ...[Spread<'BYRADIUS' | Digits | 'M' | 'KM' | 'FT' | 'MI' | 'BYBOX' | 'BYPOLYGON' | 'ASC' | 'DESC' | 'COUNT' | 'ANY' | 'WITHCOORD' | 'WITHDIST' | 'WITHHASH'>, ...(Spread<'BYRADIUS' | Digits | 'M' | 'KM' | 'FT' | 'MI' | 'BYBOX' | 'BYPOLYGON' | 'ASC' | 'DESC' | 'COUNT' | 'ANY' | 'WITHCOORD' | 'WITHDIST' | 'WITHHASH'>)[]]]): Sent<C, Bulk<C>[] | [member: Bulk<C>, ...(Bulk<C> | number | [longitude: number, latitude: number])[]][]>

  /**
   * Stores the members within an area, and returns how many. Server documentation: GEOSEARCHSTORE.
   *
   * O(N+log(M)); since Redis 6.2.0. Resolves to `number`.
   */
  geosearchstore(destination: Text, source: Text, ...args: [...([] | ['FROMMEMBER', member: Value] | ['FROMLONLAT', longitude: Numeric, latitude: Numeric]), ...(['BYRADIUS', radius: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>] | ['BYBOX', width: Numeric, height: Numeric, unit: AnyCase<'M' | 'KM' | 'FT' | 'MI'>] | ['BYPOLYGON', numVertices: Numeric, ...Repeated<[longitude: Digits, latitude: Digits]>]), ...AnyOrder<{ order: [order: 'ASC' | 'DESC']; countBlock: ['COUNT', count: Numeric, ...([] | ['ANY'])]; storedist: ['STOREDIST'] }>]): Sent<C, number>
}
