import type { Config } from './env.ts'

/**
 * Base of links that leave this server, without a trailing slash: the configured public address, else where it
 * listens. Never what a request called it, which anybody can forge (contract A §7.1).
 */
export function publicUrl({ config, address }: { config: Config; address: string }): string {
  return config.publicUrl ?? address
}
