import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/**
 * Words that this project no longer uses, and the usual words for them. A name is matched exactly as it is written,
 * other words in any case.
 */
const words: readonly (readonly [avoid: RegExp, use: string])[] = [
  [/\bLinkObserver\b/, 'SharedConnection'],
  [/\bholdbacks?\b/i, 'SendPause'],
  [/\bjudgements?\b/i, 'settleLost, verdict'],
  [/\borphan(s|ed)?\b/i, 'lost request'],
  [/\bmailbox(es)?\b/i, 'message buffer'],
  [/\b(tenants?|landlords?|applicants?|deserted)\b/i, 'borrower, pool, waiter, released'],
  [/\bSender\b/, 'CommandExecutor'],
  [/\bsurroundings\b|\bmachine's ground\b/i, 'dependencies, environment'],
  [/\b\w*Ground\b/, 'Dependencies'],
  [/\bSettledBySettings\b/, 'ConfiguredRequest'],
  [
    /\b(ProvingSocket|BelievingSocket|believing sockets?|stillborn\w*)\b/i,
    'TrackedSocket, OpaqueSocket, FailedTransport',
  ],
  [/\bhusks?\b/i, 'tombstones'],
  [/\b(homeless|poured)\b/i, 'unrouted, moved'],
  [/\bthe book\b/i, 'execution log'],
  [/\bown connections\b|\bconnections? of (its|their) own\b/i, 'dedicated, leased or pooled connection'],
  [/\bimpossible options?\b/i, 'invalid option'],
  [/\bof the moment\b/i, 'current'],
  [/\breplies owed\b|\bnot a byte\b/i, 'no data for N ms with replies pending'],
  [/\bstood so long\b/i, 'stayed up long enough'],
  [/\bround in a circle\b/i, 'loop'],
  [/\b(its due|strike whoever|feign\w*|leaves one day|prevails?)\b/i, 'what happens'],
  [/\b(who plays|played with|played network|what it was worth)\b/i, 'clients under test, run against, fake, verdict'],
  [/\bas whom\b/i, 'connecting, credentials'],
  [/\bgiven nothing for now\b/i, 'sending is paused'],
  [/\banew\b/i, 'again'],
  [/\b(its|their) kin\b/i, 'related commands'],
]

/** Places where a word may stay. */
const exceptions: readonly { readonly file: string; readonly text: string; readonly why: string }[] = []

/** This file contains all of the words. */
const self = 'test/words.test.ts'

const root = new URL('../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

/** The files with texts in a folder. */
function filesIn(folder: string): string[] {
  const names = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.(ts|mjs|md)$/.test(name) && !/(^|\/)node_modules\//.test(name))
    .map((name) => `${folder}/${name}`)
}

const pages = readdirSync(root).filter((name) => name.endsWith('.md'))
const all = [...pages, ...['bench', 'docs', 'lab', 'src', 'test'].flatMap(filesIn)]

const isAllowed = (file: string, line: string): boolean =>
  file === self || exceptions.some((one) => one.file === file && line.includes(one.text))

function avoidedIn(file: string): string[] {
  return read(file)
    .split('\n')
    .flatMap((line, index) =>
      words.flatMap(([avoid, use]) => {
        const hit = avoid.exec(line)?.[0]
        return hit === undefined || isAllowed(file, line) ? [] : [`${file}:${index + 1}: not "${hit}" but ${use}`]
      }),
    )
}

describe('words', () => {
  it('are the usual ones in src, bench, lab, test, docs and the top-level pages', () => {
    expect(all.length).toBeGreaterThan(100)
    expect(all.flatMap(avoidedIn)).toEqual([])
  })

  it('have no exception without need', () => {
    expect(exceptions.filter(({ file, text }) => !read(file).includes(text))).toEqual([])
  })
})
