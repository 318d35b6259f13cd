import { CardPage } from '#app/_components/card-page.tsx'

type Props = { heading: string; lead: string; href?: string; link?: string }

/** Why there is no form here, and where to go instead. */
export function Message({ heading, lead, href, link }: Props) {
  return (
    <CardPage>
      <h1 className="text-2xl font-semibold tracking-tight">{heading}</h1>
      <p className="mt-3">{lead}</p>
      {href ? (
        <p className="mt-6">
          <a className="font-medium text-ember underline underline-offset-4" href={href}>
            {link}
          </a>
        </p>
      ) : null}
    </CardPage>
  )
}
