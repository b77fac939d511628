import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const folder = fileURLToPath(new URL('../../examples/', import.meta.url))

// The examples are not checked with the project's own files: their libraries are installed for them only.
/** Imports one of the examples. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export const load = (name: string): Promise<any> => import(`${folder}${name}.ts`)
/** Imports a file of a library that the examples use. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export const library = (name: string): Promise<any> => import(`${folder}node_modules/${name}`)

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(5)
}
