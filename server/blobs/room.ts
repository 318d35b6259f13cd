const mebibyte = 1024 * 1024
/** Room for the database's log up to its next checkpoint, twice. */
const most = 8 * mebibyte

/**
 * Room that uploads must leave: a disk full of backups would let nobody sign in to get them back, nor let the reaper
 * write down what it may delete.
 *
 * @returns bytes: 8 MiB, or a twentieth of a small disk
 */
export function reservedOf({ blocks, bsize }: { blocks: number; bsize: number }): number {
  return Math.min(most, Math.floor((blocks * bsize) / 20))
}
