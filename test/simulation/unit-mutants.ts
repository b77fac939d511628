import type { Mutation } from './mutation.js'

/** A mistake that a test of one file must find: what it breaks is not seen from outside, or too seldom. */
export interface UnitMutation extends Mutation {
  /** The test, within `test`. */
  readonly foundBy: string
}

/** Each is made in a run of its test alone. */
export const unitMutants: Readonly<Record<string, UnitMutation>> = {
  'the map of signals is never emptied': {
    file: 'connection/request/cancellation.ts',
    from: 'if (group.release()) this.#groups.delete(group.signal)',
    to: 'group.release()',
    foundBy: 'connection/request/cancellation.test.ts',
  },
  'a gap begins with the loss, not with the silence before it': {
    file: 'pubsub/subscription.ts',
    from: 'new Date(Date.now() - silence)',
    to: 'new Date(Date.now())',
    foundBy: 'pubsub/gap.test.ts',
  },
  'the silence before a loss is not told': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'this.#clock.now() - lastReadAt',
    to: '0',
    foundBy: 'pubsub/gap.test.ts',
  },
  'expiry stops at the first younger request': {
    file: 'connection/shared/backlog.ts',
    from: 'if (oldest !== Infinity && request.attempts === 0) break',
    to: 'if (oldest !== Infinity) break',
    foundBy: 'connection/shared/backlog.test.ts',
  },
  'refused requests rejoin behind the queue': {
    file: 'connection/shared/backlog.ts',
    from: 'this.queue.putBack(this.#refused.takeAll())',
    to: 'for (const request of this.#refused.takeAll()) this.queue.push(request)',
    foundBy: 'connection/shared/backlog.test.ts',
  },
  'a heartbeat has no second look': {
    file: 'connection/wire/heartbeat.ts',
    from: 'if (!this.#isSuspect) {',
    to: 'if (this.#subject.waitingSince() === undefined) {',
    foundBy: 'connection/wire/heartbeat.test.ts',
  },
  'messages are given out before the confirmation': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'if (topic === undefined || !topic.isConfirmed) return',
    to: 'if (topic === undefined) return',
    foundBy: 'pubsub/gap.test.ts',
  },
  'a transaction whose MULTI has no answer is called never sent': {
    file: 'dispatch/transaction-request.ts',
    from: 'return this.#isOpened || unsentBytes >= this.#bytesBehindMulti',
    to: 'return unsentBytes > 0',
    foundBy: 'dispatch/transaction-request.test.ts',
  },
  'a scan continues with the cursor of another connection': {
    file: 'dispatch/scan.ts',
    from: "cursor === '0' || answeredBy === source",
    to: 'true',
    foundBy: 'dispatch/scan.test.ts',
  },
  'AUTH is sent while replies are pending': {
    file: 'connection/wire/request-writer.ts',
    from: 'if (request.isSentAlone && ledger.length > 0) {',
    to: 'if (request.isSentAlone && ledger.length < 0) {',
    foundBy: 'sessions/sent-alone.test.ts',
  },
  'an attempt is kept although no byte of its frame left': {
    file: 'connection/request/settle-lost.ts',
    from: "if (request.state === 'sent' && neverSent && !wasBegun) request.attempts -= 1",
    to: '',
    foundBy: 'connection/request/settle-lost.test.ts',
  },
  'a script is sent by its source although the server says that it has it': {
    file: 'dispatch/script-request.ts',
    from: 'const isMissing = Array.isArray(reply) && reply[0] === 0',
    to: 'const isMissing = true',
    foundBy: 'client.test.ts',
  },
  'memory that was detached is not noticed': {
    file: 'connection/transport/pending-write.ts',
    from: 'if (chunk.length === 0) return undefined',
    to: '',
    foundBy: 'connection/transport/pending-write.test.ts',
  },
}
