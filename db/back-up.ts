import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'

/** Pages between two looks of the event loop: some milliseconds. */
const pagesAtOnce = 200

/**
 * Copy a database while it is in use, as it is at one moment, by SQLite's online backup. The read transaction that is
 * held meanwhile keeps that moment: otherwise every commit of another connection would make the copy begin anew.
 *
 * @param to  a path where nothing is yet; becomes one plain file without a log beside it
 */
export async function backUpDatabase(from: string, to: string): Promise<void> {
  const source = new Sqlite(from, { readonly: true, fileMustExist: true })
  try {
    source.pragma('busy_timeout = 5000')
    source.exec('begin')
    source.prepare('select count(*) from sqlite_master').get()
    await source.backup(to, { progress: () => pagesAtOnce })
    source.exec('commit')
  } finally {
    source.close()
  }
  const copy = new Sqlite(to)
  try {
    copy.pragma('journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** Runs in a thread of its own: the checks of a large database take seconds, and others want answers meanwhile. */
const checkInThread = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require(workerData.driver)
try {
  const sqlite = new Sqlite(workerData.path, { readonly: true, fileMustExist: true })
  const integrity = sqlite.pragma('integrity_check').map((row) => row.integrity_check).filter((words) => words !== 'ok')
  const foreign = sqlite.pragma('foreign_key_check').map((row) => 'a row of ' + row.table + ' points to nothing')
  sqlite.close()
  parentPort.postMessage([...integrity, ...foreign].slice(0, 20))
} catch (error) {
  parentPort.postMessage([String(error && error.message)])
}
`

/** What SQLite itself finds wrong with a database file that nobody has open; nothing in a sound one. */
export function checkDatabase(path: string): Promise<string[]> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3')
  const worker = new Worker(checkInThread, { eval: true, workerData: { path, driver } })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the check of the database ended with ${code}`)))
  })
}
