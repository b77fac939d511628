import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** Every relative link of a page leads to a file of the project, and to a heading of it. */

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = globSync(['*.md', '{docs,bench,scripts,test,lab}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', 'docs/api/**'],
})

/** The text of a page without its code. */
const proseOf = (page: string): string =>
  readFileSync(join(root, page), 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '')

/** The anchors that a repository's site gives the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}

function brokenLinksOf(page: string): string[] {
  const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
  return links.filter((link) => {
    if (/^\w+:/.test(link)) return false
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : relative(root, join(root, dirname(page), path))
    if (!existsSync(join(root, target))) return true
    return anchor !== undefined && !anchorsOf(target).includes(anchor)
  })
}

it.each(pages)('%s has no broken link', (page) => {
  expect(brokenLinksOf(page)).toEqual([])
})

it('looks at all pages, and finds links in them', () => {
  for (const page of ['README.md', 'docs/errors.md', 'docs/decisions/0001-toolchain.md']) expect(pages).toContain(page)
  expect(anchorsOf('README.md')).toContain('cancelling-time-limits-closing')
  expect(proseOf('README.md').match(/\]\(docs\//g)?.length).toBeGreaterThan(10)
})
