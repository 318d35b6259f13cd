/** The systems that `/connect` has steps for, in the order it shows them. */
export const systems = ['ios', 'android', 'windows', 'macos', 'linux'] as const

export type System = (typeof systems)[number]

/** The visitor's own system by what its browser says; null where it cannot be told. An iPad calls itself a Mac. */
export function systemOf(userAgent: string): System | null {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'ios'
  if (/Android/.test(userAgent)) return 'android'
  if (/Windows/.test(userAgent)) return 'windows'
  if (/Macintosh/.test(userAgent)) return 'macos'
  return /Linux|X11/.test(userAgent) ? 'linux' : null
}
