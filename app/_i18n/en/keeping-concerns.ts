type Shown = [heading: string, text: string]

/** What keepers ought to see to, on their first page. */
export const keepingConcerns = {
  quarantined: (count: number): Shown => [
    count === 1 ? 'One stored file is damaged' : `${count} stored files are damaged`,
    'See whose they are and what can be done.',
  ],
  clockAhead: (days: number, hours: number): Shown => [
    'The clock of this machine may be wrong',
    `It went ahead by ${days === 1 ? 'a day' : `${days} days`} at once. If the machine was only switched off, there is nothing to do. Until the server has run for ${hours === 1 ? 'one more hour' : `${hours} more hours`}, nothing is deleted for being old.`,
  ],
  movePaused: (reason: string): Shown => ['The move of the stored files is paused', reason],
  diskNearlyFull: (folder: string, free: string): Shown => [
    'A disk is nearly full',
    `Only ${free} are free at ${folder}. When it is full, nobody can save.`,
  ],
  noSnapshots: [
    'Nothing is copied off this machine',
    'If it breaks or is stolen, everything is gone. Send snapshots to another disk or to S3 storage.',
  ] as Shown,
  noKit: ['There is no recovery kit', 'Snapshots are only made once the key that opens them is on paper.'] as Shown,
  snapshotFailed: (reason: string): Shown => ['The last snapshot failed', reason],
  snapshotOld: ['The last snapshot is too old', 'Look whether its place can be reached.'] as Shown,
  drillRed: (reason: string): Shown => ['The last snapshot did not stand its test', reason],
}
