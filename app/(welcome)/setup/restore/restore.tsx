'use client'

import { useState } from 'react'
import type { Restorable } from '#app/_server/setup.ts'
import { restore } from '#app/(welcome)/setup/actions.ts'
import { useSetup } from '#app/(welcome)/setup/use-setup.ts'
import { ChooseSnapshot } from './choose-snapshot.tsx'
import { FindSnapshots } from './find-snapshots.tsx'
import { RestoreRun } from './restore-run.tsx'

type Found = { form: FormData; snapshots: Restorable[] }

/** Find the snapshots, choose one, watch it come back. */
export function Restore({ isUnderWay }: { isUnderWay: boolean }) {
  const { busy, trouble, answer } = useSetup()
  const [found, setFound] = useState<Found | null>(null)
  const [isRunning, setRunning] = useState(isUnderWay)
  // What a page that was loaded anew does not know: the key is kept nowhere.
  const canGoOn = found !== null

  async function start(snapshot: string, acceptLosses: boolean) {
    if (!found) return
    if (await answer(() => restore(found.form, snapshot, acceptLosses), null)) setRunning(true)
  }

  if (isRunning)
    return (
      <RestoreRun
        onAccept={canGoOn ? (snapshot) => start(snapshot, true) : null}
        onAgain={canGoOn ? (snapshot) => start(snapshot, false) : null}
        onAnother={() => setRunning(false)}
      />
    )
  if (!found) return <FindSnapshots onFound={setFound} />
  return (
    <ChooseSnapshot
      snapshots={found.snapshots}
      busy={busy}
      trouble={trouble}
      onChoose={(snapshot) => start(snapshot, false)}
      onBack={() => setFound(null)}
    />
  )
}
