import { table } from './catalogue.js'
import { ScriptCommands } from './scripts.js'
import type { Text, Value } from './sender.js'

/** Commands on the server and the connection. What all methods have in common is said at `CommandExecutor`. */
export abstract class ServerCommands<Bulk extends string | Buffer> extends ScriptCommands<Bulk> {
  /**
   * Sends a message to the subscribers of a channel. Server documentation: PUBLISH.
   *
   * @returns how many got it from this server
   */
  publish(channel: Text, message: Value): Promise<number> {
    return this.execute(table.PUBLISH, ['PUBLISH', channel, message])
  }

  /**
   * Sends a message to the subscribers of a shard channel. Server documentation: SPUBLISH.
   *
   * @returns how many got it from this server
   */
  spublish(channel: Text, message: Value): Promise<number> {
    return this.execute(table.SPUBLISH, ['SPUBLISH', channel, message])
  }

  /**
   * Waits until replicas have what was written on the shared connection; what is sent behind it waits too. Server documentation: WAIT.
   *
   * @param timeout milliseconds; 0: without end
   * @returns how many replicas have it
   */
  wait(replicas: number, timeout: number): Promise<number> {
    return this.execute(table.WAIT, ['WAIT', replicas, timeout])
  }

  /**
   * Tests the connection. Server documentation: PING.
   */
  ping(): Promise<'PONG'> {
    return this.execute(table.PING, ['PING'])
  }

  /**
   * Returns what it is given. Server documentation: ECHO.
   */
  echo(message: Value): Promise<Bulk> {
    return this.execute(table.ECHO, ['ECHO', message])
  }

  /**
   * Information about the server. Server documentation: INFO.
   */
  info(...sections: Text[]): Promise<string> {
    return this.execute(table.INFO, ['INFO', ...sections])
  }

  /**
   * The number of keys in the database. Server documentation: DBSIZE.
   */
  dbsize(): Promise<number> {
    return this.execute(table.DBSIZE, ['DBSIZE'])
  }

  /**
   * The time of the server. Server documentation: TIME.
   */
  time(): Promise<[seconds: Bulk, microseconds: Bulk]> {
    return this.execute(table.TIME, ['TIME'])
  }

  /**
   * Deletes all keys of the database. Server documentation: FLUSHDB.
   *
   * @param mode default: as the server is set up
   */
  flushdb(mode?: 'ASYNC' | 'SYNC'): Promise<'OK'> {
    return this.execute(table.FLUSHDB, mode === undefined ? ['FLUSHDB'] : ['FLUSHDB', mode])
  }

  /**
   * Parameters of the server. Server documentation: CONFIG GET.
   */
  configGet(...parameters: Text[]): Promise<Record<string, Bulk>> {
    return this.execute(table['CONFIG GET'], ['CONFIG', 'GET', ...parameters])
  }

  /**
   * Sets a parameter of the server. Server documentation: CONFIG SET.
   */
  configSet(parameter: Text, value: Value): Promise<'OK'> {
    return this.execute(table['CONFIG SET'], ['CONFIG', 'SET', parameter, value])
  }

  /**
   * The number of the shared connection, by the server. Server documentation: CLIENT ID.
   */
  clientId(): Promise<number> {
    return this.execute(table['CLIENT ID'], ['CLIENT', 'ID'])
  }
}
