/** What happened on a link since it was made. */
export class Counters {
  /** Connections that became ready, and those of them that were lost. */
  connections = 0
  lost = 0
  /** Requests handed to sockets, replays included. */
  sent = 0
  /** Replies given to requests, on connections that have ended. */
  answered = 0
  /** Requests sent again, and requests rejected, because their connection was lost. */
  replayed = 0
  rejectedOnLoss = 0
  /** Answers of a server that could not run a request just then. */
  refusedForNow = 0
  aborted = 0
  timedOut = 0
  /** On connections that have ended. */
  bytesRead = 0
  bytesWritten = 0
}
