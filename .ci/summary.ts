import { readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findBun } from '../lab/clients/bun.js'
import { findBinary, serverBinaries } from '../scripts/find-server.js'
import { messageOf } from '../src/errors.js'
import { findChromium } from '../test/support/chromium.js'

/**
 * The last step of the release check. Without arguments, it says what of the programs that tests need is on this machine. With the
 * files of test reports, which must all exist, it also says how many tests passed, failed and were skipped.
 *
 * Exits with 1 if a test failed, if a report is missing or has no test, or if a test was skipped everywhere.
 */

/** The part of a JSON report of vitest that is read here. */
export interface Report {
  /** False also if a file could not be run, of which no test is counted as failed. */
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/**
 * Tests that may be skipped, by file, and when. Every other test that one suite skips must run in another one: `npm test` leaves the
 * long ones to `npm run test:full`.
 */
export const exceptions: readonly Exception[] = [
  {
    file: 'test/lab/clients/bun.test.ts',
    why: 'Bun is not in the packages of Debian',
    applies: () => findBun() === undefined,
  },
]

interface Exception {
  readonly file: string
  readonly why: string
  applies(): boolean
}

/** What the reports come to: lines to print, the last one with the sums; and what is wrong, empty if nothing is. */
export interface Summary {
  readonly lines: readonly string[]
  readonly faults: readonly string[]
}

/** @param reports by the name of the suite; an Error if there is none that can be read */
export function summarize(
  reports: Readonly<Record<string, Report | Error>>,
  allowed: readonly Exception[] = exceptions,
): Summary {
  const faults: string[] = []
  const lines: string[] = []
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const passed = new Set<string>()
  const skipped = new Map<string, { readonly file: string; readonly suite: string }>()
  for (const [suite, report] of Object.entries(reports)) {
    if (report instanceof Error) {
      faults.push(`${suite}: there is no report: ${messageOf(report)}`)
      continue
    }
    if (report.numPassedTests === 0) faults.push(`${suite}: no test ran`)
    if (!report.success || report.numFailedTests > 0) faults.push(`${suite}: it failed`)
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests
    for (const { name, assertionResults } of report.testResults) {
      const file = relative(process.cwd(), name)
      for (const { fullName, status } of assertionResults) {
        const title = `${file}: ${fullName}`
        if (status === 'passed') passed.add(title)
        else if (status !== 'failed') {
          sum.skipped += 1
          skipped.set(title, { file, suite })
        }
      }
    }
  }
  for (const [title, { file, suite }] of skipped) {
    if (passed.has(title)) continue
    const exception = allowed.find((each) => each.file === file && each.applies())
    if (exception === undefined) faults.push(`${suite}: skipped, and run by no other suite: ${title}`)
    else lines.push(`${suite}: skipped, because ${exception.why}: ${title}`)
  }
  lines.push(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  return { lines, faults }
}

/** What tests need, and where it is. Where a server is missing, tests that run with each server are fewer, and none is skipped. */
function found(): string[] {
  const programs: [string, string | undefined][] = [
    ...[...serverBinaries, 'redis-sentinel', 'haproxy', 'openssl', 'taskset'].map(
      (name): [string, string | undefined] => [name, findBinary(name)],
    ),
    ['Chromium', findChromium()],
    ['Bun', findBun()],
  ]
  return programs.map(([name, path]) => `${name}: ${path ?? 'MISSING'}`)
}

function read(file: string): Report | Error {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const files = process.argv.slice(2)
  console.log(['== what tests need on this machine', ...found()].join('\n'))
  if (files.length > 0) {
    const { lines, faults } = summarize(Object.fromEntries(files.map((file) => [basename(file, '.json'), read(file)])))
    for (const fault of faults) console.error(fault)
    console.log(lines.join('\n'))
    if (faults.length > 0) process.exitCode = 1
  }
}
