/** Calls a method by its name with anything for arguments, as a caller in plain JavaScript may. */
export function invoke(target: object, name: string, ...args: readonly unknown[]): unknown {
  return (target as Record<string, (...args: readonly unknown[]) => unknown>)[name]?.(...args)
}
