import { NothingHere } from '#app/_components/nothing-here.tsx'

export default function AdminNotFound() {
  return <NothingHere start="/admin" />
}
