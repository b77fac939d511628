/** Bytes as text, all of them: line ends as in RESP documentation, everything else that is not printable ASCII as hexadecimal. */
export function escapeBytes(bytes: Buffer): string {
  return (
    bytes
      .toString('latin1')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what the expression looks for
      .replace(/\\|[\x00-\x1f\x7f-\xff]/g, (found) => named[found] ?? `\\x${hex(found)}`)
  )
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\r': '\\r', '\n': '\\n' }
const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, '0')
