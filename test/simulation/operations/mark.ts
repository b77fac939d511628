/** The mark by which an operation is known wherever its bytes turn up: an argument that ends with it. */
export const markOf = (number: number): string => `t${number}`

/** The number of the operation that a command belongs to; undefined when it carries no mark. */
export function operationOf(args: readonly Buffer[]): number | undefined {
  for (const arg of args) {
    if (arg.length > 24) continue
    const match = /(?:^|:)t(\d+)$/.exec(arg.toString('latin1'))
    if (match !== null) return Number(match[1])
  }
  return undefined
}
