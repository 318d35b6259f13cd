const shape =
  'inline-flex min-h-9 items-center justify-center gap-1.5 rounded-lg px-3 py-1.5 text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-60'

/** Looks of buttons and links inside rows, by what they do. */
export const smallButton = {
  quiet: `${shape} border border-edge hover:border-ember hover:text-ember`,
  main: `${shape} bg-ember text-ember-ink hover:opacity-90`,
  bad: `${shape} border border-edge text-bad hover:border-bad`,
} as const
