import { RespiteError } from '../src/index.js'

/** What the client said of a command. */
export type Said =
  | { readonly settled: 'value'; readonly value: unknown }
  | { readonly settled: 'error'; readonly error: RespiteError }

/** A command, what was said of it, and what really happened. */
export interface Observation {
  readonly when: string
  readonly command: string
  readonly said: Said
  /** How often it left the client whole; undefined where the link is encrypted. */
  readonly sent: number | undefined
  /** How often it ran, by the server's data; undefined where it leaves no trace there. */
  readonly ran: number | undefined
  /** How often it may be sent: 1 where another time could do its work twice. */
  readonly mayRun: number
}

/** Waits for a command, and keeps what is said of it. */
export async function listen(reply: Promise<unknown>): Promise<Said> {
  try {
    return { settled: 'value', value: await reply }
  } catch (error) {
    if (!(error instanceof RespiteError)) throw error
    return { settled: 'error', error }
  }
}

/** Whether what was said of a command is what happened. */
export function isTrue({ said, sent, ran, mayRun }: Observation): boolean {
  if (ran !== undefined && ran > mayRun) return false
  if (said.settled === 'value') return ran !== 0 && sent !== 0
  const { fate, attempts } = said.error
  if (sent !== undefined && sent !== attempts) return false
  switch (fate) {
    case 'executed':
      return ran !== 0
    case 'not-executed':
    case 'refused':
      return ran === undefined || ran === 0
    case 'unknown':
      // It claims nothing but that it was sent.
      return attempts > 0
  }
}

/** One line of the table. */
export function rowOf(observation: Observation): string[] {
  const { when, command, said, sent, ran } = observation
  const outcome = said.settled === 'value' ? JSON.stringify(said.value) : said.error.name
  const code = said.settled === 'value' ? '' : said.error.code
  const fate = said.settled === 'value' ? '' : said.error.fate
  const attempts = sent ?? (said.settled === 'error' ? said.error.attempts : undefined)
  return [
    when,
    command,
    outcome,
    code,
    fate,
    attempts === undefined ? '?' : String(attempts),
    ran === undefined ? '' : ran === 0 ? 'did not run' : ran === 1 ? 'ran' : `ran ${ran} times`,
    isTrue(observation) ? 'true' : 'NOT TRUE',
  ]
}

export const headings = ['when', 'command', 'outcome', 'code', 'fate', 'sent', "the server's data", 'is that so?']
