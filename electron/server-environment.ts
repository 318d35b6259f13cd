import type { Settings } from './settings.ts'

/**
 * The environment that the server is started with: what the person who started the shell has set, then the shell's
 * settings. Nothing that is meant for Electron or would make Node load something else gets through.
 *
 * @param compileCache  a folder that can be written; the one beside the program belongs to the package
 */
export function serverEnvironment(
  env: NodeJS.ProcessEnv,
  { dataFolder, httpPort, isLanPaused }: Settings,
  compileCache: string,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(ELECTRON_|NODE_|CHROME_|APPIMAGE$|APPDIR$|PORT$|HEARTHKEEP_SHELL_DIR$)/i.test(name),
  )
  return {
    ...Object.fromEntries(kept),
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: compileCache,
    NEXT_TELEMETRY_DISABLED: '1',
    ...(dataFolder === null ? {} : { HEARTHKEEP_DATA_DIR: dataFolder }),
    ...(httpPort === null ? {} : { HEARTHKEEP_HTTP_PORT: String(httpPort) }),
    ...(isLanPaused ? paused : {}),
  }
}

/** Without HTTPS and without full plain HTTP nobody but this machine is let in (`server/doors.ts`), nor called. */
const paused = {
  HEARTHKEEP_HTTPS_PORT: 'off',
  HEARTHKEEP_LAN_HTTP: 'connect',
  HEARTHKEEP_TLS: 'off',
  HEARTHKEEP_MDNS: 'off',
}
