import type { UnitMutation } from '../simulation/unit-mutants.js'

/** Mistakes in the client of a cluster that random schedules find too seldom. */
export const clusterUnitMutants: Readonly<Record<string, UnitMutation>> = {
  'a view counts before the old owner of a slot owes no reply': {
    file: 'cluster/ownership.ts',
    from: '    else this.#leave(current, slot, next)\n',
    to: '    else this.slots.set(slot, next)\n',
    foundBy: 'cluster/order.test.ts',
  },
  'the queue of a slot is sent while replies are pending': {
    file: 'cluster/router.ts',
    from: '      else if (this.#isOwed(slot)) this.waiting.lookAt(now + quietMs)\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'a request that waited for its slot stays one for the node that imports it': {
    file: 'cluster/router.ts',
    from: '    forgetAsking(request)\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'requests in flight to a node that imported a slot are forgotten when a third one gets it': {
    file: 'cluster/ownership.ts',
    from: 'if (importing !== undefined && importing !== target) split.push(slot)',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'calls of one tick have the same time': {
    file: 'cluster/common-intake.ts',
    from: 'Math.max(this.#tick.now, this.#lastCall + 1e-4)',
    to: 'this.#tick.now',
    foundBy: 'cluster/common-intake.test.ts',
  },
  'what leaves a node is taken for what stays there': {
    file: 'cluster/own-slot.ts',
    from: "return 'leaves'",
    to: "return 'stays'",
    foundBy: 'cluster/own-slot.test.ts',
  },
  'a script is believed that pretends a redirect': {
    file: 'cluster/doubtful-redirects.ts',
    from: "doubt.isTrue = own === 'elsewhere' || (own === 'leaves' && redirect.to === 'ask')",
    to: 'doubt.isTrue = true',
    foundBy: 'real/cluster.test.ts',
  },
  'a command that can write goes to a replica': {
    file: 'cluster/slots-of-requests.ts',
    from: "retryClass === 'read' && keys",
    to: 'keys',
    foundBy: 'real/cluster.test.ts',
  },
  'TOUCH goes to a replica': {
    file: 'cluster/slots-of-requests.ts',
    from: " && name !== 'TOUCH'",
    to: '',
    foundBy: 'real/cluster.test.ts',
  },
  'reads that a lost replica has not answered are forgotten': {
    file: 'cluster/replica-reads.ts',
    from: 'if (!request.isOwn) this.#subject.onReturned(request)',
    to: '',
    foundBy: 'real/cluster.test.ts',
  },
  'reads of a slot that moves stay at the replica': {
    file: 'cluster/router.ts',
    from: ' && !this.#ownership.isAsked(slot)',
    to: '',
    foundBy: 'real/cluster.test.ts',
  },
  'reads wait at a silent replica': {
    file: 'cluster/replica-reads.ts',
    from: 'if (reader.connection.silence >= options.suspectAfter)',
    to: 'if (reader.connection.silence >= 10_000)',
    foundBy: 'real/cluster.test.ts',
  },
  'a node that is missing in one view stays so': {
    file: 'cluster/cluster-runtime.ts',
    from: 'node.missed > 0 || ',
    to: '',
    foundBy: 'real/cluster.test.ts',
  },
  'the next session goes to the node that has redirected the last one': {
    file: 'cluster/cluster-runtime.ts',
    from: "if (to === 'moved' || to === 'owner') this.#redirectedAt = this.clock.now()",
    to: '',
    foundBy: 'real/cluster.test.ts',
  },
  'connections to replicas keep their old credentials': {
    file: 'cluster/node.ts',
    from: 'for (const each of this.connections) if (each.status',
    to: 'for (const each of [this.shared]) if (each.status',
    foundBy: 'real/cluster.test.ts',
  },
  'credentials of a cluster expire': {
    file: 'cluster/cluster-runtime.ts',
    from: 'onExpiry: (expiresAt) => this.renewal.schedule(expiresAt)',
    to: 'onExpiry: () => {}',
    foundBy: 'real/cluster.test.ts',
  },
}
