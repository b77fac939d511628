import type { Mutation } from '../mutation.js'

/** Mistakes that somebody could make in the client of a cluster, each of which the simulated cluster must find. */
export const clusterMutants: Readonly<Record<string, Mutation>> = {
  'ASK changes the owner of the slot': {
    file: 'cluster/router.ts',
    from: '    request.refusal = null\n    importing.take(request)\n',
    to: '    this.slots.set(slot, importing)\n    importing.take(request)\n',
  },
  'a slot moves before its old owner owes no reply': {
    file: 'cluster/ownership.ts',
    from: '    leaving.set(slot, target)\n',
    to: '    leaving.set(slot, target)\n    this.slots.set(slot, target)\n',
  },
  'what waits for a moved slot stays behind what is called later': {
    file: 'cluster/ownership.ts',
    from: '      this.slots.set(slot, target)\n',
    to: '      node.settings.clock.after(5, () => this.slots.set(slot, target))\n',
  },
  'a redirect counts as an attempt': {
    file: 'connection/wire/connection.ts',
    from: 'else slot.attempts -= 1',
    to: 'else if (refusal.redirect === undefined) slot.attempts -= 1',
  },
  'requests of a slot in trouble are sent at once': {
    file: 'cluster/router.ts',
    from: 'node === undefined || this.waiting.has(slot)',
    to: 'node === undefined',
  },
  'the queue of a slot is in the order in which requests come back': {
    file: 'cluster/slot-queue.ts',
    from: '.sort((one, other) => one.calledAt - other.calledAt)',
    to: '',
  },
  'a silent node that was deposed is waited for': {
    file: 'cluster/router.ts',
    from: "node.renew(new Error('the cluster has changed'), isOwner)",
    to: 'void 0',
  },
  'a node that was deposed is left although it answers': {
    file: 'cluster/router.ts',
    from: 'node.silence >= this.#subject.options.suspectAfter',
    to: 'node.isBusy',
  },
  'nobody asks whether a silent node was deposed': {
    file: 'cluster/cluster-runtime.ts',
    from: 'if (node.silence < this.options.suspectAfter) continue',
    to: 'if (node.silence < Infinity) continue',
  },
  'a refused request is sent after a later one of its key was answered': {
    file: 'connection/shared/shared-connection.ts',
    from: 'this.#refusalOrder.note(request, connection.owed())\n',
    to: 'this.#refusalOrder.note(request, [])\n',
  },
  'MOVED changes nothing': {
    file: 'cluster/ownership.ts',
    from: '      this.#leave(by, slot, to)\n',
    to: '',
  },
  'requests in the queue of a slot survive the end': {
    file: 'cluster/router.ts',
    from: '    this.waiting.rejectAll(rejections.closed)\n',
    to: '',
  },
  'no limit on the wait for a view': {
    file: 'cluster/waiting-slots.ts',
    from: 'if (queueTimeout > 0) this.#expiry',
    to: 'if (queueTimeout < 0) this.#expiry',
  },
  'reads are sent to a replica without READONLY': {
    file: 'cluster/replica-reads.ts',
    from: "['READONLY']",
    to: "['PING']",
  },
  'reads wait at a silent replica': {
    file: 'cluster/replica-reads.ts',
    from: 'if (reader.connection.silence >= options.suspectAfter)',
    to: 'if (reader.connection.silence >= 10_000)',
  },
  'reads that a lost replica has not answered are forgotten': {
    file: 'cluster/replica-reads.ts',
    from: 'if (!request.isOwn) this.#subject.onReturned(request)',
    to: '',
  },
  'the replica of a master changes with each read': {
    file: 'cluster/replica-reads.ts',
    from: '      this.#choices.set(master, ready)\n',
    to: '',
  },
  'the replica of a master is chosen again after each view': {
    file: 'cluster/replica-reads.ts',
    from: '    for (const node of this.#subject.nodes) {\n',
    to: '    this.#choices = new WeakMap()\n    for (const node of this.#subject.nodes) {\n',
  },
  'a command that can write goes to a replica': {
    file: 'cluster/slots-of-requests.ts',
    from: "retryClass === 'read' && name",
    to: 'name',
  },
  'reads go to replicas although nobody has asked for that': {
    file: 'cluster/slots-of-requests.ts',
    from: "request.settings.routing?.readFrom === 'replica' && ",
    to: '',
  },
  'the connection for reads of a replica that has become a master is kept': {
    file: 'cluster/replica-reads.ts',
    from: '      reader.destroy()\n',
    to: '',
  },
  'a lost connection of subscriptions is not told as a gap': {
    file: 'pubsub/subscription.ts',
    from: '    if (!this.#hasBegun) return\n',
    to: '    return\n',
  },
}
