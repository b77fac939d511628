/** Addresses mean nothing here: there are no sockets. */
export const isIP = (text: string): number => (/^\d+\.\d+\.\d+\.\d+$/.test(text) ? 4 : text.includes(':') ? 6 : 0)

export function connect(): never {
  throw new Error('a page has no sockets')
}

/** Only its name is needed: the simulated network has other transports. */
export class Socket {
  constructor() {
    connect()
  }
}
