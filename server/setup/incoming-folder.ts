import { join } from 'node:path'
import type { Config } from '#server/config/env.ts'
import { readRestoring } from '#server/config/restoring.ts'

/** Where the server that comes back is put together, inside the data folder: on the same disk, so that it only moves. */
export const incomingFolder = 'restoring'

/** The snapshot of a restore that was begun here and has not come to its end; null when there is none. */
export function interruptedRestore({ dataFolder }: Pick<Config, 'dataFolder'>): string | null {
  return readRestoring(join(dataFolder, incomingFolder))
}
