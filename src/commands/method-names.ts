/**
 * Returns the name of the method for a command. It is in lower case, but each word after a space, a dot, a hyphen or an
 * underscore begins with a capital: `XINFO STREAM` is `xinfoStream`, `JSON.SET` is `jsonSet`, `EVAL_RO` is `evalRo`.
 * The pattern matches one character at a time, so that a long run of other characters takes linear time.
 */
export const methodName = (command: string): string =>
  command.toLowerCase().replace(/[^a-z0-9]([a-z0-9]?)/g, (_, letter: string) => letter.toUpperCase())
