import { NothingHere } from '#app/_components/nothing-here.tsx'

export default function HomeNotFound() {
  return <NothingHere start="/home" />
}
