import { decode, encode, type SourceMapLine } from '@jridgewell/sourcemap-codec'
import ts from '@typescript/typescript6'

/** A source map, as esbuild writes it. */
interface SourceMap {
  readonly sources: readonly string[]
  readonly mappings: string
}

/**
 * Makes a built file and its source map small. Comments and empty lines are left out of the code. The map maps lines, not columns:
 * the code has about one line for each line of its source. It names the sources, and does not contain them: they would be a third of the
 * package, and the code can be read as it is.
 */
export function compact(code: string, mapText: string): { readonly code: string; readonly map: string } {
  const map = JSON.parse(mapText) as SourceMap
  const mappings = decode(map.mappings)
  const lines: string[] = []
  const kept: SourceMapLine[] = []
  for (const [index, line] of withoutComments(code).split('\n').entries()) {
    if (line === '') continue
    lines.push(line)
    kept.push(firstSegment(mappings[index] ?? []))
  }
  return {
    code: `${lines.join('\n')}\n`,
    map: JSON.stringify({ version: 3, sources: map.sources, names: [], mappings: encode(kept) }),
  }
}

/** The place from which a line comes; nothing if it has none. */
function firstSegment(segments: SourceMapLine): SourceMapLine {
  const first = segments.find((segment) => segment.length > 1)
  return first === undefined || first.length === 1 ? [] : [[0, first[1], first[2], first[3]]]
}

/** Removes comments, except those for bundlers, and keeps every line at its number. */
function withoutComments(source: string): string {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true)
  const ranges = new Map<number, number>()
  const visit = (node: ts.Node): void => {
    const comments = [
      ...(ts.getLeadingCommentRanges(source, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.end) ?? []),
    ]
    for (const { pos, end } of comments) ranges.set(pos, end)
    for (const child of node.getChildren(file)) if (!ts.isJSDoc(child)) visit(child)
  }
  visit(file)
  let text = ''
  let position = 0
  for (const [start, end] of [...ranges].sort(([a], [b]) => a - b)) {
    const comment = source.slice(start, end)
    if (start < position || comment.includes('__PURE__')) continue
    text += source.slice(position, start) + comment.replace(/./g, ' ')
    position = end
  }
  return (text + source.slice(position)).replace(/[ \t]+$/gm, '')
}
