import { expect, test } from 'vitest'
import { DatabaseTooNew } from '#db/migration-state.ts'
import { ConfigError } from '#server/config/env.ts'
import { DataFolderInUse } from '#server/config/lock-data-folder.ts'
import { RestoreUnfinished } from '#server/config/restoring.ts'
import { CertificateUnusable } from '#server/lan/certificate-file.ts'
import { startFailure, startFailures } from './start-failure.ts'

test.each([
  ['configuration', new ConfigError(['PORT: wrong'])],
  ['folder-in-use', new DataFolderInUse('/data')],
  ['restore-unfinished', new RestoreUnfinished('/data', 'x')],
  ['database-too-new', new DatabaseTooNew()],
  ['certificate', new CertificateUnusable('broken')],
  ['port-in-use', Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 4180 })],
  ['disk-full', Object.assign(new Error('no space'), { code: 'ENOSPC' })],
  ['disk-full', new Error('query', { cause: Object.assign(new Error('full'), { code: 'SQLITE_FULL' }) })],
  ['folder-not-writable', Object.assign(new Error('mkdir'), { code: 'EROFS', path: '/data' })],
  ['folder-not-writable', Object.assign(new Error('open'), { code: 'SQLITE_CANTOPEN' })],
  ['folder-not-writable', Object.assign(new Error('mkdir'), { code: 'ENOENT', syscall: 'mkdir', path: 'E:\\x' })],
  ['unexpected', Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' })],
  ['unexpected', new TypeError('undefined is not a function')],
  ['unexpected', 'a string'],
] as const)('%s is told apart', (reason, error) => {
  expect(startFailure(error).reason).toBe(reason)
})

test('each reason has an exit code of its own', () => {
  const codes = Object.values(startFailures)
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes).not.toContain(0)
})
