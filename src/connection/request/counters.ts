/** The traffic of one connection. */
export interface Traffic {
  readonly answered: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Number of requests whose reply is pending. */
  readonly owedCount: number
}

/** What has happened on a connection so far. */
export class Counters {
  /** Connections that became ready, and how many of them were lost. */
  connections = 0
  lost = 0
  /** Requests sent, including replays. */
  sent = 0
  /** Replies given to requests, on connections that have ended. */
  answered = 0
  /** Requests that were sent again, and requests that were rejected, because a connection was lost. */
  replayed = 0
  rejectedOnLoss = 0
  /** Replies that refuse a request temporarily. */
  refusedForNow = 0
  aborted = 0
  timedOut = 0
  /** Bytes read and written on connections that have ended. */
  bytesRead = 0
  bytesWritten = 0

  /** Adds the counts of a connection that has ended. */
  addEnded({ answered, bytesRead, bytesWritten }: Omit<Traffic, 'owedCount'>): void {
    this.answered += answered
    this.bytesRead += bytesRead
    this.bytesWritten += bytesWritten
  }
}
