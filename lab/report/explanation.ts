import type { CommandEvent, CommandTrace } from '../recording/trace.js'
import { judge } from '../verdict.js'
import { milliseconds } from './format.js'

/**
 * Explains the verdict on one command in a few sentences, from what was recorded: what happened to it, what the client could
 * know, and what the client said.
 */
export function explain(command: CommandTrace): string {
  return [...whatHappened(command), conclusion(command)].join(' ')
}

function whatHappened({ events, ran }: CommandTrace): string[] {
  const sent = events.filter(({ what }) => what === 'sent')
  const lost = events.filter(({ what }) => what === 'lost')
  const [first] = sent
  if (first === undefined) return ['Its bytes never left the client.']
  const sentences = [`It was sent on link ${first.link} at ${milliseconds(first.at)}.`]
  for (const { at, link } of lost) {
    sentences.push(`Link ${link} was lost at ${milliseconds(at)}, before the caller was told anything.`)
  }
  for (const { at, link } of sent.slice(1)) {
    sentences.push(`It was sent again on link ${link} at ${milliseconds(at)}.`)
  }
  sentences.push(ran === 0 ? 'The server did not run it.' : `The server ran it ${times(ran)}.`)
  return sentences
}

function conclusion(command: CommandTrace): string {
  const { said, ran, expected } = command
  switch (judge(command)) {
    case 'true':
      return said.settled === 'error' ? (sayings[said.fate ?? 'refused'] ?? '') : 'The caller got its reply.'
    case 'misled':
      return 'The stream holds this reply in the place of its own. It is a valid reply, so no client can detect the forgery here.'
    case 'silent':
      return 'The error does not say whether the server ran it. The caller cannot tell this failure from one that is safe to repeat.'
    case 'false':
      if (command.mayRun === 0) return 'It must not run at all here.'
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

const sayings: Readonly<Record<string, string>> = {
  unknown:
    'Its request was sent, and no valid part of its reply arrived, so nothing tells the client whether the server ran it. ' +
    'Sending it again might do its work twice. The client says that it does not know, and this is true.',
  executed: 'Part of its reply arrived, so the client knows that the server ran it, but not with what result.',
  'not-executed': 'The client says that the server did not run it: it is safe to send again.',
  refused: 'The server answered with an error, and changed nothing. The caller was told so.',
}

function settledAt(events: readonly CommandEvent[]): string {
  return milliseconds(events.find(({ what }) => what === 'settled')?.at ?? 0)
}

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)
