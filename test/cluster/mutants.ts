import type { UnitMutation } from '../simulation/unit-mutants.js'

/** Mistakes in the client of a cluster that random schedules find too seldom. */
export const clusterUnitMutants: Readonly<Record<string, UnitMutation>> = {
  'a view counts before the old owner of a slot owes no reply': {
    file: 'cluster/ownership.ts',
    from: '    else this.#leave(current, slot, next)\n',
    to: '    else this.slots.set(slot, next)\n',
    foundBy: 'cluster/order.test.ts',
  },
  'a scan ends before the old owner of a slot owes no reply': {
    file: 'cluster/ownership.ts',
    from: '    for (const changed of this.watchers) changed.add(slot)\n',
    to: '',
    foundBy: 'cluster/cluster-scan.test.ts',
  },
  'a scan asks the old owner of a slot while it owes replies': {
    file: 'cluster/ownership.ts',
    from: 'return this.#leaving.get(owner as Node)?.has(slot) === true ? undefined : owner',
    to: 'return owner',
    foundBy: 'cluster/cluster-scan.test.ts',
  },
  'the queue of a slot is sent while replies are pending': {
    file: 'cluster/router.ts',
    from: '      else if (slot !== anySlot && this.#unanswered(slot).next().done !== true) this.waiting.lookAt(now + quietMs)\n',
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
  'what an importing node sends back is sent to it again and again': {
    file: 'cluster/router.ts',
    from: 'if (target === this.ownerOf(slot)) this',
    to: 'if (false) this',
    foundBy: 'cluster/order.test.ts',
  },
  'what an importing node sends back is sent again after a later call of its key': {
    file: 'cluster/asked-requests.ts',
    from: 'refusal === undefined || asked === undefined',
    to: 'refusal !== undefined || asked === undefined',
    foundBy: 'cluster/order.test.ts',
  },
  'what was forgotten of one move of a slot counts for others': {
    file: 'cluster/asked-requests.ts',
    from: '    this.#slots.delete(slot)\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'what waited at the importing node is sent to the owner after a later call of its key': {
    file: 'cluster/router.ts',
    from: 'if (this.#asked.rejectsOvertaken',
    to: 'if (request.refusal !== null && this.#asked.rejectsOvertaken',
    foundBy: 'cluster/order.test.ts',
  },
  'what an importing node sends back is rejected because of a call of another key': {
    file: 'cluster/asked-requests.ts',
    from: '[...keys].some((key) => others.has(key))',
    to: 'keys.size > 0',
    foundBy: 'cluster/order.test.ts',
  },
  'a node that names itself is connected to again for every second request': {
    file: 'cluster/node.ts',
    from: '    if (this.#selfRedirectedAt > viewedAt) return\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'a node that names itself is connected to again while replies are pending': {
    file: 'cluster/node.ts',
    from: '    this.#isRenewalDue = this.selfRedirects % 2 === 0\n',
    to: '    this.#isRenewalDue = this.selfRedirects % 2 === 0\n    this.onQuiet()\n',
    foundBy: 'cluster/order.test.ts',
  },
  'a redirected script is sent to the importing node before earlier calls': {
    file: 'cluster/router.ts',
    from: "request.refusal?.message.startsWith('ASK ') === true",
    to: 'doubt !== undefined',
    foundBy: 'cluster/order.test.ts',
  },
  'a request that is sent on by ASK goes without ASKING': {
    file: 'cluster/asking.ts',
    from: '        encoder.append(frame)\n',
    to: "        encoder.append(['PING'])\n",
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
    from: "doubt.isTrue = own === 'leaves' ? isAsk : own === 'elsewhere' && !(isAsk && wasAsked)",
    to: 'doubt.isTrue = true',
    foundBy: 'cluster/redirects-by-scripts.test.ts',
  },
  'a script that pretends a redirect runs again when the client is closed': {
    file: 'cluster/router.ts',
    from: ' || this.#doubtful.isOpen(slot)',
    to: '',
    foundBy: 'cluster/redirects-by-scripts.test.ts',
  },
  'a script is believed that pretends a redirect while a node imports its slot': {
    file: 'cluster/own-slot.ts',
    from: ' || (move !== undefined && wasAsked)',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'a script is believed that pretends ASK after the import of its slot': {
    file: 'cluster/doubtful-redirects.ts',
    from: ' && !(isAsk && wasAsked)',
    to: '',
    foundBy: 'cluster/doubtful-redirects.test.ts',
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
  'reads wait at a silent replica': {
    file: 'cluster/replica-reads.ts',
    from: 'if (reader.connection.silence >= options.suspectAfter)',
    to: 'if (reader.connection.silence >= 10_000)',
    foundBy: 'real/cluster.test.ts',
  },
  'a node is asked for its view although it is silent': {
    file: 'cluster/topology.ts',
    from: 'Math.min(patienceMs, settings.options.suspectAfter) - silence',
    to: 'patienceMs - silence',
    foundBy: 'cluster/topology.test.ts',
  },
  'a node that has become silent still has a vote': {
    file: 'cluster/topology.ts',
    from: '(isSuspect(node) ? patienceMs : timeLeft(node))',
    to: 'patienceMs',
    foundBy: 'cluster/topology.test.ts',
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
  'a lost node is sent requests before a view confirms it': {
    file: 'cluster/router.ts',
    from: '    node.confirmedFrom = this.#now\n    node.hold()\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'what the owner redirects while the slot waits is sent after a later call of its key': {
    file: 'cluster/router.ts',
    from: '    this.#asked.noteRedirected(request)\n',
    to: '',
    foundBy: 'cluster/order.test.ts',
  },
  'the connection of subscriptions stays at a master that was demoted': {
    file: 'cluster/cluster-subscriptions.ts',
    from: "role === 'master' || role === this.#role",
    to: "role !== 'unknown'",
    foundBy: 'cluster/cluster-subscriptions.test.ts',
  },
  'the connection of subscriptions stays at a node that was promoted and then demoted': {
    file: 'cluster/cluster-subscriptions.ts',
    from: '    this.#role = this.#last?.role\n',
    to: '',
    foundBy: 'cluster/cluster-subscriptions.test.ts',
  },
  'a promotion ends the connection of subscriptions': {
    file: 'cluster/cluster-subscriptions.ts',
    from: "role === 'master' || role === this.#role",
    to: 'role === this.#role',
    foundBy: 'cluster/cluster-subscriptions.test.ts',
  },
}

/** Mistakes of the same kind, written by somebody who had read src and the documentation, and no test. */
export const clusterUnitMutantsByAReader: Readonly<Record<string, UnitMutation>> = {
  'MOVED that a script returned is believed while its slot is leaving': {
    file: 'cluster/doubtful-redirects.ts',
    from: "own === 'leaves' ? isAsk :",
    to: "own === 'leaves' ? true :",
    foundBy: 'cluster/redirects-by-scripts.test.ts',
  },
  'requests in flight at the first ASK of a slot are forgotten': {
    file: 'cluster/asked-requests.ts',
    from: 'new Set(unanswered)',
    to: 'new Set()',
    foundBy: 'cluster/order.test.ts',
  },
  'a silent node is sent new requests': {
    file: 'cluster/cluster-runtime.ts',
    from: '        node.hold()\n        this.refresh()',
    to: '        this.refresh()',
    foundBy: 'cluster/silent-node.test.ts',
  },
  'a replica is read although its slot is moving key by key': {
    file: 'cluster/router.ts',
    from: 'if (node !== undefined && isForReplica(request) && !this.#asked.has(slot)) {',
    to: 'if (node !== undefined && isForReplica(request)) {',
    foundBy: 'cluster/replica-reads.test.ts',
  },
}
