/** The name and version that the client sends to the server (CLIENT SETINFO). A test compares them with package.json. */
export const library = { name: 'respite', version: '0.1.0' } as const
