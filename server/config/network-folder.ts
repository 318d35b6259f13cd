import { statfs } from 'node:fs/promises'

/** `f_type` of file systems that live on another machine (Linux, statfs(2)). */
const remote = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x47504653, 'GPFS'],
])

/**
 * SQLite's locks and syncs cannot be relied on across a network.
 *
 * @returns the network file system's name, or null where the folder seems to be local
 */
export async function networkFileSystem(folder: string): Promise<string | null> {
  if (process.platform === 'win32') return folder.startsWith('\\\\') ? 'a network share' : null
  if (process.platform !== 'linux') return null
  const { type } = await statfs(folder)
  return remote.get(type >>> 0) ?? null
}
