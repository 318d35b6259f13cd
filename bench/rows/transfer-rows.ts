import { type Figures, figuresOf, spelled } from '#bench/support/figures.ts'
import { limitRow, type Row, ratioRow, ratioSpelled } from '#bench/support/row.ts'

const mebibyte = 1024 * 1024

/** One transfer: seconds it took, and processor seconds the server used for it. */
export type Sample = { seconds: number; cpu: number }

/** Ours, and the bare server: piping to a file, the same synced, the same synced and hashed; and from a file. */
export type Round = Record<
  'upload' | 'bareUpload' | 'syncedUpload' | 'hashedUpload' | 'download' | 'bareDownload',
  Sample
>

/** Resident bytes: before the first transfer, and at most during them. */
export type Peaks = { idle: number; uploads: number; downloads: number }

export function transferRows(results: Round[], peaks: Peaks): Row[] {
  const ratio = (bare: keyof Round, ours: keyof Round) =>
    figuresOf(results.map((round) => round[bare].seconds / round[ours].seconds))
  const told = (name: keyof Round) => {
    const column = (field: keyof Sample): Figures => figuresOf(results.map((round) => round[name][field]))
    return `${spelled(column('seconds'))} s (CPU ${column('cpu').median.toFixed(2)} s)`
  }
  const information = (work: string, bare: keyof Round): Row => ({
    work,
    budget: 'information',
    measured: ratioSpelled(ratio(bare, 'upload')),
    pass: null,
    detail: `bare ${told(bare)}`,
  })
  const growth = (what: 'uploads' | 'downloads') =>
    limitRow({
      work: `memory growth during 100 MiB ${what}`,
      figure: figuresOf([(peaks[what] - peaks.idle) / mebibyte]),
      atMost: 64,
      unit: 'MiB',
      digits: 0,
      detail: `peak RSS ${(peaks[what] / mebibyte).toFixed(0)} MiB, idle ${(peaks.idle / mebibyte).toFixed(0)} MiB`,
    })
  return [
    ratioRow({
      work: '100 MiB streaming upload (durable, hashed) against a bare pipe to a file, not synced',
      ratio: ratio('bareUpload', 'upload'),
      atLeast: 0.8,
      detail: `ours ${told('upload')}; bare ${told('bareUpload')}`,
    }),
    information('… against a bare pipe to a file and fsync', 'syncedUpload'),
    information('… against a bare pipe through SHA-256 to a file and fsync', 'hashedUpload'),
    ratioRow({
      work: '100 MiB streaming download (verified) against a bare pipe from a file',
      ratio: ratio('bareDownload', 'download'),
      atLeast: 0.8,
      detail: `ours ${told('download')}; bare ${told('bareDownload')}`,
    }),
    growth('uploads'),
    growth('downloads'),
  ]
}
