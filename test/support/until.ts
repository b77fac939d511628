/**
 * Asks every 5 ms whether a condition is true, until it is.
 * @throws Error after 30 seconds
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('waited for 30 seconds')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
