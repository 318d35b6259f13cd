import { MalformedBackup } from './errors.ts'

/** Wire types of the protobuf encoding that backup.proto uses. */
const varint = 0
const lengthDelimited = 2

type Field = { wire: number; repeated?: true; message?: Shape }
type Shape = { [fieldNumber: number]: Field }

const bytesOrText: Field = { wire: lengthDelimited }
const number: Field = { wire: varint }

/** backup.proto as data. */
export const identityBackupShape: Shape = {
  1: number,
  2: number,
  3: bytesOrText,
  4: { wire: lengthDelimited, message: { 1: bytesOrText, 2: bytesOrText } },
  5: { wire: lengthDelimited, repeated: true, message: { 1: bytesOrText, 2: bytesOrText, 3: bytesOrText, 4: number } },
  6: { wire: lengthDelimited, message: { 1: bytesOrText, 2: bytesOrText, 3: number } },
}

/**
 * Walk the encoded message before the generated reader does, which skips fields it does not know: a device that then
 * saved the backup again would have dropped them. Unknown fields, repeated single fields, wrong types and bytes cut
 * short are refused at every depth.
 *
 * @throws MalformedBackup
 */
export function checkWire(bytes: Uint8Array, shape: Shape = identityBackupShape): void {
  const seen = new Set<number>()
  let at = 0
  while (at < bytes.byteLength) {
    const tag = readVarint(bytes, at)
    at = tag.next
    const fieldNumber = Math.floor(tag.value / 8)
    const field = shape[fieldNumber]
    if (field === undefined) {
      throw new MalformedBackup('The backup has fields this program does not know; update it to keep them')
    }
    if (tag.value % 8 !== field.wire) throw new MalformedBackup('The backup has a field of the wrong type')
    if (seen.has(fieldNumber) && !field.repeated) throw new MalformedBackup('The backup has a field twice')
    seen.add(fieldNumber)

    const head = readVarint(bytes, at)
    at = head.next
    if (field.wire === varint) continue
    if (head.value > bytes.byteLength - at) throw cutShort()
    if (field.message) checkWire(bytes.subarray(at, at + head.value), field.message)
    at += head.value
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0
  for (let at = start, factor = 1; at < start + 10; at += 1, factor *= 128) {
    const byte = bytes[at]
    if (byte === undefined) throw cutShort()
    value += (byte & 127) * factor
    if (byte < 128) {
      if (value > Number.MAX_SAFE_INTEGER) break
      return { value, next: at + 1 }
    }
  }
  throw new MalformedBackup('The backup has a number that is too large')
}

function cutShort(): MalformedBackup {
  return new MalformedBackup('The backup ends in the middle of a field')
}
