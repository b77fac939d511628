import type { Mutation } from './mutation.js'
import type { UnitMutation } from './unit-mutants.js'

/**
 * Mistakes written down by somebody who had read `src` and did not look at the tests. The simulation finds these; how many shows
 * what it would find of mistakes that nobody thought of.
 */
export const mutantsByAReader: Readonly<Record<string, Mutation>> = {
  'a READONLY does not renew the shared connection': {
    file: 'connection/shared/shared-connection.ts',
    from: 'if (!this.isClosing) this.#sendPause.isRetiring = true',
    to: '',
  },
  'what was sent behind a refused request is forgotten': {
    file: 'connection/request/refusal-order.ts',
    from: 'this.#sent = [request, ...behind]',
    to: 'this.#sent = [request]',
  },
  'sending goes on while replies behind a refusal are pending': {
    file: 'connection/shared/shared-connection.ts',
    from: 'const isStopped = this.#sendPause.isActive || this.#refusalOrder.isOpen',
    to: 'const isStopped = this.#sendPause.isActive',
  },
  'a withdrawn request keeps its place in the count': {
    file: 'connection/shared/backlog.ts',
    from: '    queue?.withdrawn(request)\n',
    to: '',
  },
  'silence is not measured once anything was read': {
    file: 'connection/wire/connection.ts',
    from: 'this.#waitingSince = this.#isWaiting ? this.#lastReadAt : undefined',
    to: 'this.#waitingSince = undefined',
  },
  'a part of QUEUED is taken for a part of the reply to EXEC': {
    file: 'connection/wire/evidence.ts',
    from: 'slot.repliesOwed > 1 || !decoder.isMidReply',
    to: '!decoder.isMidReply',
  },
  'no PING is sent on an idle connection': {
    file: 'connection/wire/heartbeat.ts',
    from: 'this.#subject.ping()',
    to: '',
  },
  'CLIENT UNBLOCK that was answered late is not noticed': {
    file: 'connection/leased/unblock.ts',
    from: "if (this.#request.state === 'settled') this.#onOver()\n",
    to: "if (this.#request.state === 'settled') return\n",
  },
  'an XREAD that is sent again waits its whole time': {
    file: 'connection/leased/blocking.ts',
    from: 'this.request.waited = now - this.#sentAt',
    to: 'this.request.waited = 0',
  },
  'a session leaves its watched keys to the next': {
    file: 'sessions/session.ts',
    from: "if (isWatching) repairs.push(this.#own.send(table.UNWATCH, ['UNWATCH']))",
    to: '',
  },
  'the last channels of a large subscription are not asked for': {
    file: 'connection/pubsub/subscription-request.ts',
    from: '  yield topics.slice(first)\n',
    to: '  if (first === 0) yield topics\n',
  },
  'of two gaps before a message only the later one is told': {
    file: 'pubsub/subscription.ts',
    from: 'earlier === undefined ? later : { ...earlier, until: later.until }',
    to: 'earlier === later ? earlier : later',
  },
  'a message overtakes the gap before it': {
    file: 'pubsub/subscription.ts',
    from: 'else if (this.#callsDue > 0) this.#callLater(onMessage, told)',
    to: 'else if (this.#callsDue < 0) this.#callLater(onMessage, told)',
  },
  'SKIP is believed while replies are off': {
    file: 'dispatch/reply-mode.ts',
    from: "this.#skips = mode === 'SKIP' && !this.#isOff",
    to: "this.#skips = mode === 'SKIP'; if (this.#skips) this.#isOff = false",
  },
  'a refused write is counted as written': {
    file: 'connection/transport/write-buffer.ts',
    from: '\n      this.#bytesWritten -= size',
    to: '',
  },
  'the timer is not set again for an earlier time limit': {
    file: 'connection/request/deadlines.ts',
    from: 'if (calledAt + timeout < this.#timerDue) this.#arm',
    to: 'if (this.#timerDue === Infinity) this.#arm',
  },
  'bytes of requests that are sent again are not counted': {
    file: 'connection/request/queue.ts',
    from: '      this.#items.unshift(request)\n      this.#live += 1\n      this.#bytes += request.bytes\n',
    to: '      this.#items.unshift(request)\n      this.#live += 1\n',
  },
  'a wrong password on the way back is final': {
    file: 'connection/supervisor/supervisor.ts',
    from: "if (this.status === 'connecting' && isFatal(error)) this.#giveUp(error)",
    to: 'if (isFatal(error)) this.#giveUp(error)',
  },
}

/** Those of the same list that the simulation finds seldom or never, and a test does. */
export const unitMutantsByAReader: Readonly<Record<string, UnitMutation>> = {
  'a suspicious connection is sent all that waits': {
    file: 'connection/shared/shared-connection.ts',
    from: 'isSuspicious ? 1 : Infinity',
    to: 'isSuspicious ? Infinity : Infinity',
    foundBy: 'client.test.ts',
  },
  'a command whose keys are not known shares none': {
    file: 'connection/request/refusal-order.ts',
    from: '? isAllChanged || changed.size > 0',
    to: '? isAllChanged',
    foundBy: 'connection/request/refusal-order.test.ts',
  },
  'close() does not wait for the blocking commands': {
    file: 'connection/shared/closing.ts',
    from: '    this.isHeld = true\n',
    to: '',
    foundBy: 'connection/shared/closing.test.ts',
  },
  'a reply that comes before its command was sent whole is believed': {
    file: 'connection/wire/connection.ts',
    from: 'const isEarly = this.#ledger.length === 0 && this.#writeBuffer.unhandedBytes > 0',
    to: 'const isEarly = this.answered < 0',
    foundBy: 'client.test.ts',
  },
  'a script that may have run is sent again on a new connection, whatever its policy': {
    file: 'dispatch/script-request.ts',
    from: 'if (!this.mayReplay() || this.attempts >= this.maxAttempts) throw',
    to: 'if (this.attempts < 0) throw',
    foundBy: 'client.test.ts',
  },
  'the delay between attempts to connect does not grow': {
    file: 'connection/supervisor/supervisor.ts',
    from: '    if (connection.stayedUp) this.#policy.reset()\n',
    to: '    this.#policy.reset()\n',
    foundBy: 'connection/supervisor/supervisor.test.ts',
  },
  'the neighbours of a reply beyond a limit lose their attempt': {
    file: 'connection/request/settle-lost.ts',
    from: "fault === 'others' && mayRequeue && request.mayReplay() && isSpared(request)",
    to: "fault === 'none' && mayRequeue && isSpared(request) && request.attempts < 0",
    foundBy: 'connection/request/settle-lost.test.ts',
  },
  'a request whose reply is beyond a limit is sent again': {
    file: 'connection/request/settle-lost.ts',
    from: "isAtFault: fault === 'own'",
    to: 'isAtFault: false',
    foundBy: 'client.test.ts',
  },
}
