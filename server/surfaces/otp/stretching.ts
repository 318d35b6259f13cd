import type { Stretching } from '#server/people/passwords.ts'

/** Beyond this a changed row would cost gigabytes of memory. */
const most = { logN: 18, r: 16, p: 8 }
const shape = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86}={0,2})$/

/** @returns `$scrypt$ln=15,r=8,p=1$<salt, base64>`, the PHC string format */
export function writeStretching({ logN, r, p }: Stretching, salt: Buffer): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64')}`
}

/** @throws Error on what `writeStretching` did not write */
export function readStretching(text: string): Stretching & { salt: Buffer } {
  const [, logN, r, p, salt = ''] = shape.exec(text) ?? []
  const work = { logN: Number(logN), r: Number(r), p: Number(p) }
  const sound = work.logN >= 1 && work.r >= 1 && work.p >= 1
  if (!sound || work.logN > most.logN || work.r > most.r || work.p > most.p)
    throw new Error('A device has unreadable scrypt parameters')
  return { ...work, salt: Buffer.from(salt, 'base64') }
}
