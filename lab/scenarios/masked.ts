import { answer, type Fault, pass } from '../proxy/fault.js'
import { RequestParser } from '../server/request-parser.js'

/**
 * What is done to bytes of the client in place of a server that refuses some commands: if any request in them is refused, the
 * server gets none of them, and each is answered.
 *
 * @param replyTo the reply to a command by its name in capitals, without the line end; undefined: it is not refused
 * @param otherwise the reply to the requests beside a refused one
 */
export function refusing(chunk: Buffer, replyTo: (name: string) => string | undefined, otherwise = '+OK'): Fault {
  const names: string[] = []
  new RequestParser().feed(chunk, ([name]) => names.push(String(name).toUpperCase()))
  const replies = names.map(replyTo)
  if (replies.every((reply) => reply === undefined)) return pass
  return answer(replies.map((reply) => `${reply ?? otherwise}\r\n`).join(''))
}
