import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { chromiumFlags, findChromium } from '../test/support/chromium.js'

/** Takes the pictures of the documentation from the page that `npm run lab` wrote: docs/images/lab-*.webp. */

const source = new URL('../lab/out/index.html', import.meta.url).href
const folder = new URL('../docs/images/', import.meta.url)

/** Each picture: a part of the page, and what is done before. */
const pictures: readonly { readonly name: string; readonly hash: string; readonly selector: string }[] = [
  { name: 'lab-results', hash: '', selector: '.outcomes' },
  { name: 'lab-run', hash: '#reset-between/respite', selector: '[id="reset-between/respite"]' },
]

const executablePath = findChromium()
if (executablePath === undefined) throw new Error('no Chromium is installed')
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: chromiumFlags })
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 } })
  const converter = await browser.newPage()
  for (const { name, hash, selector } of pictures) {
    await page.goto(source + hash)
    const png = await page.locator(selector).screenshot()
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
