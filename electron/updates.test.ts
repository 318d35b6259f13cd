import { EventEmitter } from 'node:events'
import { expect, test, vi } from 'vitest'
import { Updates } from './updates.ts'

/** An updater that finds a version, and a server; `done` lists what happened, in order. */
function houseWithUpdate(kind: string, copy: () => Promise<string> = async () => '/copy') {
  const done: string[] = []
  const log =
    <T>(name: string, then: () => T) =>
    () => {
      done.push(name)
      return then()
    }
  const source = Object.assign(new EventEmitter(), {
    autoDownload: false,
    autoInstallOnAppQuit: true,
    checkForUpdates: log('check', async () => null),
    quitAndInstall: log('install', () => {}),
  })
  const server = { state: { kind }, copyDatabase: log('copy', copy), stop: log('stop', async () => {}) }
  const changed = vi.fn()
  const updates = new Updates(source, server, changed)
  return { source, updates, changed, done }
}

test('it is never installed in passing', () => {
  const { source } = houseWithUpdate('serving')
  expect(source).toMatchObject({ autoDownload: true, autoInstallOnAppQuit: false })
})

test('the database is copied, then the server stopped, then it is installed', async () => {
  const { source, updates, changed, done } = houseWithUpdate('serving')
  await updates.install()
  expect(done).toEqual([])
  source.emit('update-downloaded', { version: '2.0.0' })
  expect(updates.state).toEqual({ kind: 'ready', version: '2.0.0' })
  await updates.install()
  expect(done).toEqual(['copy', 'stop', 'install'])
  expect(changed).toHaveBeenCalledTimes(2)
})

test('without a copy of the database nothing is installed, and it can be tried again', async () => {
  let room = false
  const { source, updates, done } = houseWithUpdate('serving', async () => {
    if (room) return '/copy'
    throw new Error('no room')
  })
  source.emit('update-downloaded', { version: '2.0.0' })
  await updates.install()
  expect(updates.state).toEqual({ kind: 'refused', version: '2.0.0', words: 'no room' })
  expect(done).toEqual(['copy'])
  room = true
  await updates.install()
  expect(done).toEqual(['copy', 'copy', 'stop', 'install'])
})

test('a server that cannot start can be mended by an update', async () => {
  const { source, updates, done } = houseWithUpdate('failed')
  source.emit('update-downloaded', { version: '2.0.0' })
  await updates.install()
  expect(done).toEqual(['stop', 'install'])
})

test('without a network there is no news and no fuss', async () => {
  const { source, updates, done } = houseWithUpdate('serving')
  source.checkForUpdates = () => Promise.reject(new Error('offline'))
  const end = updates.watch()
  source.emit('error', new Error('offline'))
  end()
  expect(updates.state).toEqual({ kind: 'none' })
  expect(done).toEqual([])
})
