const shownBytes = 160

/** The first bytes as text: line ends as in RESP documentation, all that is not ASCII as numbers. */
export function escapeBytes(bytes: Buffer): string {
  const text = bytes
    .subarray(0, shownBytes)
    .toString('latin1')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be found
    .replace(/\\|[\x00-\x1f\x7f-\xff]/g, (found) => named[found] ?? `\\x${hex(found)}`)
  return bytes.length > shownBytes ? `${text}…` : text
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n' }
const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
