import { PbfReader, PbfWriter } from 'pbf'
import { MalformedBackup } from './errors.ts'

/**
 * pbf 5.1.2 writes characters from U+20000 on (rare Chinese characters, among them family names) as others: `writeUtf8`
 * joins surrogates with `| 0x10000` where it must add. Its reader turns broken UTF-8 into U+FFFD without a word. The
 * platform's own codecs do both right; the bytes on the wire are those of any other protobuf library.
 */
export class Utf8Writer extends PbfWriter {
  override writeString(text: string): void {
    this.writeBytes(new TextEncoder().encode(text))
  }
}

export class Utf8Reader extends PbfReader {
  override readString(): string {
    const bytes = this.readBytes()
    try {
      // Without `ignoreBOM` a text that starts with U+FEFF would lose it.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new MalformedBackup('The backup has a text that is not UTF-8')
    }
  }
}
