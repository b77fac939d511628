import type { ServerModel } from '../../lab/server/model.js'
import type { Book } from './book.js'
import { addressOf, localAddress } from './network.js'
import { password } from './operations/data.js'

const login = `*2\r\n$4\r\nAUTH\r\n$${password.length}\r\n${password}\r\n`

/** So many of them come to each process of a server before anybody else. */
const count = 12

/**
 * Other clients of a server, who wait there for something that never comes. They have the first ids of each process, and behind
 * the same proxy the same addresses, as connections of the client had at another process: whoever ends one of their waits, or
 * one of their connections, takes them for those.
 */
export function letStrangersWait(model: ServerModel, book: Book): void {
  for (let i = 0; i < count; i += 1) {
    const session = model.connect(
      undefined,
      (bytes) => {
        const told = String(bytes).trim()
        // The server itself ends waits when it becomes a replica.
        if (!told.startsWith('-UNBLOCKED force')) book.violation(`a stranger's wait was ended: ${told}`)
      },
      undefined,
      {
        address: addressOf(i + 1),
        localAddress,
        onKilled: (by) => by === 'CLIENT KILL' && book.violation("a stranger's connection was killed"),
      },
    )
    session.receive(Buffer.from(`${login}BLPOP stranger:${i} 0\r\n`))
  }
}
