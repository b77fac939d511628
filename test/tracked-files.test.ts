import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { expect, it } from 'vitest'

/** Kinds of files that belong to the project. */
const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.md', '.txt', '.svg', '.webp']
const withoutExtension = ['LICENSE', '.gitignore', '.npmrc', 'run']

/** The largest one is generated: the commands of all servers. */
const mostBytes = 300_000

const root = new URL('../', import.meta.url)
/** A file that was deleted, but is not yet committed as such, has no size. */
const sizeOf = (file: string): number => statSync(new URL(file, root), { throwIfNoEntry: false })?.size ?? 0
const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)

it('only files of known kinds are committed, and none is large: output of a command does not get in', () => {
  expect(files).toContain('README.md')
  const isKnown = (file: string): boolean =>
    extensions.includes(extname(file)) || withoutExtension.includes(basename(file))
  expect(files.filter((file) => !isKnown(file))).toEqual([])
  expect(files.filter((file) => sizeOf(file) > mostBytes)).toEqual([])
})
