import type { Config } from './env.ts'

/**
 * Base of links that leave this server, without a trailing slash: the configured public address, else where
 * the house reaches it, else where it listens. Never what a request called it, which anybody can forge (contract A §7.1).
 */
export function publicUrl(server: { config: Config; address: string; httpsAddress: string | null }): string {
  return server.config.publicUrl ?? server.httpsAddress ?? server.address
}
