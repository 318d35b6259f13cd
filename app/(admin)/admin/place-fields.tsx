'use client'

import { useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { placeFields } from '#app/_i18n/place-fields.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** What is chosen now, to begin with; keys are never among it. */
export type ChosenPlace =
  | { kind: 'disk'; folder: string }
  | { kind: 's3'; endpoint: string | null; region: string; bucket: string; prefix: string; forcePathStyle: boolean }

type Props = { id: string; chosen: ChosenPlace | null; folderHint: string }

/** A folder or a bucket, inside somebody's form. */
export function PlaceFields({ id, chosen, folderHint }: Props) {
  const words = useWords(placeFields)
  const [kind, setKind] = useState<'disk' | 's3'>(chosen?.kind ?? 'disk')
  const bucket = chosen?.kind === 's3' ? chosen : null
  return (
    <>
      <fieldset className="mt-4">
        <legend className="font-medium">{words.kind}</legend>
        <div className="mt-1.5 flex flex-wrap gap-x-6 gap-y-1">
          {(['disk', 's3'] as const).map((one) => (
            <label key={one} className="flex items-center gap-2 py-1">
              <input
                type="radio"
                name="kind"
                value={one}
                checked={kind === one}
                onChange={() => setKind(one)}
                className="size-4 accent-ember"
              />
              {one === 'disk' ? words.folder : words.bucket}
            </label>
          ))}
        </div>
      </fieldset>
      {kind === 'disk' ? (
        <Field
          id={`${id}-folder`}
          name="folder"
          type="text"
          label={words.folderLabel}
          hint={folderHint}
          defaultValue={chosen?.kind === 'disk' ? chosen.folder : ''}
          autoComplete="off"
          spellCheck={false}
          maxLength={1024}
          required
        />
      ) : (
        <div className="grid gap-x-6 sm:grid-cols-2">
          <Text
            id={`${id}-endpoint`}
            name="endpoint"
            label={words.endpoint}
            hint={words.endpointHint}
            type="url"
            value={bucket?.endpoint ?? ''}
            optional
          />
          <Text id={`${id}-region`} name="region" label={words.region} value={bucket?.region ?? 'us-east-1'} optional />
          <Text id={`${id}-bucket`} name="bucket" label={words.bucketLabel} value={bucket?.bucket ?? ''} />
          <Text
            id={`${id}-prefix`}
            name="prefix"
            label={words.prefix}
            hint={words.prefixHint}
            value={bucket?.prefix ?? ''}
            optional
          />
          <Text id={`${id}-access`} name="accessKeyId" label={words.accessKeyId} value="" />
          <Text
            id={`${id}-secret`}
            name="secretAccessKey"
            label={words.secretAccessKey}
            hint={words.secretHint}
            type="password"
            value=""
          />
          <label className="mt-4 flex items-center gap-2 sm:col-span-2">
            <input
              type="checkbox"
              name="forcePathStyle"
              value="true"
              defaultChecked={bucket?.forcePathStyle ?? true}
              className="size-4 accent-ember"
            />
            {words.pathStyle}
          </label>
        </div>
      )}
    </>
  )
}

type TextProps = {
  id: string
  name: string
  label: string
  value: string
  hint?: string
  type?: 'text' | 'url' | 'password'
  optional?: true
}

function Text({ id, name, label, value, hint, type = 'text', optional }: TextProps) {
  return (
    <Field
      id={id}
      name={name}
      type={type}
      label={label}
      hint={hint}
      defaultValue={value}
      autoComplete="off"
      spellCheck={false}
      maxLength={1024}
      required={!optional}
    />
  )
}
