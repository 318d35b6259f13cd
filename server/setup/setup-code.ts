import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '#db/client.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import type { Ids } from '#server/kit/ids.ts'
import { newTypedCode, typedCodeHash } from '#server/people/typed-code.ts'
import { isSetUp, readSetupState, writeSetupState } from './state.ts'

/** In the data folder where no terminal shows the code; for its own user alone, and gone after set-up. */
export const setupCodeFile = 'setup-code'

/** 60 random bits, as invitations have. */
const groups = 3

type Needs = { db: Database; ids: Ids; dataFolder: string }

/** A code to show, and the file it is kept in, if it is. */
export type SetupCode = { code: string; file: string | null }

/**
 * The code that lets a browser set this server up. With `keep`, it lies in a file in the data folder and is the same at
 * each start; otherwise it is a new one, and only its hash is kept.
 *
 * @returns null once set-up is finished
 */
export async function offerSetupCode(needs: Needs, keep: boolean): Promise<SetupCode | null> {
  const { db, dataFolder } = needs
  const path = join(dataFolder, setupCodeFile)
  if (isSetUp(db.read)) {
    await rm(path, { force: true })
    return null
  }
  const kept = readKeptCode(needs)
  if (keep && kept) return { code: kept, file: path }
  await rm(path, { force: true })
  const code = newTypedCode(needs, groups)
  await db.write((tx) => writeSetupState(tx, { codeHash: typedCodeHash('set-up', code) }))
  if (keep) await writeFileAtomically(path, `${code}\n`, 0o600)
  return { code, file: keep ? path : null }
}

/** The code in the file, if it is still good. */
export function readKeptCode({ db, dataFolder }: Needs): string | null {
  let code: string
  try {
    code = readFileSync(join(dataFolder, setupCodeFile), 'utf8').trim()
  } catch {
    return null
  }
  return readSetupState(db.read).codeHash === typedCodeHash('set-up', code) ? code : null
}
