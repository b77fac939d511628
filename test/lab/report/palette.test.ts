import { describe, expect, it } from 'vitest'
import { backgrounds, inks, marks } from '../../../lab/report/palette.js'

/** The contrast of two colours like #1f2328, by the formula of WCAG 2. */
function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The least contrast of a colour to all backgrounds, in one scheme. */
const leastContrast = (color: readonly string[], scheme: 0 | 1): number =>
  Math.min(...Object.values(backgrounds).map((background) => contrast(color[scheme] ?? '', background[scheme])))

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('in the %s scheme', (_, scheme) => {
  it.each(Object.entries(inks))('text in %s has a contrast of at least 4.5', (_name, color) => {
    expect(leastContrast(color, scheme)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(Object.entries(marks))('marks in %s have a contrast of at least 3', (_name, color) => {
    expect(leastContrast(color, scheme)).toBeGreaterThanOrEqual(3)
  })
})
