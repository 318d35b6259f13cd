import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

export const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [360, 1280].map((width) => ({ colorScheme, width, name: `${colorScheme}, ${width} px` })),
)

/** Each theme and each width once: axe takes most of the time, and words are no longer in another theme. */
export const telling = looks.filter(({ colorScheme, width }) => (colorScheme === 'light') === (width === 360))

/** Bytes of script, compressed, that a page may need before it works. */
const mostScript = 170 * 1024
/** What people notice begins at 0.1 (web.dev/cls). */
const mostShift = 0.02

/** Fail the test on anything a page says on its console, and on any request that leaves the server. */
export function watch(page: Page, origin: string): { complaints: string[] } {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} ${message.location().url}`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const { protocol } = new URL(request.url())
    if (protocol.startsWith('http') && !request.url().startsWith(origin)) complaints.push(`left: ${request.url()}`)
  })
  return { complaints }
}

/** No accessibility fault that axe knows, and nothing to scroll sideways for. */
export async function expectGoodPage(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectNoSidewaysScroll(page)
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}

/** Neither the page nor its bar holds more than it is wide. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflows = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('header')].map(
      ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
    ),
  )
  expect(Math.max(...overflows)).toBeLessThanOrEqual(0)
}

type Shift = { value: number; what: string }
type Watched = { shifts?: Shift[] }

/** Note whatever moves by itself on the pages that this tab opens from now on, for `expectStill`. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: Array<{ node?: Node | null }> }
    const shifts: Shift[] = []
    const markup = (node: Node | null | undefined) =>
      (node instanceof Element ? node : node?.parentElement)?.outerHTML.slice(0, 120) ?? '?'
    ;(window as Watched).shifts = shifts
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Entry[]) {
        const what = sources.map(({ node }) => markup(node)).join(' | ')
        if (!hadRecentInput) shifts.push({ value, what })
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

/** Nothing jumped while the page was loading (cumulative layout shift). */
export async function expectStill(page: Page): Promise<void> {
  const shifts = await page.evaluate(() => (window as Watched).shifts ?? [])
  const sum = shifts.reduce((total, { value }) => total + value, 0)
  expect(sum, JSON.stringify(shifts)).toBeLessThan(mostShift)
}

/** What the page loads of script is within the budget. */
export async function expectLight(page: Page): Promise<void> {
  const scripts = await page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, encodedBodySize }) => [name, encodedBodySize] as const),
  )
  const sum = [...new Map(scripts).values()].reduce((total, size) => total + size, 0)
  if (process.env.HEARTHKEEP_TEST_SIZES) console.log(`${(sum / 1024).toFixed(1)} KiB ${new URL(page.url()).pathname}`)
  expect(sum, 'bytes of script').toBeLessThanOrEqual(mostScript)
}

/**
 * Good in both themes and at both widths, with a picture of each to look at.
 *
 * @param name  of the pictures; may begin with a folder
 * @param these  fewer where only the words differ from pages that are looked at elsewhere
 */
export async function expectGoodLooks(page: Page, name: string, these = looks): Promise<void> {
  const before = page.viewportSize()
  for (const look of these) {
    const { colorScheme, width } = look
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 760 })
    if (telling.includes(look)) await expectAccessible(page)
    await expectNoSidewaysScroll(page)
    await shoot(page, `${name}-${colorScheme}-${width}`)
  }
  if (before) await page.setViewportSize(before)
}

/** A picture to look at, in `test-results/`. @param name  may begin with a folder */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/${name}.png`, fullPage: true, animations: 'disabled' })
}
