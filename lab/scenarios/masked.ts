import { answer, type Fault, pass } from '../proxy/fault.js'
import { RequestParser } from '../server/request-parser.js'

/**
 * Replies in place of a server that refuses some commands. If it refuses any request of a chunk, the server gets none of the
 * chunk, and each request gets a reply from here.
 *
 * @param replyTo the reply to a command by its name in capitals, without the line end; undefined: it is not refused
 * @param otherwise the reply to the other requests of the chunk
 */
export function refusing(chunk: Buffer, replyTo: (name: string) => string | undefined, otherwise = '+OK'): Fault {
  const names: string[] = []
  new RequestParser().feed(chunk, ([name]) => names.push(String(name).toUpperCase()))
  const replies = names.map(replyTo)
  if (replies.every((reply) => reply === undefined)) return pass
  return answer(replies.map((reply) => `${reply ?? otherwise}\r\n`).join(''))
}
