'use client'

import { useMemo, useState, useTransition } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp } from '#app/_server/otp.ts'
import { foundIn, type Gathered, isCodeText, nothingGathered, withFile, withTexts } from './gathered.ts'
import { PickFiles } from './pick-files.tsx'
import { ReviewCodes } from './review-codes.tsx'
import { ScanCamera } from './scan-camera.tsx'
import { SealedFile } from './sealed-file.tsx'
import { TypeCode } from './type-code.tsx'

type Props = {
  opened: { deviceId: number; password: string }
  codes: OpenedOtp[]
  onAdded: (codes: OpenedOtp[]) => void
}

/**
 * Every way for codes to come in. Pictures, files and the camera are read in the browser, by programs that are loaded
 * when they are wanted; what they hold is shown before any of it is stored.
 */
export function AddCodes({ opened, codes, onAdded }: Props) {
  const words = useWords(otp).add
  const { offline } = useWords(shell).outcome
  const [gathered, setGathered] = useState<Gathered>(nothingGathered)
  const [sealed, setSealed] = useState<File | null>(null)
  const [isScanning, setScanning] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [busy, start] = useTransition()
  const found = useMemo(() => foundIn(gathered), [gathered])
  const [missing] = found.missing
  const isAnything = gathered.texts.length > 0 || gathered.files.length > 0

  function take(files: File[]) {
    setTrouble(null)
    start(async () => {
      for (const file of files) {
        const told = await read(file).catch(() => offline)
        if (told !== null) setTrouble(told)
      }
    })
  }

  /** @returns what is to be said of it; null when it was of use */
  async function read(file: File): Promise<string | null> {
    const name = file.name || words.clipboard
    if (!file.type.startsWith('image/')) {
      const { readExport } = await import('./read-export.ts')
      const answer = await readExport(file, null)
      if (answer.kind === 'read') setGathered((before) => withFile(before, answer.file))
      if (answer.kind === 'sealed') setSealed(file)
      if (answer.kind === 'read') return answer.file.otps.length === 0 ? words.nothing(name) : null
      return answer.kind === 'sealed' ? null : words.unreadable(name)
    }
    const { readQrPicture } = await import('./read-qr.ts')
    const texts = await readQrPicture(file).catch(() => null)
    if (texts === null) return words.unreadable(name)
    const useful = texts.filter(isCodeText)
    if (useful.length > 0) setGathered((before) => withTexts(before, useful))
    if (useful.length > 0) return null
    return texts.length > 0 ? words.notACode : words.noQr(name)
  }

  /** The camera closes by itself once nothing is missing. */
  function takeText(text: string): boolean {
    if (!isCodeText(text)) return false
    const after = withTexts(gathered, [text])
    setGathered(after)
    if (foundIn(after).missing.length === 0) setScanning(false)
    return true
  }

  return (
    <>
      <p className="max-w-prose text-soft">{words.lead}</p>
      <PickFiles
        busy={busy}
        onFiles={take}
        onCamera={() => {
          setTrouble(null)
          setScanning(true)
        }}
      />
      {trouble ? <Notice>{trouble}</Notice> : null}
      {sealed ? (
        <SealedFile
          key={`${sealed.name} ${sealed.lastModified}`}
          file={sealed}
          onOpen={(file) => {
            setSealed(null)
            setGathered((before) => withFile(before, file))
          }}
          onCancel={() => setSealed(null)}
        />
      ) : null}
      {isAnything ? (
        <ReviewCodes
          found={found}
          here={codes}
          opened={opened}
          onAdded={onAdded}
          onEnd={() => setGathered(nothingGathered)}
        />
      ) : (
        <TypeCode opened={opened} codes={codes} onAdded={onAdded} />
      )}
      {isScanning ? (
        <ScanCamera
          progress={missing ? { got: missing.size - missing.parts.length, size: missing.size } : null}
          onText={takeText}
          onClose={() => setScanning(false)}
        />
      ) : null}
    </>
  )
}
