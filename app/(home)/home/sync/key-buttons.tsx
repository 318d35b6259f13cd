'use client'

import { Act } from '#app/_components/act.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { Field } from '#app/_components/field.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { sync } from '#app/_i18n/sync.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { SyncKey } from '#app/_server/sync.ts'
import { deleteKey, freezeKey, liftProof, limitKey, renameKey } from './actions.ts'

const mebibyte = 1024 * 1024

/** What the owner of a key can do about it. */
export function KeyButtons({
  syncKey: { id, name, fingerprint, frozen, proofRequired, ownLimits },
}: {
  syncKey: SyncKey
}) {
  const words = useWords(sync)
  const guard = useGuard()
  const known = name ?? words.nameless(fingerprint)
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <AskFirst
        words={words.rename}
        label={words.renameOf(known)}
        heading={words.renameHeading}
        look="quiet"
        confirm={words.save}
        action={(form) => renameKey(id, form)}
        done={words.renamed}
      >
        <Field
          id={`name-${id}`}
          name="name"
          type="text"
          label={words.name}
          defaultValue={name ?? ''}
          autoComplete="off"
          maxLength={100}
          required
        />
      </AskFirst>
      {frozen ? (
        <Act action={() => freezeKey(id, false)} done={words.isThawed} label={words.thawOf(known)}>
          {words.thaw}
        </Act>
      ) : (
        <Act action={() => freezeKey(id, true)} done={words.isFrozen} label={words.freezeOf(known)}>
          {words.freeze}
        </Act>
      )}
      <AskFirst
        words={words.limit}
        label={words.limitOf(known)}
        heading={words.limitHeading}
        look="quiet"
        confirm={words.save}
        action={(form) => limitKey(id, form)}
        done={words.limited}
      >
        <p>{words.limitText}</p>
        <Whole id={`megabytes-${id}`} name="megabytes" label={words.limitBytes} value={inMegabytes(ownLimits.bytes)} />
        <Whole id={`operations-${id}`} name="operations" label={words.limitOperations} value={ownLimits.operations} />
      </AskFirst>
      {proofRequired ? (
        <Act action={() => liftProof(id)} done={words.proofLifted} label={words.liftProofOf(known)}>
          {words.liftProof}
        </Act>
      ) : null}
      <AskFirst
        words={words.remove}
        label={words.removeOf(known)}
        heading={words.removeHeading(known)}
        action={(form) => guard(() => deleteKey(id, form))}
        done={words.removed}
      >
        <p>{words.removeText}</p>
        <Field
          id={`typed-${id}`}
          name="typed"
          type="text"
          label={words.type(name ?? fingerprint)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={320}
          required
        />
      </AskFirst>
    </div>
  )
}

function Whole({ id, name, label, value }: { id: string; name: string; label: string; value: number | null }) {
  return (
    <Field
      id={id}
      name={name}
      type="text"
      inputMode="numeric"
      pattern="[0-9]{0,9}"
      label={label}
      defaultValue={value === null ? '' : String(value)}
      autoComplete="off"
      maxLength={9}
    />
  )
}

function inMegabytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes / mebibyte)
}
