import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeIoRedis } from '../../../lab/clients/ioredis.js'
import { makeRespite } from '../../../lab/clients/respite.js'
import { perform } from '../../../lab/perform.js'
import { renderPage } from '../../../lab/report/page.js'
import { scenarios } from '../../../lab/scenarios/all.js'
import type { Scenario } from '../../../lab/scenarios/scenario.js'
import { BuiltInServer } from '../../../lab/server/server.js'
import { chromiumFlags, findChromium } from '../../support/chromium.js'
import { command, failed, performanceOf } from '../traces.js'

const executablePath = findChromium()
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const shown = ['B', 'cut-reply', 'slow']

/** Runs in the page: the contrast of every mark and text of the timelines to what is behind it, by the formula of WCAG 2. */
const drawingContrasts = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number)
  const luminance = (color) => {
    const [r, g, b] = numbers(color).map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)]
    return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
  }
  const back = getComputedStyle(document.querySelector('details.run')).backgroundColor
  const fills = (selector, background) =>
    [...document.querySelectorAll(selector)].map((each) => contrast(getComputedStyle(each).fill, background))
  const bars = [...document.querySelectorAll('.bar span, .swatch, .key')].map((each) =>
    contrast(getComputedStyle(each).backgroundColor, getComputedStyle(document.body).backgroundColor))
  return { texts: fills('svg.timeline text', back), marks: [...fills('svg.timeline rect', back), ...bars] }
})()`

describe.skipIf(executablePath === undefined)('the page in Chromium (skipped if no Chromium is installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'respite-page-'))
  const file = join(folder, 'index.html')
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const server = await BuiltInServer.start()
    const address = { host: '127.0.0.1', port: server.port }
    const played = shown.map((id) => scenarios.find((each) => each.id === id) as Scenario)
    const performances = []
    for (const scenario of played) {
      performances.push(await perform(scenario, 'respite', makeRespite, address))
      performances.push(await perform(scenario, 'ioredis', makeIoRedis, address))
    }
    await server.stop()
    writeFileSync(file, renderPage({ version: 1, environment: ['the built-in server'], performances }, played))
    browser = await chromium.launch({ executablePath: executablePath as string, args: chromiumFlags })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  })
  afterEach(() => page.close())

  const open = async (hash = ''): Promise<void> => {
    await page.goto(pathToFileURL(file).href + hash)
  }
  /** A run of each client, with all that it holds. */
  const openRuns = (): Promise<unknown> =>
    page.evaluate(`for (const run of document.querySelectorAll('details.run')) {
      run.open = ['B/respite', 'cut-reply/ioredis'].includes(run.id)
      for (const part of run.querySelectorAll('details')) part.open = true
    }`)
  const visibleRuns = (): Promise<string[]> =>
    page.evaluate(
      '[...document.querySelectorAll("details.run")].filter((each) => each.checkVisibility()).map((each) => each.id)',
    )

  // Every rule once; elsewhere those that depend on colours and sizes.
  describe.each([1280, 390])('%i pixels wide', (width) => {
    it.each(['light', 'dark'] as const)(
      'is accessible in the %s scheme, and only its tables and charts scroll sideways',
      async (colorScheme) => {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 900 })
        const errors: Error[] = []
        page.on('pageerror', (error) => errors.push(error))
        await open()
        await openRuns()
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        const rules =
          width === 390 && colorScheme === 'light'
            ? ''
            : '{ runOnly: ["color-contrast", "scrollable-region-focusable"] }'
        await page.addScriptTag({ path: axe })
        const { violations, passes } = (await page.evaluate(`axe.run(${rules})`)) as Record<
          'violations' | 'passes',
          { id: string }[]
        >
        expect(violations).toEqual([])
        expect(passes.map(({ id }) => id)).toContain('color-contrast')
        const { texts, marks } = (await page.evaluate(drawingContrasts)) as Record<'texts' | 'marks', number[]>
        expect(texts.length).toBeGreaterThan(50)
        expect(Math.min(...texts)).toBeGreaterThanOrEqual(4.5)
        expect(marks.length).toBeGreaterThan(50)
        expect(Math.min(...marks)).toBeGreaterThanOrEqual(3)
        expect(errors).toEqual([])
      },
    )
  })

  it('has readable tables on a phone, with any number of clients', async () => {
    const performances = ['respite', 'ioredis', 'iovalkey', 'node-redis', 'valkey-glide', 'bun'].map((client) =>
      performanceOf({ client, commands: [command(failed('unknown'), 1)] }),
    )
    const all = join(folder, 'all.html')
    writeFileSync(all, renderPage({ version: 1, environment: [], performances }, scenarios))
    await page.setViewportSize({ width: 390, height: 900 })
    await page.goto(pathToFileURL(all).href)
    const names = page.locator('.counts tbody th')
    const heights = await names.evaluateAll((cells) => cells.map(({ clientHeight }) => clientHeight))
    // Up to five lines, not one letter in each.
    expect(Math.max(...heights)).toBeLessThan(150)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
  })

  it('shows only the runs that the filters select', async () => {
    await open()
    await page.getByRole('checkbox', { name: 'respite' }).uncheck()
    expect(await visibleRuns()).toEqual(shown.map((id) => `${id}/ioredis`))
    await page.locator('[name=result]').selectOption('bad')
    expect(await visibleRuns()).toEqual(['cut-reply/ioredis'])
    expect(await page.locator('form output').textContent()).toBe('1 of 6 runs shown')
    expect(await page.getByRole('navigation').getByRole('link', { name: 'A slow link' }).isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.locator('[name=outcome]').selectOption('admitted')
    expect(await visibleRuns()).toEqual(['B/respite'])
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.locator('[name=words]').fill('slow link respite')
    expect(await visibleRuns()).toEqual(['slow/respite'])
  })

  it('leads from a number to its runs, marks the commands, and has a link for that', async () => {
    await open()
    const unknown = page.getByRole('row', { name: 'unknown, and the client says so' })
    await unknown.getByRole('link').first().press('Enter')
    await page.locator('tr.found').waitFor()
    expect(await visibleRuns()).toEqual(['B/respite'])
    const found = page.locator('tr.found')
    expect(await found.count()).toBe(1)
    expect(await found.textContent()).toContain('INCR count')
    expect(await found.getByText('the client would see the same if the server had run it').isVisible()).toBe(true)
    const { hash } = new URL(page.url())
    // A link to a run that the filter hides shows all runs again.
    await page.locator('a[href="#cut-reply/ioredis"]').press('Enter')
    await page.locator('[id="cut-reply/ioredis"] svg.timeline').waitFor()
    await open('#slow')
    await open(hash)
    await page.reload()
    expect(await visibleRuns()).toEqual(['B/respite'])
  })

  it('explains the marks beside each timeline that is open', async () => {
    await open('#B/respite')
    await page.locator('[id="B/respite"] .chart + .legend').waitFor()
    expect(await page.locator('[id="B/ioredis"] .legend').count()).toBe(0)
  })

  it('goes through time with the keyboard: later marks and bytes are hidden, and the step is named', async () => {
    await open('#B/respite')
    const run = page.locator('[id="B/respite"]')
    const slider = run.getByRole('slider')
    const chart = run.locator('svg.timeline')
    const [last, marks] = [await slider.inputValue(), await chart.locator('.mark:not(.future)').count()]
    await slider.focus()
    await page.keyboard.press('Home')
    expect(await chart.locator('.mark:not(.future)').count()).toBe(0)
    expect(await run.locator('.wire tr[data-at]:not(.future)').count()).toBe(0)
    const named = await slider.getAttribute('aria-valuetext')
    expect(named).toMatch(/ms: the client is connecting$/)
    expect(await run.locator('.controls output').textContent()).toBe(named)
    while (!(await slider.getAttribute('aria-valuetext'))?.includes('fault 1')) await page.keyboard.press('ArrowRight')
    const half = await chart.locator('.mark:not(.future)').count()
    expect(half).toBeGreaterThan(0)
    expect(half).toBeLessThan(marks)
    expect(await run.locator('.steps .now').count()).toBe(1)
    expect(await chart.locator('.cursor').getAttribute('visibility')).toBe('visible')
    await page.keyboard.press('End')
    expect(await slider.inputValue()).toBe(last)
    expect(await chart.locator('.mark:not(.future)').count()).toBe(marks)
  })

  it('zooms a timeline without enlarging its text, and scrolls it within its own frame', async () => {
    await open('#B/respite')
    const run = page.locator('[id="B/respite"]')
    const sizes = (): Promise<[number, number, number]> =>
      run
        .locator('svg.timeline')
        .evaluate((svg) => [
          svg.clientWidth,
          svg.clientHeight,
          (svg.ownerDocument as never as { documentElement: { scrollWidth: number } }).documentElement.scrollWidth,
        ])
    const [width, height] = await sizes()
    await run.getByRole('button', { name: 'Zoom in' }).press('Enter')
    await run.getByRole('button', { name: 'Zoom in' }).press('Enter')
    const [zoomed, sameHeight, pageWidth] = await sizes()
    expect(zoomed).toBeCloseTo(width * 4, -1)
    expect([sameHeight, pageWidth]).toEqual([height, 1280])
    await run.getByRole('button', { name: '4×' }).click()
    expect((await sizes())[0]).toBe(width)
  })

  it('is reached by keyboard: the first Tab offers to skip the contents, and a link to a run opens it', async () => {
    await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the results')
    const run = page.locator('[id="cut-reply/ioredis"]')
    expect(await run.getAttribute('open')).toBeNull()
    await page.locator('a[href="#cut-reply/ioredis"]').press('Enter')
    await run.getByText('Running it again does its work again.').waitFor()
    expect(await run.getAttribute('open')).not.toBeNull()
  })
})
