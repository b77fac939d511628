import { ServerCommands } from './server.js'

/**
 * All typed methods: each family of commands is a class in its own file, and extends the previous one.
 *
 * @typeParam Bulk what bulk strings are decoded to: string, or Buffer with `buffers: true`
 */
export abstract class Commands<Bulk extends string | Buffer = string> extends ServerCommands<Bulk> {}
