// Plain JavaScript for the system's Node 20: a Chromium for the browser tests, found or installed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

// The shell draws pages as the whole browser does, without a window around them: a quarter less work.
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const places = [
  ...names.map((name) => `/usr/bin/${name}`),
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** @returns {string | null} path of a browser, after trying to install one */
export function findBrowser() {
  return installed() ?? (installFromDebian() ? installed() : null) ?? installByPlaywright()
}

function installed() {
  if (process.env.CHROMIUM && existsSync(process.env.CHROMIUM)) return process.env.CHROMIUM
  return places.find((path) => existsSync(path)) ?? null
}

function installFromDebian() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  console.error('Installing Chromium for the browser tests …')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: 300_000 }).status === 0
  const install = (name) => apt('install', '-y', '--no-install-recommends', name, 'fonts-dejavu-core')
  return apt('update') && (install('chromium-headless-shell') || install('chromium'))
}

/** Playwright's own download, where the internet is open. */
function installByPlaywright() {
  const done = spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
  })
  if (done.status !== 0) return null
  const script = "import('@playwright/test').then(({chromium})=>process.stdout.write(chromium.executablePath()))"
  const path = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout
  return path && existsSync(path) ? path : null
}
