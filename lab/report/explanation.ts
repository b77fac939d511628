import type { CommandEvent, CommandTrace, Said } from '../recording/trace.js'
import { hasEndedInVain, judge } from '../verdict.js'
import { milliseconds } from './format.js'

/**
 * Explains the verdict on one command in a few sentences, from what was recorded: what happened to it, what the client could
 * know, and what the client said.
 */
export function explain(command: CommandTrace): string {
  return [...whatHappened(command), conclusion(command)].join(' ')
}

function whatHappened({ events, said, ran }: CommandTrace): string[] {
  const sent = events.filter(({ what }) => what === 'sent')
  const lost = events.filter(({ what }) => what === 'lost')
  const [first] = sent
  // Not that they never left the client: a connection that was lost may have taken them.
  if (first === undefined) return ['None of its bytes were seen on the wire.']
  const sentences = [`It was sent on link ${first.link} at ${milliseconds(first.at)}.`]
  for (const { at, link } of lost) {
    sentences.push(`Link ${link} ended at ${milliseconds(at)}, before the caller was told anything.`)
  }
  for (const { at, link } of sent.slice(1)) {
    sentences.push(`It was sent again on link ${link} at ${milliseconds(at)}.`)
  }
  const runs = ran === 0 ? 'The server did not run it' : `The server ran it ${times(ran)}`
  sentences.push(isUnknown(said) ? `${runs}, which the lab sees, and the client does not.` : `${runs}.`)
  return sentences
}

function conclusion(command: CommandTrace): string {
  const { said, ran, expected, mayRun } = command
  switch (judge(command)) {
    case 'true':
      if (said.settled === 'error') return whyErrorIsTrue(command, said)
      if (hasEndedInVain(command)) return 'The server waited for an element, found none, and took nothing.'
      return ['The caller got its reply.', ...(ran > 1 ? [secondRun(command.events)] : [])].join(' ')
    case 'misled':
      return 'The stream holds this reply in the place of its own. It is a valid reply, so no client can detect the forgery here.'
    case 'silent':
      return 'The error does not say whether the server ran it. The caller cannot tell this failure from one that is safe to repeat.'
    case 'unfounded':
      return said.settled === 'error' &&
        said.fate === 'unknown' &&
        (command.refusal !== undefined || (command.mayFail ?? []).length > 0)
        ? 'Here, a client can know what became of it.'
        : 'Nothing in this scenario is a reason for it to fail.'
    case 'uncancelled':
      return 'The client has no way to cancel it. Its caller has stopped waiting, and the client went on without knowing that.'
    case 'false':
      if (mayRun === 0) return 'It must not run at all here.'
      if (said.settled === 'error') return `The client said "${said.fate}", which is not what happened.`
      return ran === 0
        ? 'The caller got a reply to a command that the server never ran.'
        : `The right reply is ${expected}.`
    case 'late':
      return `Its caller was told of the failure at ${settledAt(command.events)}; the client sent it after that.`
    case 'twice':
      return 'Running it again does its work again.'
    case 'hangs':
      return 'Its caller was told nothing in time.'
  }
}

function secondRun(events: readonly CommandEvent[]): string {
  const end = events.findIndex(({ what }) => what === 'settled')
  const late = events.find(({ what }, i) => what === 'ran' && i > end)
  return late === undefined
    ? 'Running it again does no harm: it only reads, or writes the same again.'
    : `It ran again at ${milliseconds(late.at)}, after that: it was delivered late. If it is a write, it replaces what was written in between.`
}

function whyErrorIsTrue(command: CommandTrace, said: SaidError): string {
  if (said.fate !== 'unknown') return sayings[said.fate ?? 'refused'] ?? ''
  const [, byte] = / at byte (\d+)/.exec(said.message) ?? []
  const wasSent = command.events.some(({ what }) => what === 'sent')
  return [
    said.message.startsWith('MULTI:')
      ? 'It is part of a transaction: the server runs all of that when it gets EXEC, or nothing. '
      : '',
    wasSent
      ? ''
      : 'The client had written it to its socket, and a failed write does not tell how much was sent before. ',
    'No valid part of its reply arrived: the client would see the same if the server had ',
    command.ran === 0 ? 'run it. ' : 'not run it. ',
    whyNotAgain(command, said.name),
    ' So the client says that it does not know, and this is true.',
    byte === undefined ? '' : ` (Byte ${byte} is counted over all replies on the connection.)`,
  ].join('')
}

function whyNotAgain({ mayRun }: CommandTrace, error: string): string {
  if (error === 'AbortError') return 'Its caller cancelled it, so the client does not send it again.'
  if (error === 'TimeoutError') return 'Its time limit passed, so the client does not send it again.'
  return mayRun === undefined
    ? 'It could be sent again without harm, but the client was closed, or its options do not allow that.'
    : 'Sending it again to find out might do its work twice.'
}

const isUnknown = (said: Said): boolean => said.settled === 'error' && said.fate === 'unknown'

type SaidError = Extract<Said, { readonly settled: 'error' }>

const sayings: Readonly<Record<string, string>> = {
  executed: 'Part of its reply arrived, so the client knows that the server ran it, but not with what result.',
  'not-executed': 'The client says that the server did not run it: it is safe to send again.',
  refused: 'The server answered with an error, and changed nothing. The caller was told so.',
}

function settledAt(events: readonly CommandEvent[]): string {
  return milliseconds(events.find(({ what }) => what === 'settled')?.at ?? 0)
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)
