/**
 * The name of the method for a command: lower case; what stands after a space, a dot, a hyphen or an underscore begins with a
 * capital. `XINFO STREAM` is `xinfoStream`, `JSON.SET` is `jsonSet`, `EVAL_RO` is `evalRo`.
 * The pattern matches every run of other characters at its first one: a long run without a letter behind it takes linear time.
 */
export const methodName = (command: string): string =>
  command.toLowerCase().replace(/[^a-z0-9]+([a-z0-9]|$)/g, (_, letter: string) => letter.toUpperCase())
