import type { Mutation } from './mutation.js'

/** Mistakes that somebody could make, each of which the simulation must find. */
export const mutants: Readonly<Record<string, Mutation>> = {
  'CLIENT UNBLOCK is sent to whatever server there is': {
    file: 'sessions/leased-connections.ts',
    from: 'return connection !== undefined && this.#settings.fence.isSameServer(connection.identity, identity)',
    to: 'return connection !== undefined',
  },
  'a lost connection is killed at whatever server there is': {
    file: 'connection/fence/fence.ts',
    from: 'askedOn !== on && this.isSameServer(identity, on)',
    to: 'askedOn !== on',
  },
  'what may have run is called not-executed': {
    file: 'connection/request/doubt.ts',
    from: "fate: Fate = 'unknown'",
    to: "fate: Fate = 'not-executed'",
  },
  'what was sent is called executed on no evidence': {
    file: 'connection/request/fate.ts',
    from: "return 'unknown'\n}",
    to: "return 'executed'\n}",
  },
  'a lost first attempt is forgotten when the second is not sent': {
    file: 'connection/request/settle-lost.ts',
    from: 'request.noteAttempt(fate, doubt)',
    to: '',
  },
  'part of a reply is taken for a refusal': {
    file: 'connection/request/fate.ts',
    from: "if (replySeen === 'value') return 'executed'",
    to: "if (replySeen === 'value') return 'refused'",
  },
  'the last frame is taken for incomplete without proof': {
    file: 'connection/wire/evidence.ts',
    from: 'const neverSent = unsentOfFrame >= slot.neededBytes',
    to: 'const neverSent = index === slots.length - 1',
  },
  'the slot of an aborted command is dropped': {
    file: 'connection/wire/connection.ts',
    from: '    const slot = this.#ledger.first()\n    if (slot === undefined || slot === pingSlot) {',
    to: `    let slot = this.#ledger.first()
    while (slot !== undefined && slot !== pingSlot && slot.state === 'settled') {
      this.#ledger.shift()
      slot = this.#ledger.first()
    }
    if (slot === undefined || slot === pingSlot) {`,
  },
  'an aborted command in the queue is sent all the same': {
    file: 'connection/request/queue.ts',
    from: "      if (request.state !== 'queued') continue\n",
    to: '',
  },
  'an abandoned command is sent again': {
    file: 'connection/request/fate.ts',
    from: "if (abandoned) return { action: 'drop', fate }",
    to: '',
  },
  'commands are replayed in reverse order': {
    file: 'connection/request/settle-lost.ts',
    from: 'again.push(request)',
    to: 'again.unshift(request)',
  },
  'commands are replayed behind those that wait': {
    file: 'connection/request/queue.ts',
    from: 'this.#items.unshift(request)',
    to: 'this.#items.push(request)',
  },
  'the policy is not asked': {
    file: 'connection/request/fate.ts',
    from: 'const isAllowed = !isAtFault && (neverSent || mayReplay)',
    to: 'const isAllowed = true',
  },
  'one attempt more than allowed': {
    file: 'connection/request/fate.ts',
    from: 'attempts < maxAttempts',
    to: 'attempts <= maxAttempts',
  },
  'one attempt less than allowed': {
    file: 'connection/request/fate.ts',
    from: 'attempts < maxAttempts',
    to: 'attempts + 1 < maxAttempts',
  },
  'the ring loses its newest when it grows': {
    file: 'connection/request/ledger.ts',
    from: 'for (let i = 0; i < length; i += 1) slots[i]',
    to: 'for (let i = 0; i < length - 1; i += 1) slots[i]',
  },
  'the ring grows one too late': {
    file: 'connection/request/ledger.ts',
    from: '  push(item: T): void {\n    if (this.length > this.#mask) this.#grow()',
    to: '  push(item: T): void {\n    if (this.length > this.#mask + 1) this.#grow()',
  },
  'a refused write takes one command too few back': {
    file: 'connection/request/ledger.ts',
    from: 'for (let i = this.#tail - count;',
    to: 'for (let i = this.#tail - count + 1;',
  },
  'the own PING has no slot': {
    file: 'connection/wire/request-writer.ts',
    // And none to take back: taking one from an empty ledger would run for ever.
    from: "    this.#ledger.push(pingSlot)\n    if (this.#writeBuffer.write() !== 'refused') return true\n    this.#ledger.takeNewest(1)\n",
    to: "    if (this.#writeBuffer.write() !== 'refused') return true\n",
  },
  'a dead link is never noticed': {
    file: 'connection/wire/heartbeat.ts',
    from: 'this.#subject.onStalled(silence)',
    to: '',
  },
  'a listener is left at the signal': {
    file: 'connection/request/cancellation.ts',
    from: "      this.signal.removeEventListener('abort', this.#onAbort)\n",
    to: '',
  },
  'a timer is left after the end': {
    file: 'connection/shared/shared-connection.ts',
    from: '    const lostRequests = this.#supervisor.end()\n    this.#stopTimers()\n',
    to: '    const lostRequests = this.#supervisor.end()\n',
  },
  'the queue is forgotten when connecting is given up': {
    file: 'connection/shared/shared-connection.ts',
    from: 'this.backlog.rejectAll(rejections.notConnected(error))',
    to: '',
  },
  'more is written after a refused write': {
    file: 'connection/transport/write-buffer.ts',
    from: '      this.#rest.begin([], 0)\n      this.#bytesWritten -= size',
    to: '      this.#rest.begin([], 0)\n      this.#isPending = false\n      this.#bytesWritten -= size',
  },
  'the rest of a large frame is forgotten': {
    file: 'connection/transport/write-buffer.ts',
    from: "if (result === 'taken') return this.#writeOn()",
    to: "if (result !== 'refused') {\n      this.#rest.begin([], 0)\n      this.#isPending = false\n      return result\n    }",
  },
  'what is refused for now is taken for run': {
    file: 'connection/shared/shared-connection.ts',
    from: 'this.backlog.setApart(request)',
    to: '',
  },
  'a time limit is forgotten once the command was sent': {
    file: 'connection/request/deadlines.ts',
    from: 'while (request !== null && request.calledAt + timeout <= now) {',
    to: "while (request !== null && request.calledAt + timeout <= now && request.state === 'queued') {",
  },
  'an element taken for a caller who gave up is thrown away': {
    file: 'dispatch/waiting-request.ts',
    from: 'if (this.giveUp !== null && tookNothing(reply))',
    to: 'if (this.giveUp !== null)',
  },
  'a connection is lent again while CLIENT UNBLOCK may still strike': {
    file: 'connection/leased/unblock.ts',
    from: 'return !this.#isAsking',
    to: 'return true',
  },
  'a lost BLPOP is sent again against its policy': {
    file: 'dispatch/waiting-request.ts',
    from: 'return this.giveUp === null && super.mayReplay()',
    to: 'return this.giveUp === null',
  },
  'a session leaves its database to the next': {
    file: 'sessions/session.ts',
    from: 'if (hasSelected) repairs.push(',
    to: 'if (!hasSelected) repairs.push(',
  },
  'a session is not told that its connection was lost as it began': {
    file: 'sessions/leased-connections.ts',
    from: 'onLease: (connection) => resolve(this.begin(connection))',
    to: 'onLease: (connection) => queueMicrotask(() => resolve(this.begin(connection)))',
  },
  'nothing is subscribed to again after a reconnect': {
    file: 'connection/pubsub/subscriber.ts',
    from: "for (const kind of ['channel', 'pattern', 'shard'] as const) this.#ask('subscribe', kind, this.#topics.of(kind))",
    to: "if (this.#queue.length === 0) this.#ask('subscribe', 'channel', this.#topics.of('channel'))",
  },
  'a gap is not told of': {
    file: 'pubsub/subscription.ts',
    from: 'if (!this.#hasBegun) return',
    to: 'if (this.#gaps >= 0) return',
  },
  'a message is given to those who listen to something else': {
    file: 'connection/pubsub/subscriber.ts',
    from: 'tellMessage(topic, channel, message)',
    to: 'for (const each of this.#topics) tellMessage(each, channel, message)',
  },
  'a request that can not be encoded leaves a part of it behind': {
    file: 'connection/wire/request-writer.ts',
    from: '      encoder.rollBack()\n',
    to: '',
  },
  'a byte array is believed about its length': {
    file: 'protocol/byte-arrays.ts',
    from: 'return length.call(bytes)\n',
    to: 'return bytes.length\n',
  },
  'what was detached or resized since the call is sent': {
    file: 'dispatch/configured-request.ts',
    from: 'if (lengths !== this.#lengths) {',
    to: 'if (this.#lengths < 0) {',
  },
  'what fails to be encoded again is told as if it had never been sent': {
    file: 'connection/request/request.ts',
    from: "this.#earlier ?? { certain: 'not-executed', doubts: [] }",
    to: "{ certain: 'not-executed' as const, doubts: [] }",
  },
  'a passing prefix is believed of a script': {
    file: 'dispatch/command-request.ts',
    from: 'if (refusal === undefined || this.descriptor.runsUserCode !== true) return refusal',
    to: 'if (this.bytes >= 0) return refusal',
  },
  'a script that says BUSY uses up no attempt': {
    file: 'connection/wire/connection.ts',
    from: "if (refusal.mayHaveRun) slot.noteAttempt('refused')\n      else slot.attempts -= 1",
    to: 'slot.attempts -= 1',
  },
  'a connection is used on after an EXEC that may have left its transaction open': {
    file: 'connection/wire/connection.ts',
    from: 'else if (isInDoubt) this.end(inDoubt(slot, error))',
    to: '',
  },
  'an EXEC that was refused with others behind it is believed': {
    file: 'connection/wire/connection.ts',
    from: 'if (isInDoubt && this.#ledger.length + this.#writer.silentBytes > 0) {',
    to: 'if (isInDoubt && this.answered < 0) {',
  },
  'what each command came to is not looked at when MULTI was refused': {
    file: 'commands/transaction-results.ts',
    from: 'const ran = entries.length - refused',
    to: 'const ran = 0 * refused',
  },
  'memory of a caller who may give up is referenced': {
    file: 'connection/wire/request-writer.ts',
    from: 'encoder.mayReference = !request.mayBeAbandoned',
    to: 'encoder.mayReference = true',
  },
  'a frame that is cut counts as no attempt': {
    file: 'connection/request/settle-lost.ts',
    from: '? !wasBegun',
    to: '? true',
  },
  'a refused write counts as an attempt': {
    file: 'connection/wire/request-writer.ts',
    from: "        request.state = 'queued'\n        if (!request.asksFurther) request.attempts -= 1\n",
    to: "        request.state = 'queued'\n",
  },
  'CLIENT UNBLOCK is asked for while another request is in front': {
    file: 'connection/leased/unblock.ts',
    from: 'if (this.#connection.oldest !== this.#request) {',
    to: 'if (this.#connection.oldest === undefined) {',
  },
  'requests refused for now are sent behind those that wait': {
    file: 'connection/shared/backlog.ts',
    from: 'this.queue.putBack(this.refused.takeAll())',
    to: 'for (const request of this.refused.takeAll()) this.queue.push(request)',
  },
  'what the server has read to its end is called not executed': {
    file: 'connection/wire/evidence.ts',
    from: 'stream.bytesWritten - behind - slot.neededBytes',
    to: 'stream.bytesWritten - behind - slot.neededBytes + 1',
  },
  'a connection is called fenced on another process': {
    file: 'connection/fence/fence.ts',
    from: 'return !this.#isMultiplexed && one.isAtServerOf(other)',
    to: 'return !this.#isMultiplexed',
  },
  'a connection is called fenced although it could not be': {
    file: 'connection/fence/fence.ts',
    from: 'this.#take(unfenced)\n      unfenced.settle(false)',
    to: 'this.#take(unfenced)\n      unfenced.settle(true)',
  },
}
