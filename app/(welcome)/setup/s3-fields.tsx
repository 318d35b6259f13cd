'use client'

import { useState } from 'react'
import { Field } from '#app/_components/field.tsx'
import { setup } from '#app/_i18n/setup.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { S3Given } from './actions.ts'

const fresh = {
  endpoint: '',
  region: 'us-east-1',
  bucket: '',
  prefix: '',
  accessKeyId: '',
  secretAccessKey: '',
  forcePathStyle: true,
}

/** Where a bucket is, and the keys to it. */
export function useS3Fields() {
  const words = useWords(setup).storage
  const [given, setGiven] = useState(fresh)
  const text = (name: Exclude<keyof typeof fresh, 'forcePathStyle'>) => ({
    id: `s3-${name}`,
    label: words[name],
    value: given[name],
    autoComplete: 'off',
    autoCapitalize: 'none',
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => setGiven({ ...given, [name]: event.target.value }),
  })
  const fields = (
    <>
      <Field {...text('endpoint')} type="url" hint={words.endpointHint} />
      <Field {...text('bucket')} minLength={3} required />
      <Field {...text('prefix')} hint={words.prefixHint} />
      <Field {...text('region')} required />
      <Field {...text('accessKeyId')} required />
      <Field {...text('secretAccessKey')} type="password" required />
      <label className="mt-5 flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-1.5 size-4 shrink-0 accent-ember"
          checked={given.forcePathStyle}
          onChange={(event) => setGiven({ ...given, forcePathStyle: event.target.checked })}
        />
        <span>{words.pathStyle}</span>
      </label>
    </>
  )
  const { endpoint, ...rest } = given
  const s3: S3Given = { ...rest, ...(endpoint.trim() ? { endpoint: endpoint.trim() } : {}) }
  return { fields, s3 }
}
