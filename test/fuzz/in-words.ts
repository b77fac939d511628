/** A value as JSON, for messages and comparisons; bigints as `5n`, and what has no JSON by its type. */
export function inWords(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? `${each}n` : each,
  )
  return text ?? typeof value
}
