/** Text that any client of an account may have chosen: nothing in it may repaint the terminal. */
export function forTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
}

export function counted(files: number): string {
  return `${files} ${files === 1 ? 'file' : 'files'}`
}
