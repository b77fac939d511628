import { execFileSync, execSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The commit of version 0.1. It is always the baseline, so that small losses of many changes can't add up unnoticed. */
export const baselineCommit = '8d878be'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Both builds are in the same folder, so that neither is faster to load because of its path. */
const cache = `${root}node_modules/.cache/respite-bench/`

/** A build in a separate folder. */
export interface Build {
  /** A module with the exports of the package. In the same folder, protocol.mjs has those of the entry point `protocol`. */
  readonly entry: string
  /** The commit, and whether there are uncommitted changes. */
  readonly description: string
}

/** Builds version 0.1 from its commit, unless that was done before. */
export function buildBaseline(): Build {
  const folder = `${cache}${baselineCommit}/`
  if (!existsSync(folder)) {
    const draft = `${cache}draft-${process.pid}/`
    mkdirSync(draft, { recursive: true })
    try {
      const archive = archiveOf(baselineCommit)
      execFileSync('tar', ['-x', '-C', draft], { input: archive })
      execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', 'tsconfig.build.json'], {
        cwd: draft,
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      // The final name is for complete builds only.
      renameSync(draft, folder)
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  }
  writeEntries(folder)
  return { entry: `${folder}entry.mjs`, description: `0.1 (${baselineCommit})` }
}

/** Builds the working tree and copies the result, so that a build during the run does not change what is measured. */
export function buildWorkingTree(): Build {
  execSync('npm run --silent build', { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const folder = `${cache}working-tree/`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(`${root}dist`, `${folder}dist`, { recursive: true })
  cpSync(`${root}package.json`, `${folder}package.json`)
  writeEntries(folder)
  return { entry: `${folder}entry.mjs`, description: describeTree() }
}

/** A package may import itself by name: Node reads the `exports` of its package.json, as it does for a user. */
function writeEntries(folder: string): void {
  const { name } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8')) as { name: string }
  writeFileSync(`${folder}entry.mjs`, `export * from '${name}'\n`)
  // Fails to load while the package has no such entry point.
  writeFileSync(`${folder}protocol.mjs`, `export * from '${name}/protocol'\n`)
}

function archiveOf(commit: string): Buffer {
  const files = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src']
  try {
    return execFileSync('git', ['archive', commit, '--', ...files], { cwd: root, maxBuffer: 2 ** 26, stdio: 'pipe' })
  } catch (cause) {
    throw new Error(`commit ${commit} cannot be read: a whole clone of the repository is needed`, { cause })
  }
}

function describeTree(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
  const isChanged = git('status', '--porcelain', '--', 'src', 'package.json') !== ''
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', with uncommitted changes' : ''}`
}
