import type { UnitMutation } from './unit-mutants.js'

/** Mistakes in the fence, each of which a test of its files must find. */
export const fenceMutants: Readonly<Record<string, UnitMutation>> = {
  'nothing is fenced': {
    file: 'connection/shared/fencing.ts',
    from: '    backlog.putFirst(request)\n',
    to: '',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'the fence is sent behind what waits': {
    file: 'connection/shared/fencing.ts',
    from: 'backlog.putFirst(request)',
    to: 'backlog.queue.push(request)',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a fence that was refused for now is not asked again': {
    file: 'connection/fence/fence-request.ts',
    from: 'if (reply instanceof ErrorReply && isPassing(reply)) return true',
    to: '',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a connection is fenced although CLIENT INFO told of another': {
    file: 'connection/fence/identity.ts',
    from: 'return this.#line !== undefined && this.#line.id === this.id',
    to: 'return this.#line !== undefined',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a connection is fenced although CLIENT INFO was not answered on it': {
    file: 'connection/fence/identity.ts',
    from: 'return this.#line !== undefined && this.#line.id === this.id',
    to: 'return true',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a connection is closed on another process': {
    file: 'connection/fence/fence.ts',
    from: 'return !this.#isMultiplexed && one.isAtServerOf(other)',
    to: 'return !this.#isMultiplexed',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a connection is closed behind a proxy that shares its connections': {
    file: 'connection/fence/fence.ts',
    from: 'return !this.#isMultiplexed && one.isAtServerOf(other)',
    to: 'return one.isAtServerOf(other)',
    foundBy: 'sessions/unblock-request.test.ts',
  },
  'a connection that was dialed later may have a smaller number': {
    file: 'connection/fence/identity.ts',
    from: 'return id === before || this.dialedAt > other.toldAt',
    to: 'return id === before',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'connections that were dialed together may have the same number': {
    file: 'connection/fence/identity.ts',
    from: 'return id === before || this.dialedAt > other.toldAt',
    to: 'return this.dialedAt > other.toldAt',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'connections that were dialed together are taken for shared ones': {
    file: 'connection/fence/identity.ts',
    from: 'return id === before || this.dialedAt > other.toldAt',
    to: 'return true',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'only the last lost connection is fenced': {
    file: 'connection/fence/fence.ts',
    from: 'return this.unfenced.filter(',
    to: 'return this.unfenced.slice(-1).filter(',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'the address is put together': {
    file: 'connection/fence/identity.ts',
    from: "address: Buffer.from(address, 'latin1'),",
    to: 'address: Buffer.from(address),',
    foundBy: 'connection/fence/identity.test.ts',
  },
  'a line of CLIENT LIST is believed without its address': {
    file: 'connection/fence/fence-request.ts',
    from: 'line.id === id && line.address.equals(address) ?',
    to: 'line.id === id ?',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a line of CLIENT LIST is believed although nothing was closed': {
    file: 'connection/fence/fence-request.ts',
    from: '!Buffer.isBuffer(list) || killed !== 1',
    to: '!Buffer.isBuffer(list)',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'bytes are believed to be counted alike, whatever the server says': {
    file: 'connection/fence/identity.ts',
    from: 'this.countsBytes = unread >= 0 && unread <= infoBytes',
    to: 'this.countsBytes = !Number.isNaN(unread)',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'commands are taken for bytes that the server has read': {
    file: 'connection/fence/identity.ts',
    from: '/ tot-net-in=(\\d+)/',
    to: '/ tot-cmds=(\\d+)/',
    foundBy: 'connection/fence/identity.test.ts',
  },
  'a count is read out of the path of a socket': {
    file: 'connection/fence/identity.ts',
    from: "exec(text.slice(text.lastIndexOf(' fd=')))",
    to: 'exec(text)',
    foundBy: 'connection/fence/identity.test.ts',
  },
  'what is required to be fenced is sent again at once': {
    file: 'connection/shared/fencing.ts',
    from: 'this.#fence.isRequired ? !request.isRead : isTold',
    to: 'isTold',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'what can not be fenced is sent again although a fence is required': {
    file: 'connection/shared/fencing.ts',
    from: 'else if (this.#fence.isRequired) this.#rejectUnfenced()',
    to: '',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'what is not idempotent is sent again without waiting for what the server has read': {
    file: 'connection/shared/fencing.ts',
    from: 'isTold && !request.isIdempotent',
    to: 'false',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a blocking command is sent again before its connection is fenced': {
    file: 'connection/leased/blocking.ts',
    from: 'if (unfenced === undefined) this.#settleLoss(loss)\n    else unfenced.whenAnswered(() => this.#settleLoss(loss))',
    to: 'this.#settleLoss(loss)\n    unfenced?.whenAnswered(() => this.#settleLoss(loss))',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a late reply that tells nothing counts as a refusal': {
    file: 'connection/request/request.ts',
    from: 'outcome.doubt.settle(true, fate)',
    to: "outcome.doubt.settle(true, fate === 'unknown' ? 'refused' : fate)",
    foundBy: 'connection/fence/fence.test.ts',
  },
  'a transaction that the server discarded counts as executed when its reply is late': {
    file: 'dispatch/transaction-request.ts',
    from: 'return reply !== null',
    to: 'return true',
    foundBy: 'connection/fence/fence.test.ts',
  },
  'one fenced connection of several is enough': {
    file: 'connection/request/doubt.ts',
    from: 'this.#doubts.every(({ isFenced }) => isFenced)',
    to: 'this.#doubts.some(({ isFenced }) => isFenced)',
    foundBy: 'connection/fence/fence.test.ts',
  },
}
