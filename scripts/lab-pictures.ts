import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { hashOf } from '../lab/browser/schedule.js'
import { chromiumFlags, findChromium } from '../test/support/chromium.js'

/**
 * Takes the pictures of the documentation from the pages that `npm run lab` and `npm run lab -- --serve` wrote:
 * docs/images/lab-*.webp.
 */

const source = new URL('../lab/out/', import.meta.url)
const folder = new URL('../docs/images/', import.meta.url)

interface Picture {
  readonly name: string
  /** The page, with what follows `#`. */
  readonly page: string
  /** A part of the page; without it, what a window shows. */
  readonly selector?: string
  /** The slider stands at the first step that contains this. */
  readonly step?: string
}

const pictures: readonly Picture[] = [
  { name: 'lab-results', page: 'index.html', selector: '.outcomes' },
  { name: 'lab-run', page: 'index.html#reset-between/respite', selector: '[id="reset-between/respite"]' },
  {
    name: 'lab-browser',
    page: `play.html${hashOf('20 INCR count\n20 GET read\n21 down\n600 up')}`,
    step: 'the client is reconnecting',
  },
]

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('no Chromium is installed')
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 } })
  const converter = await browser.newPage()
  for (const { name, page: path, selector, step } of pictures) {
    await page.goto(new URL(path, source).href)
    if (step !== undefined) {
      await page.locator('body[data-state=done]').waitFor()
      const slider = page.getByRole('slider')
      await slider.press('Home')
      while (!(await slider.getAttribute('aria-valuetext'))?.includes(step)) await slider.press('ArrowRight')
    }
    const png = await (selector === undefined ? page : page.locator(selector)).screenshot()
    writeFileSync(fileURLToPath(new URL(`${name}.webp`, folder)), await toWebp(converter, png))
  }
} finally {
  await browser.close()
}

/** Chromium is the encoder: no other program is needed. */
async function toWebp(page: Page, png: Buffer): Promise<Buffer> {
  const url = (await page.evaluate(`new Promise((resolve, reject) => {
    const image = new Image()
    image.onerror = reject
    image.onload = () => {
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext('2d').drawImage(image, 0, 0)
      resolve(canvas.toDataURL('image/webp', 0.8))
    }
    image.src = 'data:image/png;base64,${png.toString('base64')}'
  })`)) as string
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
