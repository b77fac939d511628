import { byteLengthOf, isBytes, viewOf } from './byte-arrays.js'

/**
 * Returns a server's error text without the arguments that it quotes, which may be secret.
 * @param args the arguments after the command's name
 */
export function withoutArguments(message: string, args: readonly unknown[]): string {
  let text = message.replace(/(, with args beginning with:).*/s, '$1 ...')
  if (!/['"`]/.test(text)) return text
  for (const arg of args) {
    const own = isBytes(arg) ? shortText(arg, text.length) : typeof arg === 'object' ? '' : String(arg)
    if (own !== '' && text.includes(own)) {
      for (const quote of `'"\``) text = text.replaceAll(`${quote}${own}${quote}`, `${quote}...${quote}`)
    }
  }
  return text
}

/** An argument that is longer than the text can't occur in it, so it is not converted to a string. */
function shortText(bytes: Uint8Array, most: number): string {
  return byteLengthOf(bytes) > most ? '' : viewOf(bytes).toString()
}
