import { expect, test } from 'vitest'
import { serverEnvironment } from './server-environment.ts'

const plain = { dataFolder: null, httpPort: null, isLanPaused: false }

test('nothing that is meant for Electron or makes Node load something reaches the server', () => {
  const env = {
    NODE_ENV: 'test' as const,
    PATH: '/bin',
    NODE_OPTIONS: '--require /tmp/evil.js',
    NODE_PATH: '/tmp',
    ELECTRON_RUN_AS_NODE: '1',
    APPIMAGE: '/x.AppImage',
    PORT: '80',
    HEARTHKEEP_HOSTNAME: 'name.local',
  }
  expect(serverEnvironment(env, plain, '/cache')).toEqual({
    PATH: '/bin',
    HEARTHKEEP_HOSTNAME: 'name.local',
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: '/cache',
    NEXT_TELEMETRY_DISABLED: '1',
  })
})

test('the shell’s settings beat the environment', () => {
  const env = { NODE_ENV: 'test' as const, HEARTHKEEP_DATA_DIR: '/a', HEARTHKEEP_HTTPS_PORT: '4443' }
  const settings = { dataFolder: '/b', httpPort: 4190, isLanPaused: true }
  expect(serverEnvironment(env, settings, '/cache')).toMatchObject({
    HEARTHKEEP_DATA_DIR: '/b',
    HEARTHKEEP_HTTP_PORT: '4190',
    HEARTHKEEP_HTTPS_PORT: 'off',
    HEARTHKEEP_LAN_HTTP: 'connect',
  })
})
