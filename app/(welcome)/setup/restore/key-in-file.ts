import { readQrPicture } from '#app/(home)/home/otp/read-qr.ts'

const key = /\bHKR1(?:-[0-9A-Za-z]{4}){9}\b/

/** The recovery key in a photo of the kit, or in its text; null when there is none to be found. */
export async function keyInFile(file: File): Promise<string | null> {
  try {
    const texts = file.type.startsWith('image/') ? await readQrPicture(file) : [await file.text()]
    return texts.map((text) => key.exec(text)?.[0]).find((found) => found !== undefined) ?? null
  } catch {
    return null
  }
}
