'use client'

import { Hearth } from '#app/_components/hearth.tsx'
import { PageBroken } from '#app/_components/page-broken.tsx'

/** A page before sign-in broke. */
export default function Broken() {
  return (
    <main className="mx-auto max-w-2xl px-5 py-20">
      <div className="mb-6">
        <Hearth />
      </div>
      <PageBroken />
    </main>
  )
}
