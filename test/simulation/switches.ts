/**
 * Schedules that show a fault which the client is known to have. Each is switched on, and its switch removed, with the change
 * that mends the fault.
 */
export const switches: Readonly<Record<'connectionIdsBeginAgain', boolean>> = {
  /**
   * A server that is started again counts its connections from 1, and strangers wait there. CLIENT UNBLOCK of a connection
   * to the process before can strike another's wait: seed 577.
   */
  connectionIdsBeginAgain: false,
}
