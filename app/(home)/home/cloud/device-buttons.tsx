import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { cloud } from '#app/_i18n/cloud.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import { removeDevice, renameDevice } from './actions.ts'

/** Give a device a name that people know, or take it away. */
export async function DeviceButtons({ id, name }: { id: string; name: string | null }) {
  const words = await wordsOf(cloud)
  const known = name ?? words.nameless
  return (
    <>
      <AskFirst
        words={words.rename}
        label={words.renameOf(known)}
        heading={words.renameHeading}
        look="quiet"
        confirm={words.save}
        action={renameDevice.bind(null, id)}
        done={words.renamed}
      >
        <Field
          id={`name-${id}`}
          name="name"
          label={words.newName}
          defaultValue={name ?? ''}
          maxLength={100}
          autoComplete="off"
          required
        />
      </AskFirst>
      <AskFirst
        words={words.revoke}
        label={words.revokeOf(known)}
        heading={words.revokeHeading(known)}
        action={removeDevice.bind(null, id)}
        done={words.revoked}
      >
        <p>{words.revokeText}</p>
      </AskFirst>
    </>
  )
}
