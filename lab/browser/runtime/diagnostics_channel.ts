/** A channel that has no subscribers. */
export const channel = () => ({ hasSubscribers: false, publish: (): void => {} })

export const tracingChannel = () => ({
  start: channel(),
  end: channel(),
  asyncStart: channel(),
  asyncEnd: channel(),
  error: channel(),
})
