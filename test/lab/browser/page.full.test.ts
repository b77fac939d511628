import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { examples } from '../../../lab/browser/examples.js'
import { renderPlayPage } from '../../../lab/browser/page.js'
import { runSchedule } from '../../../lab/browser/run.js'
import { hashOf, parseSchedule } from '../../../lab/browser/schedule.js'
import { runSeed } from '../../../lab/browser/seed.js'
import { chromiumFlags, findChromium } from '../../support/chromium.js'

const executablePath = findChromium()
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

describe.skipIf(executablePath === undefined)('the lab in Chromium (skipped if no Chromium is installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'respite-play-'))
  const file = join(folder, 'play.html')
  let browser: Browser
  let page: Page
  let errors: Error[]

  beforeAll(async () => {
    writeFileSync(file, await renderPlayPage())
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })
  beforeEach(async () => {
    errors = []
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    page.on('pageerror', (error) => errors.push(error))
  })
  afterEach(async () => {
    await page.close()
    expect(errors).toEqual([])
  })

  const isDone = (): Promise<unknown> => page.locator('body[data-state=done]').waitFor()
  const open = async (hash = ''): Promise<void> => {
    await page.goto(pathToFileURL(file).href + hash)
    await isDone()
  }
  const computed = async (code: string): Promise<unknown> =>
    JSON.parse((await page.evaluate(`respiteLab.${code}.then(JSON.stringify)`)) as string)

  it('computes what Node.js computes, for each example and for seeds of the simulation', async () => {
    await open()
    for (const { text } of examples) {
      const there = await computed(`runSchedule(respiteLab.parseSchedule(${JSON.stringify(text)}))`)
      expect(there).toEqual(JSON.parse(JSON.stringify(await runSchedule(parseSchedule(text)))))
    }
    for (let seed = 0; seed < 20; seed += 1) {
      expect(await computed(`runSeed(${seed})`)).toEqual(JSON.parse(JSON.stringify(await runSeed(seed))))
    }
  })

  describe.each([1280, 390])('%i pixels wide', (width) => {
    it.each(['light', 'dark'] as const)(
      'is accessible in the %s scheme, and does not scroll sideways',
      async (scheme) => {
        await page.emulateMedia({ colorScheme: scheme })
        await page.setViewportSize({ width, height: 900 })
        await page.addInitScript({ path: axe })
        for (const hash of ['', '#seed=5']) {
          await open(hash)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
          const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string }[] }
          expect(violations).toEqual([])
        }
      },
    )
  })

  it.each(['#schedule=20%20INCR%20count%0', '#seed='])(
    'says what is wrong with a link that was cut: %s',
    async (hash) => {
      await open(hash)
      expect(await page.getByRole('alert').textContent()).toContain('The link of this page is not whole')
      // What is chosen then is shown.
      await page.locator('[data-part=example]').selectOption('0')
      await page.locator('.run .timeline').waitFor()
      expect(await page.getByRole('alert').textContent()).toBe('')
    },
  )

  it('opens the schedule of its URL, and says why an unknown is unknown', async () => {
    await open(hashOf('20 INCR count\n20 cut replies 0 reset'))
    const row = page.locator('.commands tbody tr')
    expect(await row.textContent()).toContain('fate unknown')
    expect(await row.textContent()).toContain('No valid part of its reply arrived')
    expect(await page.locator('.wire del').allTextContents()).toEqual([':1\\r\\n'])
    expect(await page.locator('svg .mark.unknown').textContent()).toContain('?')
    expect(await page.locator('.legend + .chart').isVisible()).toBe(true)
    expect(await page.locator('.wire').textContent()).toContain('$4\\r\\nINCR\\r\\n')
  })

  it('runs what is written, added or chosen, and puts it into the URL', async () => {
    await open()
    await page.getByRole('textbox', { name: 'Schedule' }).fill('30 INCR mine')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.locator('.commands', { hasText: 'INCR mine' }).waitFor()
    await page.getByRole('spinbutton', { name: 'At' }).fill('10')
    await page.locator('[name=what]').fill('down')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.locator('.faults', { hasText: 'the server ends' }).waitFor()
    expect(decodeURIComponent(page.url())).toMatch(/#schedule=10 down\n30 INCR mine$/)
    await page.getByRole('combobox', { name: 'Example' }).selectOption({ index: 2 })
    await page.locator('.commands', { hasText: 'fate executed' }).waitFor()
    expect(await page.locator('[data-part=title]').textContent()).toBe(examples[1]?.title)
    await page.goBack()
    await page.locator('.faults', { hasText: 'the server ends' }).waitFor()
  })

  it('says which line it does not understand, and runs again after it is corrected', async () => {
    await open(hashOf('20 incr count'))
    expect(await page.getByRole('alert').textContent()).toContain('Write a command of the server in capitals: INCR')
    await page.getByRole('textbox', { name: 'Schedule' }).fill('20 INCR count')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.locator('.commands').waitFor()
    expect(await page.getByRole('alert').textContent()).toBe('')
  })

  it('says what is left of a cancelled call before its reply comes, and nothing at the end', async () => {
    await open(hashOf('20 hold replies\n20 INCR count\n30 cancel INCR count\n200 release'))
    expect(await page.getByText('Nothing.', { exact: true }).isVisible()).toBe(true)
    const slider = page.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('ArrowLeft')
    expect(await page.locator('[data-part=ledger]').textContent()).toContain('abandoned: its caller was told')
  })

  it('moves through time: what is queued or in flight at that moment', async () => {
    await open(hashOf('20 INCR count\n20 GET read\n21 down\n600 up'))
    const ledger = page.locator('[data-part=ledger]')
    const slider = page.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await ledger.textContent()).toBe('')
    const moveTo = async (step: string): Promise<void> => {
      while (!(await slider.getAttribute('aria-valuetext'))?.includes(step)) await page.keyboard.press('ArrowRight')
    }
    await moveTo('fault 1')
    expect(await ledger.locator('tr').allTextContents()).toEqual(['INCRsent11', 'GETsent11'])
    expect(await page.locator('[name=at]').inputValue()).toBe('21')
    await moveTo('reconnecting')
    expect(await ledger.locator('tr').allTextContents()).toEqual(['GETqueued1'])
    await page.keyboard.press('End')
    expect(await page.getByText('Nothing.', { exact: true }).isVisible()).toBe(true)
  })
})
