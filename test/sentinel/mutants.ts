import type { UnitMutation } from '../simulation/unit-mutants.js'

const inRound = { file: 'sentinel/round.ts', foundBy: 'sentinel/round.test.ts' }
const inLocator = { file: 'sentinel/locator.ts', foundBy: 'sentinel/locator.test.ts' }
const inSentinels = { file: 'sentinel/sentinels.ts', foundBy: 'sentinel/sentinels.test.ts' }

/** Mistakes in what finds the master, and leaves a deposed one. */
export const sentinelMutants: Readonly<Record<string, UnitMutation>> = {
  'sentinels reply in the form that the caller wants': {
    ...inSentinels,
    from: "    buffers: false,\n    maps: 'object',\n",
    to: '',
  },
  'nobody watches the sentinels while only subscriptions are left': {
    file: 'core/runtime.ts',
    from: ' || this.companions?.isInUse()',
    to: '',
    foundBy: 'sentinel/client.test.ts',
  },
  'a client that has become idle goes on to watch the sentinels': {
    ...inSentinels,
    from: 'if (this.#client.isInUse()) this.#watchSilence()',
    to: 'if (!this.#isClosed) this.#watchSilence()',
  },
  'a user without a password is the default user of a sentinel': {
    ...inSentinels,
    from: "password || (username === undefined ? undefined : '')",
    to: 'password',
  },
  'an announcement without an address counts': {
    file: 'sentinel/address.ts',
    from: 'number > 0 && (number & 65_535) === number',
    to: 'true',
    foundBy: 'sentinel/address.test.ts',
  },
  'an epoch that can not be one counts': {
    file: 'sentinel/address.ts',
    from: '  if (!(epoch < 2 ** 53)) return undefined\n',
    to: '',
    foundBy: 'sentinel/address.test.ts',
  },
  'a sentinel that missed a failover is believed': {
    ...inRound,
    from: 'if (best !== undefined && isAsNew(best.view, known)) {',
    to: 'if (best !== undefined) {',
  },
  'a single sentinel that missed a failover is believed when no other answers': {
    ...inRound,
    from: 'if (best !== undefined && this.#answers.length * 2 > this.#count) {',
    to: 'if (best !== undefined) {',
  },
  'sentinels that were set up again are never believed': {
    ...inRound,
    from: 'if (best !== undefined && this.#answers.length * 2 > this.#count) {',
    to: 'if (best !== undefined && known === undefined) {',
  },
  'a silent sentinel is waited for': {
    ...inRound,
    from: 'this.#wait(() => this.#askNext())',
    to: 'this.#wait(() => {})',
  },
  'a silent sentinel is waited for by whoever asks all': {
    ...inRound,
    from: 'this.#isOverdue = true',
    to: 'this.#isOverdue = false',
  },
  'of several answers the first counts': {
    ...inRound,
    from: 'newest === undefined || answer.view.epoch > newest.view.epoch',
    to: 'newest === undefined',
  },
  'the half epoch of a promotion outdates every later answer': {
    file: 'sentinel/address.ts',
    from: 'return isSame(view, known) && view.epoch >= Math.floor(known.epoch)',
    to: 'return false',
    foundBy: 'sentinel/address.test.ts',
  },
  'a sentinel whose answer was of no use is asked first again': {
    ...inLocator,
    from: 'if (this.#answer === undefined && this.#unconfirmed !== undefined) this.avoid(this.#unconfirmed)',
    to: '',
  },
  'an announcement is forgotten': {
    ...inLocator,
    from: 'if (this.#known !== undefined && isSame(address, this.#known)) return\n',
    to: 'if (this.#known !== undefined) return\n',
  },
  'a wrong password of the sentinels is told as their absence': {
    ...inLocator,
    from: 'error instanceof HandshakeError || error instanceof ReplyError',
    to: 'error instanceof ReplyError',
  },
  'a sentinel that accepts connections and is silent is waited for without end': {
    file: 'sentinel/inquiry.ts',
    from: '      this.cancel()\n      observer.onFailed(connectError(`no answer',
    to: '      this.cancel()\n      if (timeout < 0) observer.onFailed(connectError(`no answer',
    foundBy: 'sentinel/locator.test.ts',
  },
  'a reply of a sentinel that can not be read ends the process': {
    file: 'sentinel/inquiry.ts',
    from: '.then((both) => masterView(...both))\n      .then(end(onAnswer), end(onFailed))',
    to: '.then(end((both) => onAnswer(masterView(...both))), end(onFailed))',
    foundBy: 'sentinel/locator.test.ts',
  },
  'an announcement is not followed': {
    ...inSentinels,
    from: "    this.#move(switched, 'a sentinel announced')\n",
    to: '',
  },
  'the announcement of another master is followed': {
    ...inSentinels,
    from: 'if (switched === undefined || switched.name !== this.#options.name) return',
    to: 'if (switched === undefined) return',
  },
  'nobody asks when the subscription is made': {
    ...inSentinels,
    from: '  onConfirmed(): void {\n    this.#ask()\n',
    to: '  onConfirmed(): void {\n',
  },
  'nobody asks while the master is lost': {
    ...inSentinels,
    from: '      this.#ask()\n      this.#search()\n',
    to: '      this.#search()\n',
  },
  'the search for the master goes on after the client has given up connecting': {
    ...inSentinels,
    from: '    this.#settings.clock.cancel(this.#searching)\n    if (status',
    to: '    if (status',
  },
  'nobody asks while the master is silent': {
    ...inSentinels,
    from: 'if (isSilent) this.#ask(',
    to: 'if (!this) this.#ask(',
  },
  'a sentinel that was lost is listened to again': {
    ...inSentinels,
    from: 'if (this.#listensTo !== undefined) this.#locator.avoid(this.#listensTo)',
    to: '',
  },
  'a master that one connection learns of is not told to the others': {
    ...inSentinels,
    from: 'if (before === undefined || isSame(address, before)) return',
    to: "if (before === undefined || reason !== 'a sentinel announced') return",
  },
  'a replica is taken for a master': {
    file: 'connection/wire/handshake.ts',
    from: "if (role !== 'master') return",
    to: "if (role === 'none') return",
    foundBy: 'connection/wire/handshake.test.ts',
  },
  'a deposed master is left once its replies have come': {
    file: 'connection/supervisor/supervisor.ts',
    from: 'if (connection !== undefined && !isThere(connection.endpoint)) connection.end(reason)',
    to: 'if (connection?.isBusy === false && !isThere(connection.endpoint)) connection.end(reason)',
    foundBy: 'connection/supervisor/supervisor.test.ts',
  },
  'pooled connections stay with a deposed master': {
    file: 'connection/leased/pool.ts',
    from: 'for (const connection of [...this.#connections]) if (!isThere(connection.endpoint)) connection.end(reason)',
    to: '',
    foundBy: 'connection/leased/pool.test.ts',
  },
  'a stopped server is not silent as long as the kernel takes bytes for it': {
    file: 'connection/wire/connection.ts',
    from: 'if (!this.#isWaiting) this.#waitingSince = undefined\n    if (this.#writeBuffer.isBroken)',
    to: 'this.#waitingSince = this.#isWaiting ? this.#clock.now() : undefined\n    if (this.#writeBuffer.isBroken)',
    foundBy: 'connection/wire/silence.test.ts',
  },
  'nobody asks when a master is promoted': {
    ...inSentinels,
    from: "if (promotionOf(String(message)) === this.#options.name) this.#ask('a sentinel promoted')",
    to: '',
  },
  'a client that was closed while it asked for the master listens to a sentinel': {
    file: 'sentinel/sentinels.ts',
    from: 'if (this.#isClosed || this.#subscriber !== undefined) return',
    to: 'if (this.#subscriber !== undefined) return',
    foundBy: 'sentinel/sentinels.test.ts',
  },
  'traces name another server than the master': {
    file: 'core/runtime.ts',
    from: '    this.diagnostics.server = { ...this.diagnostics.server, ...master }\n',
    to: '',
    foundBy: 'sentinel/client.test.ts',
  },
  'a client connects to the master that was current when it asked for it': {
    file: 'core/runtime.ts',
    from: `    const settings = await this.#withCredentials()
    // The address is read now, not when the sentinels answered, because fetching the credentials may have taken longer.
    const { master } = sentinels
`,
    to: `    const { master } = sentinels
    const settings = await this.#withCredentials()
`,
    foundBy: 'sentinel/client.test.ts',
  },
}
