import type { Metadata } from 'next'
import { setup as area } from '#app/_i18n/setup.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { requireSetup, storageOfSetup } from '#app/_server/setup.ts'
import { SetupFrame } from '#app/(welcome)/setup/setup-frame.tsx'
import { GoOn, Pinned } from '#app/(welcome)/setup/setup-frame-parts.tsx'
import { StorageForm } from './storage-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await wordsOf(area)).storage.title }
}

const next = '/setup/mail'

/** Where the bytes lie. While nothing is kept the choice holds at once. */
export default async function StoragePage() {
  const setup = await requireSetup('storage')
  const words = await wordsOf(area)
  const { isOwn, place, folder, pinned, isEmpty } = storageOfSetup()
  return (
    <SetupFrame setup={setup} step="storage" heading={words.storage.heading} lead={words.storage.lead}>
      {pinned || !isEmpty ? (
        <>
          <Pinned>
            {words.storage.now(place)}. {pinned ? words.pinned(pinned) : words.storage.kept}
          </Pinned>
          <GoOn href={next}>{words.go}</GoOn>
        </>
      ) : (
        <StorageForm isOwn={isOwn} place={place} folder={folder} />
      )}
    </SetupFrame>
  )
}
