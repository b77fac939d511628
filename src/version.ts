/** What the client calls itself to the server (CLIENT SETINFO); a test holds it to package.json. */
export const library = { name: 'respite', version: '0.1.0' } as const
