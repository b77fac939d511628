/** Calls a method by its name with any arguments, as callers in plain JavaScript can. */
export function invoke(target: object, name: string, ...args: readonly unknown[]): unknown {
  return (target as Record<string, (...args: readonly unknown[]) => unknown>)[name]?.(...args)
}
