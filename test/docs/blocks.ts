import { readdirSync, readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'

/** The code in the README, the guides and the docstrings: what readers copy. */

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

/** A piece of code that readers see. */
export interface Block {
  /** Its page or source file, from the root of the project. */
  readonly file: string
  /** The line of its first line of code, from 1. */
  readonly line: number
  readonly code: string
}

/**
 * What can follow the three backticks: a language that is checked as TypeScript, or what is not. Whole modules (`mjs`) are run
 * by the test of the lab.
 */
const checked = ['ts', 'js']
const unchecked = ['mjs', 'sh', 'text', '']

/** The README and the guides. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/**
 * The TypeScript and JavaScript of a page.
 * @throws Error for a language that this file does not know: it would not be checked
 */
export function blocksOf(file: string): Block[] {
  const text = read(file)
  return [...text.matchAll(/^( *)```(.*)\n([\s\S]*?)^\1```$/gm)].flatMap(
    ({ 0: whole, 2: language = '', 3: code = '', index }) => {
      const line = lineAt(text, index) + 1
      if (checked.includes(language)) return [{ file, line, code }]
      if (unchecked.includes(language)) return []
      throw new Error(`${file}:${line}: a block of ${language} (${whole.length} characters)`)
    },
  )
}

/** The examples in the docstrings of a source file. */
export function examplesOf(file: string): Block[] {
  const text = read(file)
  return [...text.matchAll(/^ *\* @example\n((?: *\* .*\n)+)/gm)].map(({ 1: lines = '', index }) => ({
    file,
    line: lineAt(text, index) + 1,
    code: lines.replaceAll(/^ *\* /gm, ''),
  }))
}

/** The source files. */
export const sources: readonly string[] = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`)

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** The imports that a block begins with, and the rest. */
export function splitImports(code: string): { readonly imports: string; readonly body: string } {
  const [imports = ''] = /^(import .*\n|\n)*/.exec(code) ?? []
  return { imports, body: code.slice(imports.length) }
}

/**
 * Runs a block.
 * @param names what it finds, its imports among them
 */
export async function run(block: Block, names: Readonly<Record<string, unknown>>): Promise<void> {
  const { body } = splitImports(block.code)
  const { code } = transformSync(`(async () => {${body}})()`, { loader: 'ts' })
  await new Function(...Object.keys(names), `return ${code}`)(...Object.values(names))
}
