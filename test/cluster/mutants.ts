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
}
