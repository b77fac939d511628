import { clusterUnitMutants } from '../cluster/mutants.js'
import { onceMutants } from '../once/mutants.js'
import { sentinelMutants } from '../sentinel/mutants.js'
import { attackMutants } from './attack-mutants.js'
import { fenceMutants } from './fence-mutants.js'
import type { Mutation } from './mutation.js'

/** A mistake that a test of one file must find: what it breaks is not seen from outside, or too seldom. */
export interface UnitMutation extends Mutation {
  /** The test, within `test`. */
  readonly foundBy: string
}

/** Each is made in a run of its test alone. */
export const unitMutants: Readonly<Record<string, UnitMutation>> = {
  'commands are sent behind AUTH before it is answered': {
    file: 'credentials/auth-request.ts',
    from: 'override get isSentAlone(): boolean {\n    return true',
    to: 'override get isSentAlone(): boolean {\n    return false',
    foundBy: 'credentials/renewal.test.ts',
  },
  'AUTH is sent while a SUBSCRIBE is pending': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'if (connection.isBusy || this.#asked.length > 0) return',
    to: 'if (connection.isBusy) return',
    foundBy: 'credentials/renewal.test.ts',
  },
  'detached memory is looked at': {
    file: 'protocol/byte-arrays.ts',
    from: '  if (length.call(bytes) === 0) return Buffer.alloc(0)\n',
    to: '',
    foundBy: 'protocol/byte-arrays.test.ts',
  },
  'a reply is told before the rejection of an earlier command': {
    file: 'connection/request/async-callers.ts',
    from: 'if (waiting === 0) resolve(value)',
    to: 'if (waiting >= 0) resolve(value)',
    foundBy: 'connection/request/async-callers.test.ts',
  },
  'the stack of a rejection is captured when nobody can be found to await it': {
    file: 'connection/request/async-callers.ts',
    from: '}).then(resolve)',
    to: '})',
    foundBy: 'connection/request/async-callers.test.ts',
  },
  'promises are delayed for good after a rejection': {
    file: 'connection/request/async-callers.ts',
    from: '    waiting -= 1\n',
    to: '',
    foundBy: 'connection/request/async-callers.test.ts',
  },
  'the map of signals is never emptied': {
    file: 'connection/request/cancellation.ts',
    from: 'if (group.release()) this.#groups.delete(group.signal)',
    to: 'group.release()',
    foundBy: 'connection/request/cancellation.test.ts',
  },
  'a gap begins with the loss, not with the silence before it': {
    file: 'pubsub/subscription.ts',
    from: '{ from: new Date(heardAt), reason }',
    to: '{ from: new Date(this.#subscriber.wallTime), reason }',
    foundBy: 'pubsub/gap.test.ts',
  },
  'the silence before a loss is not told': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'this.#observer.onLost(reason, this.#heardAt)',
    to: 'this.#observer.onLost(reason, this.wallTime)',
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
    from: 'this.queue.putBack(this.refused.takeAll())',
    to: 'for (const request of this.refused.takeAll()) this.queue.push(request)',
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
    from: 'return this.#isOpened ? 1 : this.#bytesBehindMulti',
    to: 'return 1',
    foundBy: 'dispatch/transaction-request.test.ts',
  },
  'bytes in the place of a number are not read': {
    file: 'commands/words.ts',
    from: 'Number(word(argument))',
    to: 'Number(argument)',
    foundBy: 'dispatch/waiting-request.test.ts',
  },
  'a scan continues with the cursor of another connection': {
    file: 'dispatch/scan.ts',
    from: "cursor === '0' || answeredBy === source",
    to: 'true',
    foundBy: 'dispatch/scan.test.ts',
  },
  'all channels are subscribed to by one command': {
    file: 'connection/pubsub/subscription-request.ts',
    from: 'if (bytes <= commandBytes || next === first) continue',
    to: 'continue',
    foundBy: 'pubsub/subscription.test.ts',
  },
  'the rest of the subscriptions is forgotten when the socket takes no more': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'this.#isPingDue = !connection.isWritable',
    to: 'this.#isPingDue = false',
    foundBy: 'connection/wire/stall.test.ts',
  },
  'a write that is not taken counts as nothing waited for': {
    file: 'connection/wire/connection.ts',
    from: 'return this.#ledger.length > 0 || this.#writeBuffer.isPending',
    to: 'return this.#ledger.length > 0',
    foundBy: 'connection/wire/stall.test.ts',
  },
  'a connection that answered once resets the backoff': {
    file: 'connection/supervisor/supervisor.ts',
    from: 'if (connection.stayedUp) this.#policy.reset()',
    to: 'if (connection.stayedUp || connection.answered > 0) this.#policy.reset()',
    foundBy: 'connection/supervisor/supervisor.test.ts',
  },
  'a subscription that has ended stays in the list of its signal': {
    file: 'pubsub/subscription.ts',
    from: 'this.#abortable.signals?.delete(this.#abortable)',
    to: '',
    foundBy: 'pubsub/subscription.test.ts',
  },
  'a gap of which no message told is forgotten at the next': {
    file: 'pubsub/subscription.ts',
    from: 'this.#gap = joined(this.#gap, gap)',
    to: 'this.#gap = gap',
    foundBy: 'pubsub/gap.test.ts',
  },
  'a gap is dropped with the message that bears it': {
    file: 'pubsub/message-buffer.ts',
    from: 'this.#inherit(dropped, this.#items.shift() as T)',
    to: 'this.#items.shift() as T',
    foundBy: 'pubsub/gap.test.ts',
  },
  'a gap that was told is not told again after another loss': {
    file: 'pubsub/subscription.ts',
    from: 'this.#outage = { from, reason: first, isTold: false }',
    to: 'this.#outage ??= { from, reason: first, isTold: false }',
    foundBy: 'pubsub/gap.test.ts',
  },
  'a subscription with onMessage waits for messages that it will not be given': {
    file: 'pubsub/subscription.ts',
    from: 'return this.#options.onMessage === undefined ? this.#messageBuffer : { next: refuseIteration }',
    to: 'return this.#messageBuffer',
    foundBy: 'pubsub/subscription.test.ts',
  },
  'a subscription is not told of invalidated keys': {
    file: 'connection/pubsub/subscriber.ts',
    from: '!(topic.key === invalidations && areKeys(message))',
    to: 'this.#topics.size > 0',
    foundBy: 'pubsub/subscription.test.ts',
  },
  'AUTH is sent while replies are pending': {
    file: 'connection/wire/request-writer.ts',
    from: '(ledger.length > 0 && (isAlone ||',
    to: '(ledger.length < 0 && (isAlone ||',
    foundBy: 'sessions/sent-alone.test.ts',
  },
  'an attempt is kept although no byte of its frame left': {
    file: 'connection/request/settle-lost.ts',
    from: '? !wasBegun',
    to: '? false',
    foundBy: 'connection/request/settle-lost.test.ts',
  },
  'a script that may return a NOSCRIPT error is sent by its SHA-1': {
    file: 'dispatch/script-request.ts',
    from: ' && !mayImitate(source) && !this.args.some(mayImitate)',
    to: '',
    foundBy: 'client.test.ts',
  },
  'a script is sent by its source although the server says that it has it': {
    file: 'dispatch/script-request.ts',
    from: 'const isMissing = Array.isArray(reply) && reply[0] === 0',
    to: 'const isMissing = true',
    foundBy: 'client.test.ts',
  },
  'only one text means that HELLO is not known': {
    file: 'connection/wire/handshake.ts',
    from: 'return /^(WRONGPASS|NOAUTH|DENIED) /.test(message) || passes(message)',
    to: "return !message.startsWith('NOPROTO')",
    foundBy: 'connection/wire/handshake.test.ts',
  },
  'a TLS handshake that is not answered is called an answer that did not come': {
    file: 'connection/wire/opening.ts',
    from: 'this.#isSecuring = true',
    to: '',
    foundBy: 'real/opening.test.ts',
  },
  'lines are bounded more tightly than bulk strings': {
    file: 'protocol/limits.ts',
    from: '  lineBytes: 512 * 1024 * 1024,',
    to: '  lineBytes: 64 * 1024,',
    foundBy: 'real/long-lines.test.ts',
  },
  'a credentials provider that fails once ends all attempts': {
    file: 'connection/wire/connect-failure.ts',
    from: " && error.step !== 'CREDENTIALS'",
    to: '',
    foundBy: 'connection/supervisor/supervisor.test.ts',
  },
  'a refused password ends all attempts on the way back': {
    file: 'connection/supervisor/supervisor.ts',
    from: "if (this.status === 'connecting' && isFatal(error))",
    to: 'if (isFatal(error))',
    foundBy: 'connection/supervisor/supervisor.test.ts',
  },
  'an attempt ends in the turn in which it began': {
    file: 'connection/transport/socket-transport.ts',
    from: 'if (!this.#hasTurned) {',
    to: 'if (this.#hasTurned === undefined) {',
    foundBy: 'real/event-loop.test.ts',
  },
  'a connection made after unref() keeps the process alive': {
    file: 'core/environment.ts',
    from: 'open.add(socket[change]())',
    to: 'open.add(socket)',
    foundBy: 'core/environment.test.ts',
  },
  'a timer that has fired is kept': {
    file: 'core/environment.ts',
    from: '            open.delete(timer)\n            callback()',
    to: '            callback()',
    foundBy: 'core/environment.test.ts',
  },
  'only bytes of the same realm are accepted': {
    file: 'protocol/byte-arrays.ts',
    from: "return tag.call(value) === 'Uint8Array'",
    to: 'return value instanceof Uint8Array',
    foundBy: 'protocol/encoder.test.ts',
  },
  'a connection is dialed in the context of the caller': {
    file: 'connection/supervisor/connector.ts',
    from: 'inRootContext(() => this.#begin(attempt))',
    to: 'this.#begin(attempt)',
    foundBy: 'real/async-context.test.ts',
  },
  'a refusal for now uses up an attempt': {
    file: 'connection/wire/connection.ts',
    from: 'else slot.attempts -= 1',
    to: '',
    foundBy: 'client.test.ts',
  },
  'READONLY from a script is only its error': {
    file: 'connection/wire/connection.ts',
    from: 'if ((error !== undefined || this.#decoder.nestedErrors) && saysReadOnly(value)) this',
    to: 'if (error !== undefined && saysReadOnly(error) && slot.refusedForNow(error) !== undefined) this',
    foundBy: 'client.test.ts',
  },
  'a pooled connection to a replica is lent again': {
    file: 'connection/leased/dedicated-connection.ts',
    from: 'onReadOnly(): void {\n    this.spoil()',
    to: 'onReadOnly(): void {',
    foundBy: 'real/failover.test.ts',
  },
  'a refused write is sent again although a later one was answered': {
    file: 'connection/request/refusal-order.ts',
    from: 'for (const key of changes) changed.add(key)',
    to: 'for (const key of changes) changed.has(key)',
    foundBy: 'client.test.ts',
  },
  'a refused write is sent again although a lost one may have run': {
    file: 'connection/request/refusal-order.ts',
    from: '} else if (!neverRan.has(request) && ',
    to: '} else if (neverRan.size > 9 && ',
    foundBy: 'client.test.ts',
  },
  'refused requests are sent again before all replies came': {
    file: 'connection/shared/shared-connection.ts',
    from: 'const isStopped = this.#sendPause.isActive || this.#refusalOrder.isOpen',
    to: 'const isStopped = this.#sendPause.isActive',
    foundBy: 'client.test.ts',
  },
  'something is sent behind a script that may have to be sent again': {
    file: 'connection/wire/request-writer.ts',
    from: 'request.asksFurther !== this.#isAsking',
    to: 'request === undefined',
    foundBy: 'client.test.ts',
  },
  'a request that is sent alone is forgotten while others are in front of it': {
    file: 'connection/shared/shared-connection.ts',
    from: 'else if (this.backlog.queue.length > 0) this.#flush()',
    to: '',
    foundBy: 'client.test.ts',
  },
  'a reply beyond a limit is asked for again': {
    file: 'connection/request/fate.ts',
    from: 'const isAllowed = !isAtFault && (neverSent || mayReplay)',
    to: 'const isAllowed = neverSent || mayReplay',
    foundBy: 'connection/request/fate.test.ts',
  },
  'requests behind a reply beyond a limit keep their attempt without end': {
    file: 'connection/request/settle-lost.ts',
    from: 'if (times >= request.maxAttempts) return false',
    to: '',
    foundBy: 'connection/request/settle-lost.test.ts',
  },
  'requests behind a reply beyond a limit lose an attempt': {
    file: 'connection/wire/evidence.ts',
    from: "index === 0 ? 'own' : 'others'",
    to: "index === 0 ? 'own' : 'none'",
    foundBy: 'client.test.ts',
  },
  'garbage between two replies is blamed on the next': {
    file: 'connection/wire/connection.ts',
    from: 'isReplyAtFault: error !== undefined && this.#decoder.isMidReply,',
    to: 'isReplyAtFault: error !== undefined,',
    foundBy: 'client.test.ts',
  },
  'the oldest request never goes alone': {
    file: 'connection/shared/suspicion.ts',
    from: 'return this.#ends > 1 && !hasReplied',
    to: 'return false',
    foundBy: 'client.test.ts',
  },
  'requests go alone on and on': {
    file: 'connection/shared/suspicion.ts',
    from: 'return this.#ends > 1 && !hasReplied',
    to: 'return this.#ends > 1',
    foundBy: 'client.test.ts',
  },
  'a loss is told after the status that follows from it': {
    file: 'connection/supervisor/supervisor.ts',
    from: '    this.#owner.onLost(connection, end)\n    if',
    to: "    this.#status.to('reconnecting')\n    this.#owner.onLost(connection, end)\n    if",
    foundBy: 'dispatch/diagnostics.test.ts',
  },
  'repairs of a session are traced': {
    file: 'sessions/session.ts',
    from: 'repairs.push(this.#own.send(table.SELECT,',
    to: 'repairs.push(this.#own.execute(table.SELECT,',
    foundBy: 'dispatch/diagnostics.test.ts',
  },
  'a password that the server repeats is shown': {
    file: 'protocol/quoted-arguments.ts',
    from: "let text = message.replace(/(, with args beginning with:).*/s, '$1 ...')",
    to: 'let text = message',
    foundBy: 'errors.test.ts',
  },
  'memory that was detached is not noticed': {
    file: 'connection/transport/pending-write.ts',
    from: 'if (chunk.length === 0) return undefined',
    to: '',
    foundBy: 'connection/transport/pending-write.test.ts',
  },
  'CLIENT UNBLOCK is sent to another server': {
    file: 'sessions/unblock-request.ts',
    from: 'if (!this.#isSameServer()) throw',
    to: 'if (this.#isSameServer === undefined) throw',
    foundBy: 'sessions/unblock-request.test.ts',
  },
  'connections are at one server although neither knows its process': {
    file: 'connection/fence/identity.ts',
    from: 'return this.runId !== undefined && this.runId === other.runId',
    to: 'return this.runId === other.runId',
    foundBy: 'connection/fence/identity.test.ts',
  },
  'requests that were refused rejoin when another is put before all': {
    file: 'connection/shared/backlog.ts',
    from: 'const first = this.refused.length > 0 ? this.refused : this.queue',
    to: 'this.rejoin(); const first = this.queue',
    foundBy: 'connection/shared/backlog.test.ts',
  },
  ...attackMutants,
  ...fenceMutants,
  ...onceMutants,
  ...sentinelMutants,
  ...clusterUnitMutants,
  'a refused command whose caller is gone counts as run': {
    file: 'connection/request/refusal-order.ts',
    from: ' && !refusedUnheard.has(request)',
    to: '',
    foundBy: 'client.test.ts',
  },
}
