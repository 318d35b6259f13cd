/** Most specific first: browsers name those they descend from as well. */
const browsers: Array<[pattern: RegExp, name: string]> = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrom(e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/\S+ .*Safari\//, 'Safari'],
]
const systems: Array<[pattern: RegExp, name: string]> = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/**
 * What to call a device that signed in, from the user agent it sent: `Firefox on Windows`, an app's first word, or
 * null when it said nothing.
 */
export function deviceName(userAgent: string | null): string | null {
  if (!userAgent) return null
  const find = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1]
  const [browser, system] = [find(browsers), find(systems)]
  if (browser) return system ? `${browser} on ${system}` : browser
  // All browsers call themselves Mozilla, so that says nothing.
  const app = /^(?!Mozilla\b)[\w .-]{1,40}/.exec(userAgent)?.[0].trim()
  return app || system || null
}
