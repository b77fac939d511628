const special = /[\\^$.*+?()[\]{}|/-]/g
const literal = (text: string): string => text.replace(special, '\\$&')

/** A pattern of KEYS or CONFIG GET (`*`, `?`, `[a-c]`, `[^a]`, `\` to escape a character) as a regular expression. */
export function globPattern(pattern: string, flags = ''): RegExp {
  const token = /\\(.)|\[(\^?)((?:\\.|[^\]])*)\]|\*+|\?|./gs
  const source = pattern.replace(token, (whole, escaped?: string, negation?: string, members?: string) => {
    if (escaped !== undefined) return literal(escaped)
    if (members !== undefined) return characterClass(negation === '^', members)
    if (whole.startsWith('*')) return '.*'
    return whole === '?' ? '.' : literal(whole)
  })
  return new RegExp(`^${source}$`, `s${flags}`)
}

function characterClass(isNegated: boolean, members: string): string {
  // An empty class matches nothing, and its negation everything: in JavaScript as in servers.
  const body = members.replace(/\\(.)|(.)-(.)|./gs, (whole, escaped?: string, from?: string, to?: string) => {
    if (escaped !== undefined) return literal(escaped)
    if (from === undefined || to === undefined) return literal(whole)
    const [low, high] = from <= to ? [from, to] : [to, from]
    return `${literal(low)}-${literal(high)}`
  })
  return `[${isNegated ? '^' : ''}${body}]`
}
