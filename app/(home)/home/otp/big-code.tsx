/** `123456` → `123 456`, easier to read off and type. */
export function BigCode({ code }: { code: string }) {
  const half = Math.ceil(code.length / 2)
  return (
    <span className="whitespace-nowrap font-mono text-xl tabular-nums sm:text-2xl sm:tracking-wider">
      {code.slice(0, half)} {code.slice(half)}
    </span>
  )
}
