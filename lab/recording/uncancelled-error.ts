/**
 * Not an error of a client: the caller of a command that the client can't cancel has stopped waiting for it. The recorder marks
 * such a command, so that the client is not judged by what the lab did.
 */
export class UncancelledError extends Error {
  constructor() {
    super('its caller has stopped waiting, because the client cannot cancel it')
    this.name = 'UncancelledError'
  }
}
