// `node server/packaging/smoke.mjs <executable> [argument …]`: starts a packaged app on a data folder of its own, waits
// until its server serves a page, asks the app to end, and looks that the server ended with it.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const [executable, ...args] = process.argv.slice(2)
if (!executable) throw new Error('usage: node server/packaging/smoke.mjs <executable> [argument …]')
const place = mkdtempSync(join(tmpdir(), 'hearthkeep-smoke-'))
const runFile = join(place, 'data', 'run.json')
const app = spawn(executable, args, {
  env: {
    ...process.env,
    HEARTHKEEP_DATA_DIR: join(place, 'data'),
    HEARTHKEEP_SHELL_DIR: join(place, 'shell'),
    HEARTHKEEP_HTTP_PORT: '0',
  },
  stdio: 'inherit',
})
const ended = new Promise((resolve) => app.once('exit', resolve))

try {
  const { pid, http } = await until(
    'the server serves',
    () => existsSync(runFile) && JSON.parse(readFileSync(runFile, 'utf8')),
  )
  const address = http.replace('127.0.0.1', 'localhost')
  for (const path of ['/health', '/sign-in']) {
    const { status } = await fetch(address + path)
    console.log(`${path} ${status}`)
    if (status !== 200) throw new Error(`${path} answers ${status}`)
  }
  app.kill('SIGTERM')
  await ended
  await until('the server has ended with it', () => !isAlive(pid))
  console.log('ok')
} catch (error) {
  const log = join(place, 'shell', 'logs', 'server.log')
  if (existsSync(log)) console.error(readFileSync(log, 'utf8'))
  throw error
} finally {
  app.kill('SIGKILL')
  rmSync(place, { recursive: true, force: true })
}

async function until(what, look) {
  for (let waited = 0; waited < 90_000; waited += 250) {
    const seen = look()
    if (seen) return seen
    await pause(250)
  }
  throw new Error(`It did not come to this: ${what}`)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
