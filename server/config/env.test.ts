import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './env.ts'

const faultsOf = (env: Record<string, string>) => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)]
  }
}

test('needs nothing', () => {
  expect(readConfig({ HEARTHKEEP_DATA_DIR: '/data' })).toMatchObject({
    dataFolder: '/data',
    httpPort: 4180,
    lanHttp: 'connect',
    blobs: { kind: 'disk' },
    mail: null,
    rateLimit: true,
    settings: {},
    unknown: [],
  })
})

test('takes PORT for the port, and its own name before that', () => {
  expect(readConfig({ PORT: '8080' }).httpPort).toBe(8080)
  expect(readConfig({ PORT: '8080', HEARTHKEEP_HTTP_PORT: '0' }).httpPort).toBe(0)
})

test('an empty variable counts as not set', () => {
  expect(readConfig({ HEARTHKEEP_REGISTRATION: '', HEARTHKEEP_HTTP_PORT: '' }).httpPort).toBe(4180)
})

test.each([
  [{ HEARTHKEEP_HTTP_PORT: '65536' }, 'HEARTHKEEP_HTTP_PORT'],
  [{ HEARTHKEEP_SLOT_MAX_BYTES: '104857601' }, 'HEARTHKEEP_SLOT_MAX_BYTES'],
  [{ HEARTHKEEP_BLOBS: 's3' }, 'HEARTHKEEP_S3_BUCKET'],
  [{ HEARTHKEEP_ADMIN_EMAIL: 'mum@example.org' }, 'HEARTHKEEP_ADMIN_PASSWORD'],
  [{ HEARTHKEEP_TRUSTED_PROXIES: '10.0.0.0/33' }, 'HEARTHKEEP_TRUSTED_PROXIES'],
  [{ HEARTHKEEP_RP_ORIGINS: 'https://keys.example/path' }, 'HEARTHKEEP_RP_ORIGINS'],
  [{ HEARTHKEEP_RP_ORIGINS: 'android:apk-key-hash:short' }, 'HEARTHKEEP_RP_ORIGINS'],
  [{ HEARTHKEEP_ATTESTATION: 'token' }, 'HEARTHKEEP_ATTESTATION_TOKEN'],
  [{ HEARTHKEEP_ATTESTATION: 'jwt' }, 'HEARTHKEEP_ATTESTATION_JWKS_URL'],
  [{ HEARTHKEEP_TRUSTED_PROXIES: 'proxy.local' }, 'HEARTHKEEP_TRUSTED_PROXIES'],
  [{ HEARTHKEEP_PUBLIC_URL: 'ftp://home' }, 'HEARTHKEEP_PUBLIC_URL'],
  [{ HEARTHKEEP_DATA_DIR: '/data', HEARTHKEEP_SNAPSHOT_DIR: '/data' }, 'HEARTHKEEP_SNAPSHOT_DIR'],
  [{ HEARTHKEEP_DATA_DIR: '/data', HEARTHKEEP_SNAPSHOT_DIR: '/data/../data/own' }, 'HEARTHKEEP_SNAPSHOT_DIR'],
  [{ HEARTHKEEP_SNAPSHOT_DIR: '/mnt', HEARTHKEEP_SNAPSHOT_S3_BUCKET: 'kept' }, 'not both'],
  [{ HEARTHKEEP_SNAPSHOT_S3_BUCKET: 'kept' }, 'HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY'],
  [{ HEARTHKEEP_MDNS: 'maybe' }, 'HEARTHKEEP_MDNS'],
  [{ HEARTHKEEP_ANDROID_APPS: 'org.example.app:AA:BB' }, 'HEARTHKEEP_ANDROID_APPS'],
  [{ HEARTHKEEP_ANDROID_APPS: 'org.example.app' }, 'HEARTHKEEP_ANDROID_APPS'],
  [{ HEARTHKEEP_APPLE_APPS: 'org.example.app' }, 'HEARTHKEEP_APPLE_APPS'],
  [{ HEARTHKEEP_SNAPSHOT_HOURS: '0' }, 'HEARTHKEEP_SNAPSHOT_HOURS'],
  [{ HEARTHKEEP_SCRUB_DAYS: 'never' }, 'HEARTHKEEP_SCRUB_DAYS'],
])('%j is refused by name', (env, name) => {
  expect(faultsOf(env as unknown as Record<string, string>).join()).toContain(name)
})

test('a fault never repeats the value, which may be a secret', () => {
  expect(faultsOf({ HEARTHKEEP_ADMIN_EMAIL: 'a@b.c', HEARTHKEEP_ADMIN_PASSWORD: 'hunter2' }).join()).not.toContain(
    'hunter2',
  )
})

test('settings from the environment are kept apart, and names that mean nothing are told', () => {
  const config = readConfig({
    HEARTHKEEP_QUOTA_BYTES: '5',
    HEARTHKEEP_REGISTRATION: 'closed',
    HEARTHKEEP_REGISTRATON: 'x',
  })
  expect(config.settings).toEqual({ quotaBytes: 5, registration: 'closed' })
  expect(config.unknown).toEqual(['HEARTHKEEP_REGISTRATON'])
})
