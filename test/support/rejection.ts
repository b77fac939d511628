/** What a promise is rejected with. Rejects if it is fulfilled. */
export function rejection<Reason = unknown>(promise: Promise<unknown>): Promise<Reason> {
  return promise.then(
    (value) => Promise.reject(new Error(`resolved: ${String(value)}`)),
    (reason: Reason) => reason,
  )
}
