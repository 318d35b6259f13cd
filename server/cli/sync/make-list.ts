import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { createPrivateKey, importKeys, openPrivateKey, sealPrivateKey } from '#client/surfaces/oplog/keys.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import { chooseListServer, type FolderOptions, writeListFolder } from './list-folder.ts'
import { readPassphrase } from './read-passphrase.ts'

export type MakeOptions = FolderOptions & { passphraseFile?: string }

const sealedKey = 'key-for-other-devices.sealed'

/** `sync init`: a new list with a new key, and the key under a passphrase for the devices that are to join. */
export async function initList(ctx: VerbContext, options: MakeOptions): Promise<Outcome> {
  const { folder } = options
  const { baseUrl } = chooseListServer(ctx, options.server)
  const passphrase = await readPassphrase(ctx.terminal, options.passphraseFile, 'choose')
  checkNewPassword(passphrase)
  const pkcs8 = await createPrivateKey()
  const sealed = await sealPrivateKey(pkcs8, passphrase, { kdf: ctx.kdf })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeListFolder(folder, pkcs8, baseUrl)
  const key = join(folder, sealedKey)
  await writeNewFile(key, sealed, 0o600)
  return {
    text: `Made a list in ${folder}. Carry ${key} to another device, and there: hearthkeep sync join <that file>`,
    json: { folder, server: baseUrl, key },
  }
}

/** `sync join`: the same list on another device, from the sealed key. */
export async function joinList(ctx: VerbContext, keyFile: string, options: MakeOptions): Promise<Outcome> {
  const { folder } = options
  const { baseUrl } = chooseListServer(ctx, options.server)
  const sealed = await readFile(keyFile).catch((error: NodeJS.ErrnoException) => {
    throw usageFailure(`${keyFile} cannot be read (${error.code})`)
  })
  const passphrase = await readPassphrase(ctx.terminal, options.passphraseFile, 'recall')
  const pkcs8 = await openPrivateKey(sealed, passphrase)
  await importKeys(pkcs8)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeListFolder(folder, pkcs8, baseUrl)
  return { text: `Joined in ${folder}. "hearthkeep sync run" fetches the list.`, json: { folder, server: baseUrl } }
}
