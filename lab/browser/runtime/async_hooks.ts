/** A page has one asynchronous context. */
export const AsyncLocalStorage = {
  snapshot:
    () =>
    <Result>(run: () => Result): Result =>
      run(),
}
